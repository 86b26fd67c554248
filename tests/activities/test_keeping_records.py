from uuid import UUID

import pytest

from activities.letters.composing import Composed
from activities.letters.previewing import RenderRequest
from activities.mailing.suppression import SuppressionRequest
from activities.rendering.rendered import TemplateFault
from schemas.activities import ControlRequest, EndRequest, TaskRequest
from schemas.events import Control
from schemas.outcomes import Enrolled
from schemas.progress import Ending, Entry, What
from schemas.suppression import Reason
from storage import controls, enrolled, enrollments, tasks
from storage.rows import EnrollmentRow
from tests.activities.world import LATER, World
from tests.builders import MONDAY

COMPLETED = Ending(name="completed", at=LATER)
TIMELINE = (Entry(at=MONDAY, what=What.ENROLLED), Entry(at=LATER, what=What.ENDED))


@pytest.fixture
def row(world: World) -> Enrolled:
    world.publish()
    return world.enrolled(world.contact())


def kept(world: World, row: Enrolled) -> EnrollmentRow:
    with world.engine.connect() as connection:
        return enrolled.get(connection, UUID(row.row))


def an_end(row: Enrolled) -> EndRequest:
    return EndRequest(row=row.row, ending=COMPLETED, rank=1000, timeline=TIMELINE)


def a_task(row: Enrolled) -> TaskRequest:
    return TaskRequest(
        row=row.row,
        step="call",
        occurrence=1,
        task="Call them",
        now=MONDAY,
        late_at=LATER,
        blocking=True,
    )


def a_command(row: Enrolled, action: str, mark: str) -> ControlRequest:
    control = {"id": mark, "at": MONDAY, "action": action, "who": "olga", "why": "asked"}
    return ControlRequest(row=row.row, control=Control.model_validate(control))


def test_an_ending_is_kept_with_its_timeline(world: World, row: Enrolled) -> None:
    ending = world.live.end_enrollment(an_end(row))

    assert ending == COMPLETED
    assert kept(world, row).ended() == COMPLETED
    assert kept(world, row).timeline == TIMELINE


def test_an_ending_on_record_before_wins(world: World, row: Enrolled) -> None:
    replied = Ending(name="replied", at=MONDAY)
    with world.engine.begin() as connection:
        enrollments.end(connection, UUID(row.row), replied, 10)

    assert world.live.end_enrollment(an_end(row)) == replied
    assert world.live.end_enrollment(an_end(row)) == replied


def test_open_tasks_close_with_the_ending(world: World, row: Enrolled) -> None:
    world.live.open_task(a_task(row))

    world.live.end_enrollment(an_end(row))

    with world.engine.connect() as connection:
        assert [task.state for task in tasks.listing(connection, state=None)] == ["closed"]


def test_a_task_is_opened_once(world: World, row: Enrolled) -> None:
    world.live.open_task(a_task(row))
    world.live.open_task(a_task(row))

    with world.engine.connect() as connection:
        (task,) = tasks.listing(connection)
    assert (task.task, task.late_at) == ("Call them", LATER)


def test_a_command_counts_once(world: World, row: Enrolled) -> None:
    world.live.record_control(a_command(row, "pause", "one"))
    world.live.record_control(a_command(row, "resume", "two"))
    world.live.record_control(a_command(row, "pause", "one"))

    assert kept(world, row).paused_at is None
    with world.engine.connect() as connection:
        given = controls.of_enrollment(connection, UUID(row.row))
    assert [one.action for one in given] == ["pause", "resume"]


def test_an_exit_is_an_ending(world: World, row: Enrolled) -> None:
    world.live.record_control(a_command(row, "exit", "one"))
    world.live.record_control(a_command(row, "exit", "one"))

    assert kept(world, row).ended() == Ending(name="stopped", at=MONDAY)


def test_a_suppression_can_be_asked_for_alone(world: World) -> None:
    contact = world.contact()
    world.suppress(contact)

    marketing = world.live.check_suppression(SuppressionRequest(contact=contact.id))
    transactional = world.live.check_suppression(
        SuppressionRequest(contact=contact.id, transactional=True)
    )

    assert (marketing, transactional) == (Reason.UNSUBSCRIBED, None)


async def test_a_mail_can_be_rendered_alone(world: World) -> None:
    version, contact = world.publish(), world.contact()

    mail = world.live.render_email(
        RenderRequest(version=version.hash, step="intro", contact=contact.id, now=MONDAY)
    )

    assert isinstance(mail, Composed)
    assert mail.rendered.text.startswith("Hi Ada,\n")
    assert await world.mails() == []


def test_a_mail_that_does_not_render_says_why(world: World) -> None:
    version, contact = world.publish(), world.contact(first_name=None)

    fault = world.live.render_email(
        RenderRequest(version=version.hash, step="intro", contact=contact.id, now=MONDAY)
    )

    assert isinstance(fault, TemplateFault)
    assert (fault.file, fault.line) == ("intro.md", 4)
