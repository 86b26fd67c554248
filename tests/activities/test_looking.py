from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from schemas.activities import LookRequest
from schemas.calendar import Duration, Unit
from schemas.conditions import Count
from schemas.outcomes import Enrolled
from storage import enrolled, events
from storage.events import NewEvent
from tests.activities.world import World

# In New York clocks went forward on Sunday 8 March 2026, at 07:00 UTC.
THURSDAY = datetime(2026, 3, 12, 14, 0, tzinfo=UTC)
"""10:00 in New York; a week before, that was 15:00 UTC."""


@pytest.fixture
def row(world: World) -> Enrolled:
    world.publish()
    return world.enrolled(world.contact(timezone="America/New_York"))


def logged_in(world: World, row: Enrolled, *moments: datetime) -> None:
    with world.engine.begin() as connection:
        contact = enrolled.get(connection, UUID(row.row)).contact_id
        for at in moments:
            new = NewEvent(
                source="api",
                natural_key=f"login {at}",
                kind="event",
                name="login",
                contact_id=contact,
                at=at,
            )
            events.record(connection, new)


def count(world: World, row: Enrolled, last: Duration | None, now: datetime = THURSDAY) -> int:
    question = Count(event="login", last=last)
    looked = world.live.look_up(LookRequest(row=row.row, questions=(question,), now=now))
    return looked.counts[question.mark]


@pytest.mark.parametrize(
    "last", [Duration(count=7, unit=Unit.DAYS), Duration(count=1, unit=Unit.WEEKS)]
)
def test_days_and_weeks_go_back_to_the_same_local_time(
    world: World, row: Enrolled, last: Duration
) -> None:
    week_ago = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)
    logged_in(world, row, week_ago, week_ago + timedelta(minutes=1))

    assert count(world, row, last) == 1


def test_hours_are_elapsed_time(world: World, row: Enrolled) -> None:
    sunday = datetime(2026, 3, 8, 16, 0, tzinfo=UTC)
    logged_in(world, row, sunday - timedelta(days=1), sunday - timedelta(hours=23))

    assert count(world, row, Duration(count=24, unit=Unit.HOURS), sunday) == 1


def test_without_a_time_all_up_to_now_counts(world: World, row: Enrolled) -> None:
    ever = datetime(2016, 3, 8, tzinfo=UTC)
    logged_in(world, row, ever, THURSDAY, THURSDAY + timedelta(minutes=1))

    assert count(world, row, None) == 2


def test_several_questions_are_answered_at_once(world: World, row: Enrolled) -> None:
    logged_in(world, row, THURSDAY)
    asked = (Count(event="login"), Count(event="click"))

    looked = world.live.look_up(LookRequest(row=row.row, questions=asked, now=THURSDAY))

    assert looked.counts == {"login": 1, "click": 0}
