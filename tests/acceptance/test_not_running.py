"""What a person is told of what does not run."""

from tests.acceptance.playing import Play
from tests.devstack.waiting import eventually


async def test_an_enrollment_that_no_worker_has_begun_is_told_from_none_at_all(play: Play) -> None:
    workflow = f"{play.desk.name}.{await play.bring_in()}"
    play.kill("worker")

    enrolled = await play.run("enroll", play.desk.name, play.address, "--wait", "0.1")
    shown = await play.run("show", workflow)

    assert (enrolled.status, enrolled.out.splitlines()[0]) == (0, f"waiting {workflow}")
    assert shown.status == 1
    assert shown.err.startswith(f"postroad: {workflow} has not begun yet: ")


async def test_a_part_of_the_stack_that_ended_is_named(play: Play) -> None:
    play.kill("worker")

    assert eventually(lambda: play.stack.fallen() != ())
    status = await play.run("dev", "status")

    assert status.status == 1
    assert status.err.startswith("postroad: worker ended: ")


async def test_an_enrollment_whose_workflow_was_terminated_has_no_next(play: Play) -> None:
    await play.enroll_and_greet()
    await play.handle.terminate("by hand")

    shown = await play.run("show", play.enrollment)
    ended = await play.run("exit", play.enrollment, "--why", "terminated by mistake")
    again = await play.run("show", play.enrollment)

    assert shown.out.startswith(f"{play.enrollment}: cut off, ")
    assert shown.out.endswith("so nothing is next: close it by `postroad exit`.\n")
    assert ended.status == 0
    assert again.out.startswith(f"{play.enrollment}: stopped, ")
