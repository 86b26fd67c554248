"""When the next mail of a line may go."""

from bisect import bisect_right
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.rates import Lane, Rate, WarmUp
from tests.builders import MONDAY
from workflows.sharing.lanes import Ask, Turn, looked_up, turn_of

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


class Line:
    """A line in memory, and who waits in it: what PostgreSQL keeps."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self.went: list[datetime] = []
        self.waiting: dict[int, datetime] = {}
        self.asks = 0

    def ask(self, mail: int, now: datetime) -> datetime | None:
        """Let a mail ask; None if it goes."""
        self.asks += 1
        kept = self.waiting.get(mail)
        before = [one for one in self.waiting if one < mail or kept is None]
        place = 0 if kept is not None and kept <= now else len(before)
        if self.turn(place, now).at <= now:
            self.went.append(now)
            self.waiting.pop(mail, None)
            return None
        self.waiting[mail] = self.turn(len(before), now).at
        return self.waiting[mail]

    def turn(self, place: int, now: datetime) -> Turn:
        lane = Lane("sender", len(self.went), self.went[0] if self.went else None)
        ask = Ask(lane, place, now)
        known = {number: self.went[number - 1] for number in looked_up(self.rate, ask)}
        return turn_of(self.rate, ask, known)

    def at_once(self, most: timedelta) -> int:
        """Give how many went at most within a time, wherever it begins."""
        return max(
            place + 1 - bisect_right(self.went, at - most) for place, at in enumerate(self.went)
        )


def rushed(rate: Rate, many: int, late: list[int]) -> Line:
    """Let many ask at once, and each again when it was told, so many milliseconds late."""
    line = Line(rate)
    due = dict.fromkeys(range(many), MONDAY)
    jitter = 0
    while due:
        mail = min(due, key=lambda one: (due[one], one))
        now = due.pop(mail)
        told = line.ask(mail, max([now, *line.went[-1:]]))
        if told is not None:
            jitter += 1
            due[mail] = told + timedelta(milliseconds=late[jitter % len(late)])
    return line


def test_without_a_limit_all_go_at_once() -> None:
    line = rushed(Rate(), 20, [0])

    assert line.went == [MONDAY] * 20


def test_each_has_a_moment_of_its_own_line_and_asks_once_more() -> None:
    line = rushed(Rate(per_second=5), 100, [0])

    assert line.went == [MONDAY + (one // 5) * SECOND for one in range(100)]
    assert line.asks == 5 + 2 * 95


@given(
    st.integers(1, 6),
    st.integers(1, 40),
    st.integers(1, 80),
    st.lists(st.integers(0, 900), min_size=1, max_size=7),
)
def test_no_second_and_no_hour_ever_holds_more_and_everybody_goes(
    second: int, hour: int, many: int, late: list[int]
) -> None:
    line = rushed(Rate(per_second=second, per_hour=hour), many, late)

    assert len(line.went) == many
    assert line.at_once(SECOND) <= second
    assert line.at_once(HOUR) <= hour
    assert line.waiting == {}


@given(st.integers(1, 5), st.lists(st.integers(0, 300), min_size=1, max_size=7))
def test_who_comes_late_asks_a_few_times_and_does_not_poll(second: int, late: list[int]) -> None:
    line = rushed(Rate(per_second=second), 200, late)

    assert line.asks <= 200 * 8


def test_after_an_outage_those_whose_moment_has_passed_keep_their_order() -> None:
    line = Line(Rate(per_second=1))
    for mail in range(10):
        line.ask(mail, MONDAY)

    later = MONDAY + HOUR
    told = {mail: line.ask(mail, later) for mail in (9, 5, 7, 1, 2, 3, 4, 6, 8)}

    assert told[9] is None
    waiting = sorted((moment, mail) for mail, moment in told.items() if moment is not None)
    assert [mail for _, mail in waiting] == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(("day", "most"), [(0, 50), (1, 100), (2, 200), (3, 250), (9, 250)])
def test_a_new_sender_warms_up_by_the_day(day: int, most: int) -> None:
    rate = Rate(per_day=250, warm_up=WarmUp(first=50, times=2))

    (limit,) = rate.limits(day)

    assert (limit.most, limit.within) == (most, DAY)
    assert rate.warm_days == 3


def test_who_has_no_place_on_the_first_day_gets_one_on_the_next() -> None:
    rate = Rate(per_day=250, warm_up=WarmUp(first=50, times=2))
    line = rushed(rate, 500, [0])

    days = [(one - MONDAY) // DAY for one in line.went]
    assert [days.count(day) for day in range(5)] == [50, 100, 200, 150, 0]


def test_it_says_over_which_limits_a_mail_is() -> None:
    line = Line(Rate(per_second=1, per_day=2, warm_up=WarmUp(first=1, times=2)))
    line.ask(1, MONDAY)

    assert line.turn(0, MONDAY).why == "1 a second and 1 a day while it warms up"


def test_a_warm_up_is_at_its_full_rate_after_a_year_at_the_latest() -> None:
    rate = Rate(per_day=10**9, warm_up=WarmUp(first=1, times=1.0001))

    assert rate.warm_days == 366
