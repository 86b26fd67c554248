"""Whether a mail is over a cap, and when there is room for it: pure (language rule 29)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from schemas.calendar import ZoneTable
from schemas.outcomes import Deferred
from schemas.policies import Caps
from schemas.sequence import Sequence
from workflows.deciding.variants import spread_minutes
from workflows.moments.calendar import later
from workflows.moments.windows import is_opening, next_open

_MINUTE = timedelta(minutes=1)

Opens = Callable[[datetime], datetime | None]
"""Gives the first minute from a moment on at which a mail may go by its window and spread."""


class Place(NamedTuple):
    """A mail's place among those that want room: `mark` tells it from the others.

    Higher priority goes first, then what is due earlier, then what was put off earlier.
    """

    priority: int
    due: datetime
    since: datetime
    mark: str

    def is_before(self, other: "Place") -> bool:
        """Tell whether it goes before another mail."""
        return (-self.priority, *self[1:]) < (-other.priority, *other[1:])


class Reserved(NamedTuple):
    """A mail that waits for room, and the moment reserved for it."""

    place: Place
    until: datetime
    give_up_at: datetime


class Traffic(NamedTuple):
    """The marketing mails of one contact: when each went, and the others that wait for room."""

    gone: tuple[datetime, ...]
    waiting: tuple[Reserved, ...] = ()


class Ask(NamedTuple):
    """The question of one mail that finds no room `now`: when there is some."""

    place: Place
    now: datetime
    zone: ZoneTable
    opens: Opens


def has_room(caps: Caps, traffic: Traffic, place: Place, now: datetime) -> bool:
    """Tell whether a mail may go now.

    A mail at t takes up room in the 24 hours (7 times 24 hours) from t on, without the minute in
    which they are over. Room that is reserved for a mail which goes before is taken, too; those
    that go after are not looked at, and find out when they ask.
    """
    return _full_until(caps, _taken(traffic, place, now), now) is None


def put_off(caps: Caps, traffic: Traffic, ask: Ask) -> Deferred:
    """Give until when a mail is put off: to the first open moment at which it has room."""
    taken = _taken(traffic, ask.place, ask.now)
    at: datetime | None = ask.now
    while at is not None and (full := _full_until(caps, taken, at)) is not None:
        at = ask.opens(full)
    give_up_at = max(later(ask.place.since, caps.defer_up_to, ask.zone), ask.now)
    return Deferred(
        since=ask.place.since,
        until=at or give_up_at + _MINUTE,
        give_up_at=give_up_at,
        why=_words(caps, traffic, taken, ask.now),
    )


def opener(sequence: Sequence, step: str, contact_id: str, zone: ZoneTable) -> Opens:
    """Bring a moment into the window of a sequence, and from an opening to the step's own minute.

    As any other moment of a marketing mail by rules 3 and 11.
    """
    window = sequence.window

    def opens(moment: datetime) -> datetime | None:
        at = next_open(moment, window, zone)
        if at is None or not is_opening(at, window, zone):
            return at
        return at + spread_minutes(sequence.name, contact_id, step, sequence.spread) * _MINUTE

    return opens


def priority_of(sequence: Sequence) -> int:
    """Give the priority by which a sequence's mails go before those of others."""
    return 0 if sequence.turns is None else sequence.turns.priority


def _taken(traffic: Traffic, place: Place, now: datetime) -> list[datetime]:
    kept = (
        other.until
        for other in traffic.waiting
        if now <= other.until <= other.give_up_at and other.place.is_before(place)
    )
    return sorted([*traffic.gone, *kept])


def _full_until(caps: Caps, taken: list[datetime], at: datetime) -> datetime | None:
    found = (_full_for(most, length, taken, at) for most, length, _ in caps.limits)
    return max((until for until in found if until is not None), default=None)


def _full_for(most: int, length: timedelta, taken: list[datetime], at: datetime) -> datetime | None:
    # Also in the time before each mail that comes after: room that is reserved stays.
    ends = [at, *(one for one in taken if at < one < at + length)]
    inside = ([one for one in taken if end - length < one <= end] for end in ends)
    return max((one[-most] + length for one in inside if len(one) >= most), default=None)


def _words(caps: Caps, traffic: Traffic, taken: list[datetime], now: datetime) -> str:
    gone = sorted(traffic.gone)
    by_itself = _full_until(caps, gone, now) is not None
    mails = gone if by_itself else taken
    full = [words for most, length, words in caps.limits if _full_for(most, length, mails, now)]
    behind = "" if by_itself else ", with the mails that go before it"
    return f"over the cap of {' and '.join(full)}{behind}"
