"""Who moves up when places of a day are free: whoever waits longest (language rule 39)."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from datetime import date, timedelta
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from schemas.policies import Pace

_DAY = timedelta(days=1)


class Waiter(NamedTuple):
    """Somebody who has a place on a later day; the lower `id` has waited longer."""

    id: int
    owner: str
    day: date


class Taken(NamedTuple):
    """How many places are taken by days, in all and of each owner."""

    whole: Counter[date]
    of_owner: Counter[tuple[str, date]]

    def has_room(self, pace: Pace, day: date, owner: str | None = None) -> bool:
        """Tell whether a day has room in all, and of an owner if one is named."""
        if pace.per_day is not None and self.whole[day] >= pace.per_day:
            return False
        if owner is None or pace.per_owner is None:
            return True
        return self.of_owner[owner, day] < pace.per_owner

    def move(self, one: Waiter, day: date) -> None:
        """Count somebody on another day."""
        for at, by in ((one.day, -1), (day, 1)):
            self.whole[at] += by
            self.of_owner[one.owner, at] += by


_Lines = dict[str, deque[Waiter]]


def moved_up(pace: Pace, taken: Taken, waiters: Iterable[Waiter], today: date) -> dict[int, date]:
    """Give the new days of those who move up: into each day with room goes who waits longest.

    Nobody's day comes later, and no room is left that anybody could have used. `taken` is
    counted on.
    """
    moves: dict[int, date] = {}
    waiting = sorted(waiters)
    lines: _Lines = defaultdict(deque)
    for one in waiting:
        lines[one.owner].append(one)
    last, day = max((one.day for one in waiting), default=today), today
    while day < last and lines:
        moves |= {one.id: day for one in _into(day, pace, taken, lines)}
        day += _DAY
    return moves


def _into(day: date, pace: Pace, taken: Taken, lines: _Lines) -> list[Waiter]:
    moved: list[Waiter] = []
    heads = _heads(lines, day) if taken.has_room(pace, day) else []
    while heads and taken.has_room(pace, day):
        _, owner = heappop(heads)
        if not taken.has_room(pace, day, owner):
            continue
        one = lines[owner].popleft()
        taken.move(one, day)
        moved.append(one)
        if (after := _head(lines, owner, day)) is not None:
            heappush(heads, (after.id, owner))
    return moved


def _heads(lines: _Lines, day: date) -> list[tuple[int, str]]:
    found = [(one.id, owner) for owner in list(lines) if (one := _head(lines, owner, day))]
    heapify(found)
    return found


def _head(lines: _Lines, owner: str, day: date) -> Waiter | None:
    # Days are looked at in their order: whose day has come moves no more.
    line = lines[owner]
    while line and line[0].day <= day:
        line.popleft()
    if not line:
        del lines[owner]
        return None
    return line[0]
