from datetime import timedelta
from uuid import UUID

import pytest
from pydantic import JsonValue
from sqlalchemy import select

from schemas.activities import HandOffRequest, TaskRequest
from schemas.conditions import Comparison, Constant, Fact
from schemas.contact import Contact
from schemas.enrollment import EnrollmentStart
from schemas.outcomes import Enrolled, HandedOff, Refused, Waiting
from schemas.progress import Ending
from schemas.sequence import Sequence
from storage import enrolled, enrollments, tasks
from storage.rows import EnrollmentRow
from storage.schema.outgoing_tables import notices
from tests.activities.world import LATER, VP, WELCOME, World
from tests.builders import MONDAY, a_sequence, an_email

PRIORITY = WELCOME.model_copy(update={"name": "priority", "re_enroll": "never"})


def hand_off(world: World, row: Enrolled, to: str = "priority") -> HandedOff | Refused:
    return world.live.hand_off(HandOffRequest(row=row.row, step="go", to=to, now=LATER))


def on_record(world: World, ref: str) -> EnrollmentRow:
    with world.engine.connect() as connection:
        row = enrolled.find(connection, ref)
    assert row is not None
    return row


def begun(world: World, contact: Contact) -> Enrolled | Refused | Waiting:
    return world.begin(EnrollmentStart(sequence="priority", contact=contact.id))


def a_parent(world: World, to: Sequence = PRIORITY) -> tuple[Contact, Enrolled]:
    world.publish()
    world.publish(to)
    contact = world.contact()
    return contact, world.enrolled(contact)


def test_a_hand_off_ends_one_enrollment_and_reserves_the_other(world: World) -> None:
    contact, parent = a_parent(world)

    answer = hand_off(world, parent)

    assert answer == HandedOff(workflow_id=f"priority.{contact.id}")
    assert on_record(world, parent.row).ended() == Ending(name="handed_off", at=LATER)
    reserved = on_record(world, f"priority.{contact.id}")
    assert reserved.run_id is None
    assert reserved.parent == UUID(parent.row)
    assert reserved.ended_at is None


def test_asked_again_it_gives_the_same_answer(world: World) -> None:
    _, parent = a_parent(world)

    assert hand_off(world, parent) == hand_off(world, parent)


def test_the_other_enrollment_begins_at_the_moment_of_the_hand_off(world: World) -> None:
    contact, parent = a_parent(world)
    hand_off(world, parent)

    child = world.enrolled(contact, "priority")

    assert child.at == LATER
    assert on_record(world, child.row).run_id == "run-1"


async def test_the_other_enrollment_knows_the_last_marketing_mail(world: World) -> None:
    contact, parent = a_parent(world)
    await world.send(parent, now=MONDAY + timedelta(hours=1))
    hand_off(world, parent)

    assert world.enrolled(contact, "priority").last_marketing_at == MONDAY + timedelta(hours=1)


def test_an_exit_that_comes_before_it_begins_is_the_end_of_it(world: World) -> None:
    contact, parent = a_parent(world)
    hand_off(world, parent)
    reserved = on_record(world, f"priority.{contact.id}")
    with world.engine.begin() as connection:
        enrollments.end(connection, reserved.id, Ending(name="replied", at=LATER), 10)

    first = begun(world, contact)
    again = begun(world, contact)

    assert isinstance(first, Refused)
    assert first.reason == "replied"
    assert again == first
    assert on_record(world, str(reserved.id)).closed_wall is not None


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (PRIORITY.model_copy(update={"name": "else"}), "unknown_sequence"),
        (a_sequence(an_email("intro"), name="priority", audience=VP), "audience"),
    ],
    ids=["unknown", "audience"],
)
def test_a_refused_hand_off_changes_nothing(world: World, other: Sequence, reason: str) -> None:
    _, parent = a_parent(world, other)

    answer = hand_off(world, parent)

    assert isinstance(answer, Refused)
    assert answer.reason == reason
    assert on_record(world, parent.row).ended_at is None


def test_who_is_in_the_other_sequence_already_stays_in_this_one(world: World) -> None:
    contact, parent = a_parent(world)
    world.enrolled(contact, "priority")

    answer = hand_off(world, parent)

    assert isinstance(answer, Refused)
    assert answer.reason == "already_enrolled"
    assert on_record(world, parent.row).ended_at is None


def test_who_may_not_enroll_again_is_not_handed_over(world: World) -> None:
    contact, parent = a_parent(world)
    before = world.enrolled(contact, "priority")
    with world.engine.begin() as connection:
        enrollments.end(connection, UUID(before.row), Ending(name="completed", at=MONDAY), 1000)

    answer = hand_off(world, parent)

    assert isinstance(answer, Refused)
    assert answer.reason == "re_enroll"


def test_the_other_audience_may_ask_for_the_data(world: World) -> None:
    paid = Comparison(by="eq", left=Fact(of="data", path="plan"), right=Constant(value="paid"))
    _, parent = a_parent(world, a_sequence(an_email("intro"), name="priority", audience=paid))

    request = HandOffRequest(
        row=parent.row, step="go", to="priority", now=LATER, data={"plan": "paid"}
    )

    assert isinstance(world.live.hand_off(request), HandedOff)


def test_an_enrollment_that_has_ended_is_not_handed_over(world: World) -> None:
    contact, parent = a_parent(world)
    with world.engine.begin() as connection:
        enrollments.end(connection, UUID(parent.row), Ending(name="replied", at=MONDAY), 10)

    answer = hand_off(world, parent)

    assert isinstance(answer, Refused)
    assert answer.reason == "ended"
    assert on_record(world, parent.row).ending == "replied"
    with world.engine.connect() as connection:
        assert enrolled.live_of(connection, contact.id) == []


def test_open_tasks_close_with_the_enrollment(world: World) -> None:
    _, parent = a_parent(world)
    world.live.open_task(
        TaskRequest(
            row=parent.row,
            step="call",
            occurrence=1,
            task="Call",
            now=MONDAY,
            late_at=None,
            blocking=False,
        )
    )

    hand_off(world, parent)

    with world.engine.connect() as connection:
        assert tasks.listing(connection, state="open") == []


def notices_of(world: World) -> list[dict[str, JsonValue]]:
    with world.engine.connect() as connection:
        return list(connection.scalars(select(notices.c.payload)))


def test_the_owner_is_told_once_that_a_hand_off_was_refused(world: World) -> None:
    contact, parent = a_parent(world, PRIORITY.model_copy(update={"audience": VP}))

    for _ in range(2):
        hand_off(world, parent)

    [told] = notices_of(world)
    assert told["subject"] == (
        "Not handed over to priority: the contact is not in the audience of priority, "
        'which asks contact.role == "vp" (Ada)'
    )
    assert f"`postroad enroll priority {contact.id}`" in str(told["text"])


def test_of_a_hand_off_that_was_done_nobody_is_told(world: World) -> None:
    _, parent = a_parent(world)

    hand_off(world, parent)

    assert notices_of(world) == []


def test_of_a_hand_off_refused_after_the_ending_nobody_is_told(world: World) -> None:
    _, parent = a_parent(world)
    world.ended(parent)

    assert isinstance(hand_off(world, parent), Refused)
    assert notices_of(world) == []
