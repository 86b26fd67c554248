"""How many may enter a day: on real connections, many at once."""

from collections import Counter
from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, select, text

from schemas.policies import Pace
from storage.entering import paces, places
from storage.entering.places import NewPlace, Place
from storage.schema.pace_tables import full_days, place_days
from storage.schema.pace_tables import paces as limits
from storage.schema.pace_tables import places as all_places
from tests.storage.given import MONDAY
from tests.storage.rivals import Rivals

TODAY, TWO = date(2026, 3, 2), Pace(per_day=2)
OWNERS = ("ann@acme.example", "ben@acme.example", "")


def _take(connection: Connection, number: int, owner: str = "", pace: Pace = TWO) -> Place:
    paces.lock(connection, "outbound", pace)
    free = paces.first_free(connection, "outbound", owner, TODAY)
    new = NewPlace(
        workflow_id=f"outbound.c{number}",
        run_id=f"run-{number}",
        sequence="outbound",
        contact_id=f"c{number}",
        source="test",
        owner=owner,
        day=free.day,
        asked_at=MONDAY,
        why="a test",
    )
    return places.take(connection, new)


def _days_after(places_taken: list[Place]) -> list[int]:
    return [(place.day - TODAY).days for place in places_taken]


def test_the_first_day_with_room_is_given_first_come_first_served(connection: Connection) -> None:
    taken = [_take(connection, number) for number in range(5)]

    assert _days_after(taken) == [0, 0, 1, 1, 2]


def test_who_has_an_owner_whose_day_is_full_lets_others_go_first(connection: Connection) -> None:
    pace, ann, ben = Pace(per_day=3, per_owner=1), *OWNERS[:2]
    owners = [ann, ann, ben, ann, "", ""]

    taken = [_take(connection, number, owner, pace) for number, owner in enumerate(owners)]

    assert _days_after(taken) == [0, 1, 0, 2, 0, 1]


def test_it_is_told_whose_share_is_full(connection: Connection) -> None:
    pace, ann = Pace(per_day=2, per_owner=1), OWNERS[0]
    _take(connection, 1, ann, pace)
    of_owner = paces.first_free(connection, "outbound", ann, TODAY)
    _take(connection, 2, "", pace)

    assert of_owner.full == ann
    assert paces.first_free(connection, "outbound", ann, TODAY).full == paces.WHOLE
    assert paces.first_free(connection, "outbound", ann, TODAY + timedelta(days=1)).full is None


def test_a_place_given_back_is_the_next_one_given(connection: Connection) -> None:
    taken = [_take(connection, number) for number in range(6)]

    assert places.give_back(connection, taken[2], "refused", MONDAY)
    assert not places.give_back(connection, taken[2], "refused", MONDAY)

    assert _days_after([_take(connection, 6), _take(connection, 7)]) == [1, 3]


def test_higher_limits_give_room_on_days_that_were_full(connection: Connection) -> None:
    taken = [_take(connection, number) for number in range(4)]

    later = [_take(connection, number, pace=Pace(per_day=3)) for number in range(4, 8)]

    assert _days_after(taken) == [0, 0, 1, 1]
    assert _days_after(later) == [0, 1, 2, 2]


def test_lower_limits_take_nobody_s_place(connection: Connection) -> None:
    for number in range(3):
        _take(connection, number)

    assert _take(connection, 3, pace=Pace(per_day=1)).day == TODAY + timedelta(days=2)


_MOVES = st.lists(
    st.one_of(
        st.sampled_from(OWNERS),
        st.integers(0, 30),
        st.builds(
            Pace, per_day=st.none() | st.integers(1, 4), per_owner=st.none() | st.integers(1, 2)
        ),
    ),
    max_size=40,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=_MOVES)
