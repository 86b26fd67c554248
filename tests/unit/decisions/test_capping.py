"""Whether there is room under a cap, and when (language rule 29)."""

from datetime import datetime, timedelta

import pytest

from schemas.calendar import Window
from schemas.outcomes import Deferred
from schemas.policies import Caps
from schemas.sequence import Sequence
from tests.builders import MONDAY, OFFICE, a_sequence, a_zone, an_email, days
from tests.unit.decisions.living import at
from workflows.deciding.variants import spread_minutes
from workflows.sharing.capping import (
    Ask,
    Place,
    Reserved,
    Traffic,
    has_room,
    opener,
    priority_of,
    put_off,
)

ZONE = a_zone()
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
ALWAYS, IN_OFFICE = a_sequence(an_email("m")), a_sequence(an_email("m"), window=OFFICE)
DAILY = Caps(per_day=1)


def asked(
    caps: Caps,
    now: datetime,
    *gone: datetime,
    waiting: tuple[Reserved, ...] = (),
    sequence: Sequence = ALWAYS,
    contact: str = "",
) -> Deferred | None:
    place = Place(0, now, now, "m")
    traffic = Traffic(gone, waiting)
    if has_room(caps, traffic, place, now):
        return None
    return put_off(caps, traffic, Ask(place, now, ZONE, opener(sequence, "m", contact, ZONE)))


def until(*given: object, **more: object) -> datetime:
    deferred = asked(*given, **more)  # type: ignore[arg-type]  # as they are given
    assert deferred is not None
    return deferred.until


def reserved(moment: datetime, priority: int = 1, give_up: timedelta = 7 * DAY) -> Reserved:
    return Reserved(Place(priority, MONDAY, MONDAY, "other"), moment, MONDAY + give_up)


def test_a_mail_takes_up_room_for_the_24_hours_from_its_minute_on() -> None:
    assert asked(DAILY, MONDAY + DAY - MINUTE, MONDAY) is not None
    assert asked(DAILY, MONDAY + DAY, MONDAY) is None
    assert until(DAILY, MONDAY, MONDAY) == MONDAY + DAY


def test_several_a_day_have_room_when_the_first_of_them_is_a_day_ago() -> None:
    gone = MONDAY, MONDAY + HOUR, MONDAY + 2 * HOUR

    assert until(Caps(per_day=3), MONDAY + 3 * HOUR, *gone) == MONDAY + DAY
    assert until(Caps(per_day=2), MONDAY + 3 * HOUR, *gone) == MONDAY + DAY + HOUR


def test_the_cap_of_a_week_holds_beside_that_of_a_day() -> None:
    both = Caps(per_day=1, per_week=2)

    deferred = asked(both, MONDAY + 2 * DAY, MONDAY, MONDAY + DAY + HOUR)

    assert deferred is not None
    assert deferred.until == MONDAY + 7 * DAY
    assert deferred.why == "over the cap of 1 a day and 2 a week"


def test_a_night_is_waited_for_and_the_cap_looked_at_again() -> None:
    friday = at("03-06 16:30")

    rolled = until(DAILY, at("03-06 16:45"), friday, sequence=IN_OFFICE)

    assert rolled == at("03-09 09:00")


def test_a_moment_that_is_an_opening_is_spread_like_any_other() -> None:
    minutes = spread_minutes(IN_OFFICE.name, "c7", "m", IN_OFFICE.spread)

    rolled = until(DAILY, at("03-06 16:45"), at("03-06 16:30"), sequence=IN_OFFICE, contact="c7")
    within = until(DAILY, at("03-04 16:45"), at("03-04 16:30"), sequence=IN_OFFICE, contact="c7")

    assert minutes > 0
    assert rolled == at("03-09 09:00") + minutes * MINUTE
    assert within == at("03-05 16:30")


def test_a_window_that_never_opens_again_leads_to_giving_up() -> None:
    closed = a_sequence(an_email("m"), window=Window(days=(0,), ranges=((540, 541),)))
    shut = closed.model_copy(
        update={
            "window": Window(
                days=(0,),
                ranges=((540, 541),),
                holidays=tuple((at("03-02 10:00") + n * DAY).date() for n in range(500)),
            )
        }
    )

    deferred = asked(DAILY, MONDAY, MONDAY - HOUR, sequence=shut)

    assert deferred is not None
    assert deferred.until > deferred.give_up_at


def test_room_that_a_mail_of_higher_priority_has_reserved_is_not_taken() -> None:
    ahead = reserved(MONDAY + 5 * HOUR)

    deferred = asked(DAILY, MONDAY, waiting=(ahead,))

    assert deferred is not None
    assert deferred.until == MONDAY + 5 * HOUR + DAY
    assert deferred.why == "over the cap of 1 a day, with the mails that go before it"


@pytest.mark.parametrize(
    "other",
    [
        reserved(MONDAY + 5 * HOUR, priority=-1),
        reserved(MONDAY - MINUTE),
        reserved(MONDAY + 8 * DAY),
        reserved(MONDAY + DAY),
    ],
    ids=["goes after", "did not come", "will be given up", "is far enough"],
)
def test_other_reservations_take_no_room(other: Reserved) -> None:
    assert asked(DAILY, MONDAY, waiting=(other,)) is None


def test_it_is_given_up_so_many_local_days_after_it_was_first_put_off() -> None:
    caps = Caps(per_day=1, defer_up_to=days(7))
    place = Place(0, MONDAY, MONDAY - 2 * DAY, "m")
    ask = Ask(place, MONDAY, ZONE, opener(ALWAYS, "m", "", ZONE))

    # Clocks are put forward on Sunday, 8 March.
    assert put_off(caps, Traffic((MONDAY,)), ask).give_up_at == MONDAY + 5 * DAY
    late = place._replace(since=MONDAY)
    expected = MONDAY + 7 * DAY - HOUR
    assert put_off(caps, Traffic((MONDAY,)), ask._replace(place=late)).give_up_at == expected


def test_a_sequence_without_turns_has_priority_0() -> None:
    assert priority_of(ALWAYS) == 0
