"""Who moves up when places are free (language rule 39)."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas.policies import Pace
from workflows.sharing.places import Taken, Waiter, moved_up

TODAY = date(2026, 3, 2)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def taken_by(waiters: list[Waiter]) -> Taken:
    return Taken(
        Counter(one.day for one in waiters), Counter((one.owner, one.day) for one in waiters)
    )


def line(*days: int, owners: str = "") -> list[Waiter]:
    given = owners or "a" * len(days)
    return [
        Waiter(number, owner, day(ahead))
        for number, (ahead, owner) in enumerate(zip(days, given, strict=True))
    ]


def test_nobody_moves_where_there_is_no_room() -> None:
    waiters = line(0, 1, 2)

    assert moved_up(Pace(per_day=1), taken_by(waiters), waiters, TODAY) == {}


def test_one_free_place_moves_up_one_a_day() -> None:
    waiters = line(1, 2, 3)

    moves = moved_up(Pace(per_day=1), taken_by(waiters), waiters, TODAY)

    assert moves == {0: day(0), 1: day(1), 2: day(2)}


def test_the_oldest_goes_first_though_another_s_day_is_nearer() -> None:
    waiters = line(4, 2)

    assert moved_up(Pace(per_day=1), taken_by(waiters), waiters, TODAY)[0] == day(0)


def test_without_limits_all_go_today() -> None:
    waiters = line(1, 5, 300)

    moves = moved_up(Pace(), taken_by(waiters), waiters, TODAY)

    assert moves == dict.fromkeys(range(3), TODAY)


def test_who_has_no_room_with_the_owner_lets_others_go() -> None:
    waiters = line(0, 1, 1, 2, owners="abab")

    moves = moved_up(Pace(per_day=2, per_owner=1), taken_by(waiters), waiters, TODAY)

    assert moves == {1: day(0), 3: day(1)}


def test_who_has_entered_takes_up_room() -> None:
    waiters = line(1)
    taken = taken_by(waiters)
    taken.whole[TODAY] = 1

    assert moved_up(Pace(per_day=1), taken, waiters, TODAY) == {}


LINES = st.lists(st.tuples(st.integers(0, 6), st.sampled_from("abc")), max_size=25)
LIMITS = st.none() | st.integers(1, 4)


@given(who=LINES, per_day=LIMITS, per_owner=LIMITS)
def test_no_place_that_could_be_used_is_left_and_nobody_goes_later(
    who: list[tuple[int, str]], per_day: int | None, per_owner: int | None
) -> None:
    pace = Pace(per_day=per_day, per_owner=per_owner)
    before = [Waiter(number, owner, day(ahead)) for number, (ahead, owner) in enumerate(who)]
    old = taken_by(before)

    moves = moved_up(pace, taken_by(before), before, TODAY)

    after = [one._replace(day=moves.get(one.id, one.day)) for one in before]
    new = taken_by(after)
    most, of_owner = pace.per_day or 100, pace.per_owner or 100
    for was, now in zip(before, after, strict=True):
        assert now.day <= was.day
        for ahead in range((now.day - TODAY).days):
            on = day(ahead)
            assert new.whole[on] >= most or new.of_owner[now.owner, on] >= of_owner
    assert all(count <= max(most, old.whole[on]) for on, count in new.whole.items())
    assert all(count <= max(of_owner, old.of_owner[at]) for at, count in new.of_owner.items())
