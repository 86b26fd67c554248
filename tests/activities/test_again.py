from datetime import datetime, timedelta

import pytest

from schemas.outcomes import Enrolled
from schemas.policies import Goal
from schemas.progress import Ending
from schemas.sequence import Sequence
from storage import events
from storage.events import NewEvent
from tests.activities.world import WELCOME, World, a_start
from tests.builders import MONDAY, days

WON = Goal(event="won", within=days(30))
UNLESS_GOAL = WELCOME.model_copy(update={"goals": (WON,), "unless_goal": True})
MONTHS_LATER = MONDAY + timedelta(days=120)


def _happened(world: World, contact: str, at: datetime, name: str = "won") -> None:
    event = NewEvent(
        source="api", natural_key=name, kind="event", name=name, contact_id=contact, at=at
    )
    with world.engine.begin() as connection:
        events.record(connection, event)


async def _was_in(world: World, sequence: Sequence, *, mailed: bool = True) -> str:
    world.publish(sequence)
    contact = world.contact()
    row = world.enrolled(contact)
    if mailed:
        await world.send(row)
    world.ended(row)
    return contact.id


@pytest.mark.parametrize(
    ("days_after", "is_let_in"), [(1, False), (30, False), (31, True), (-1, True)]
)
async def test_who_reached_a_goal_in_its_time_is_not_in_it_again(
    world: World, days_after: int, *, is_let_in: bool
) -> None:
    contact = await _was_in(world, UNLESS_GOAL)
    _happened(world, contact, MONDAY + timedelta(days=days_after))

    answer = world.begin(a_start(world.contact()), "run-2", MONTHS_LATER)

    assert isinstance(answer, Enrolled) is is_let_in


async def test_the_refusal_says_which_goal(world: World) -> None:
    contact = await _was_in(world, UNLESS_GOAL)
    _happened(world, contact, MONDAY + timedelta(days=1))

    answer = world.refused(a_start(world.contact()), "run-2")

    assert answer.reason == "re_enroll"
    assert answer.message == (
        "the contact was in welcome before and reached its goal won, as `unless goal` says"
    )


async def test_without_a_mail_no_event_is_a_goal(world: World) -> None:
    contact = await _was_in(world, UNLESS_GOAL, mailed=False)
    _happened(world, contact, MONDAY + timedelta(days=1))

    assert isinstance(world.begin(a_start(world.contact()), "run-2", MONTHS_LATER), Enrolled)


async def test_another_event_and_another_contact_bar_nobody(world: World) -> None:
    contact = await _was_in(world, UNLESS_GOAL)
    other = world.contact(email="bob@customer.example")
    _happened(world, contact, MONDAY + timedelta(days=1), "lost")
    _happened(world, other.id, MONDAY + timedelta(days=1))

    assert isinstance(world.begin(a_start(world.contact()), "run-2", MONTHS_LATER), Enrolled)


@pytest.mark.parametrize(
    ("won", "later", "is_let_in"), [(False, 89, False), (False, 90, True), (True, 90, False)]
)
async def test_after_a_time_and_unless_a_goal_was_reached_are_both_asked(
    world: World, later: int, *, won: bool, is_let_in: bool
) -> None:
    contact = await _was_in(world, UNLESS_GOAL.model_copy(update={"re_enroll": days(90)}))
    if won:
        _happened(world, contact, MONDAY + timedelta(days=1))

    answer = world.begin(a_start(world.contact()), "run-2", MONDAY + timedelta(days=later))

    assert isinstance(answer, Enrolled) is is_let_in


@pytest.mark.parametrize(
    ("ending", "source", "is_let_in"),
    [
        ("rescheduled", "trigger: near data.contract_end", True),
        ("rescheduled", "crm-sync", False),
        ("completed", "trigger: near data.contract_end", False),
    ],
)
async def test_a_new_cycle_hinders_the_trigger_of_its_date_in_nothing(
    world: World, ending: str, source: str, *, is_let_in: bool
) -> None:
    world.publish(WELCOME.model_copy(update={"re_enroll": "never"}))
    contact = world.contact()
    world.ended(world.enrolled(contact), Ending(name=ending, at=MONDAY))

    answer = world.begin(a_start(contact, source=source), "run-2")

    assert isinstance(answer, Enrolled) is is_let_in


def test_who_may_replace_may_enter_again_after_an_ending(world: World) -> None:
    world.publish(WELCOME.model_copy(update={"re_enroll": "replace"}))
    contact = world.contact()
    world.ended(world.enrolled(contact))

    assert isinstance(world.begin(a_start(contact), "run-2"), Enrolled)