def test_runs_of_full_days_say_what_the_counts_say(
    connection: Connection, moves: list[str | int | Pace]
) -> None:
    for table in (all_places, full_days, place_days, limits):
        connection.execute(delete(table))
    pace, taken = Pace(per_day=2, per_owner=1), list[Place]()
    for number, move in enumerate(moves):
        if isinstance(move, Pace):
            pace = move
        elif isinstance(move, int):
            if move < len(taken):
                places.give_back(connection, taken[move], "refused", MONDAY)
        else:
            expected = _by_hand(connection, pace, move)
            taken.append(_take(connection, number, move, pace))
            assert taken[-1].day == expected
    kept = connection.execute(select(full_days)).all()
    paces.find_runs(connection, "outbound")
    assert set(kept) == set(connection.execute(select(full_days)).all())


def _by_hand(connection: Connection, pace: Pace, owner: str) -> date:
    taken, day = paces.taken(connection, "outbound", TODAY), TODAY
    while taken.get((paces.WHOLE, day), 0) >= (pace.per_day or 100) or (
        taken.get((owner, day), 0) >= (pace.per_owner or 100)
    ):
        day += timedelta(days=1)
    return day


@pytest.mark.parametrize("pace", [Pace(per_day=7, per_owner=3), Pace(per_day=5)])
def test_of_many_at_once_none_is_over_the_pace_none_is_lost_and_no_gap_is_left(
    engine: Engine, rivals: Rivals, pace: Pace
) -> None:
    owners = [OWNERS[number % 3] for number in range(60)]
    many = [
        rivals.start(partial(_take, number=number, owner=owner, pace=pace))
        for number, owner in enumerate(owners)
    ]

    taken = [one.result() for one in many]

    by_day = Counter(place.day for place in taken)
    by_owner = Counter((place.owner, place.day) for place in taken)
    assert len({place.workflow_id for place in taken}) == 60
    assert max(by_day.values()) == pace.per_day
    assert max(by_owner.values()) <= (pace.per_owner or 60)
    for place in taken:
        for days in range((place.day - TODAY).days):
            before = TODAY + timedelta(days=days)
            owner_is_full = by_owner[place.owner, before] == pace.per_owner
            assert by_day[before] == pace.per_day or owner_is_full
    with engine.connect() as connection:
        assert places.queue(connection, "outbound").waiting == 60


def test_takers_and_givers_at_once_leave_the_counts_as_the_places_are(
    engine: Engine, rivals: Rivals
) -> None:
    with engine.begin() as connection:
        first = [_take(connection, number) for number in range(20)]
    giving = [
        rivals.start(partial(places.give_back, place=place, over="refused", at=MONDAY))
        for place in first[::2]
    ]
    taking = [rivals.start(partial(_take, number=number)) for number in range(20, 40)]
    for gift in giving:
        assert gift.result()
    for place in taking:
        place.result()

    with engine.begin() as connection:
        waiting = connection.execute(
            select(all_places.c.day).where(all_places.c.over.is_(None))
        ).scalars()
        days = Counter(waiting)
        counted = paces.taken(connection, "outbound", TODAY)
    assert max(days.values()) == 2
    assert {day: number for (share, day), number in counted.items() if share == paces.WHOLE} == days


def test_the_next_day_with_room_is_one_look_up_behind_a_hundred_thousand(
    connection: Connection,
) -> None:
    paces.lock(connection, "outbound", Pace(per_day=1))
    last = TODAY + timedelta(days=99_999)
    days = text(
        "INSERT INTO place_days SELECT 'outbound', '*', d::date, 1"
        " FROM generate_series(CAST(:first AS date), CAST(:last AS date), interval '1 day') AS d"
    )
    connection.execute(days, {"first": TODAY, "last": last})
    paces.find_runs(connection, "outbound")
    connection.execute(text("ANALYZE full_days"))

    free = paces.first_free(connection, "outbound", "", TODAY)

    assert free.day == last + timedelta(days=1)
    assert connection.execute(select(full_days.c.first_day)).all() == [(TODAY,)]
