"""What a person is told while no worker runs."""

from tests.acceptance.playing import Play


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

    (obituary,) = play.stack.fallen()
    status = await play.run("dev", "status")

    assert "ended with signal SIGKILL" in obituary
    assert status.status == 1
    assert status.err.startswith("postroad: worker ended: ")
