"""When the next mail of a line may go, by the rates that hold for it: pure, over what went."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from schemas.rates import Lane, Limit, Rate

_DAY = timedelta(days=1)


class Turn(NamedTuple):
    """From when on a mail may go, and over which limits it is before that."""

    at: datetime
    why: str


class Ask(NamedTuple):
    """The question of one mail before which `place` others are to go, if nobody else comes."""

    lane: Lane
    place: int
    now: datetime


def looked_up(rate: Rate, ask: Ask) -> set[int]:
    """Give the numbers of those that went which `turn_of` asks for: the first is 1."""
    limits = {limit for _, on_day in _days(rate, ask) for limit in on_day}
    places, fresh = {ask.place}, {ask.place}
    while fresh:
        fresh = {one % limit.most for one in fresh for limit in limits} - places
        places |= fresh
    known = ((limit, place) for limit in limits for place in places if place < limit.most)
    return {base for limit, place in known if (base := _base(ask, limit, place)) > 0}


def turn_of(rate: Rate, ask: Ask, went: Mapping[int, datetime]) -> Turn:
    """Give when a mail may go.

    `went` tells when those went whose numbers were asked for; of whom it says nothing, that was
    too long ago to count. A mail at t counts in the second, hour or day from t on, without the
    moment in which that is over: so no such time anywhere holds more than the limit.
    """
    return _Reckoning(rate, ask, went).turn()


class _Reckoning:
    """When each place of a line comes, each reckoned from those before it."""

    def __init__(self, rate: Rate, ask: Ask, went: Mapping[int, datetime]) -> None:
        self._ask = ask
        self._days = list(_days(rate, ask))
        self._went = went
        self._known: dict[int, datetime] = {}

    def turn(self) -> Turn:
        place, (_, today) = self._ask.place, self._days[0]
        over = (limit.words for limit in today if self._free(limit, place) > self._ask.now)
        return Turn(self._of(place), " and ".join(over))

    def _of(self, place: int) -> datetime:
        if place not in self._known:
            self._known[place] = min(
                max([start, *(self._free(limit, place) for limit in limits)])
                for start, limits in self._days
            )
        return self._known[place]

    def _free(self, limit: Limit, place: int) -> datetime:
        rounds, first = divmod(place, limit.most)
        if rounds:
            return self._of(first) + rounds * limit.within
        base = self._went.get(_base(self._ask, limit, place))
        return self._ask.now if base is None else max(self._ask.now, base + limit.within)


def _base(ask: Ask, limit: Limit, place: int) -> int:
    return ask.lane.gone + 1 + place - limit.most


def _days(rate: Rate, ask: Ask) -> Iterator[tuple[datetime, tuple[Limit, ...]]]:
    """Give from when on which limits hold: now, and on each later day of a warm-up."""
    first = ask.now if ask.lane.first_at is None else ask.lane.first_at
    today = max((ask.now - first) // _DAY, 0)
    yield ask.now, rate.limits(today)
    for day in range(today + 1, rate.warm_days + 1):
        yield first + day * _DAY, rate.limits(day)
