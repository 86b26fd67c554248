"""Places that are free go to who waits longest: moved up, and woken (language rule 39).

Each function locks the sequence's limits; let `contacts.lock` go before.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from activities.zones import UNIVERSAL, zone_table
from schemas.events import Turn
from schemas.policies import Pace
from schemas.values import cut
from storage import deliveries
from storage.entering import moves, paces, places
from storage.entering.moves import Line
from storage.entering.paces import WHOLE, Move
from storage.entering.places import Over, Place, Withdrawal
from workflows.moments.calendar import local, moment_of, start_of
from workflows.sharing.places import Taken, Waiter, moved_up

_MARK = "place-"
_PATIENCE = timedelta(minutes=10)


def keep(connection: Connection, sequence: str, pace: Pace | None, at: datetime) -> None:
    """Let a sequence's pace be this one from now on, or none, and let who waits move up by it."""
    if pace is None:
        known = paces.hold(connection, sequence)
        if known is None:
            return
        pace = Pace(zone=known.zone)
    if paces.lock(connection, sequence, pace):
        move_up(connection, sequence, at)


def give_back(connection: Connection, place: Place, over: Over, at: datetime) -> bool:
    """Record what else came of a place, and give it to who waits longest; tell whether it did."""
    is_news = places.give_back(connection, place, over, at)
    if is_news:
        move_up(connection, place.sequence, at)
    return is_news


def withdraw(connection: Connection, place: Place, called_off: Withdrawal) -> bool:
    """Do so with a start that somebody calls off."""
    is_news = places.withdraw(connection, place, called_off)
    if is_news:
        move_up(connection, place.sequence, called_off.at)
    return is_news


def move_up(connection: Connection, sequence: str, at: datetime) -> None:
    """Give what is free from today on to those who wait for later days, and wake them."""
    pace = paces.hold(connection, sequence)
    if pace is None:
        return
    today = day_at(pace, at)
    line = {one.id: one for one in moves.line(connection, sequence, today)}
    waiters = [Waiter(one.id, one.owner, one.day) for one in line.values()]
    taken = _taken(connection, sequence, today) if waiters else Taken(Counter(), Counter())
    moved = moved_up(pace, taken, waiters, today)
    by_day: dict[date, list[Line]] = defaultdict(list)
    for mark, day in sorted(moved.items()):
        by_day[day].append(line[mark])
    for day, lines in by_day.items():
        opens_at = max(midnight(pace, day), cut(at)) if day == today else midnight(pace, day)
        why = f"{most(pace, sequence)}: {place_on(day, today)}, moved up"
        moves.put(connection, [one.id for one in lines], day, opens_at, why)
        _wake(connection, lines, day, at, why)
    changes = [Move(line[mark].owner, line[mark].day, day) for mark, day in moved.items()]
    paces.recount(connection, sequence, changes)


def call_overdue(connection: Connection, now: datetime) -> None:
    """Wake, once each, who should have come for some minutes: who runs no more is found by it."""
    for one in moves.call_overdue(connection, now - _PATIENCE, now):
        turn = Turn(id=f"{_MARK}{one.id}-late", at=now, held=True, why="its day has come")
        deliveries.enqueue(connection, one.workflow_id, turn)


def waiting_of(connection: Connection, told: Iterable[Turn]) -> list[tuple[Place, Turn]]:
    """Give the places of those who were told of them and wait still."""
    ids = {int(one.id.split("-")[1]): one for one in told if one.id.startswith(_MARK)}
    return [(one, ids[one.id]) for one in places.waiting(connection, ids)] if ids else []


def day_at(pace: Pace, now: datetime) -> date:
    """Give what day it is where a pace counts its days."""
    return local(now, zone_table(pace.zone, UNIVERSAL, now)).date()


def midnight(pace: Pace, day: date) -> datetime:
    """Give when a day begins where a pace counts its days."""
    noon = datetime.combine(day, _NOON)
    return moment_of(start_of(day), zone_table(pace.zone, UNIVERSAL, noon))


def most(pace: Pace, sequence: str, *, of_owner: bool = False) -> str:
    """Say how many may enter a day, in all if that is limited and not asked of one owner."""
    if pace.per_day is None and pace.per_owner is None:
        return f"everybody may enter {sequence}"
    of_owner = of_owner or pace.per_day is None
    many = f"{pace.per_owner} a day of one owner" if of_owner else f"{pace.per_day} a day"
    return f"{many} may enter {sequence}"


def place_on(day: date, today: date) -> str:
    """Say on which day somebody has a place."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"its place is on {day:%a} {day.day} {day:%b}{year}"


def _taken(connection: Connection, sequence: str, today: date) -> Taken:
    counted = paces.taken(connection, sequence, today)
    whole = {day: number for (share, day), number in counted.items() if share == WHOLE}
    owners = {at: number for at, number in counted.items() if at[0] != WHOLE}
    return Taken(Counter(whole), Counter(owners))


def _wake(connection: Connection, lines: list[Line], day: date, at: datetime, why: str) -> None:
    told = [
        (one.workflow_id, Turn(id=f"{_MARK}{one.id}-{day}", at=cut(at), held=True, why=why))
        for one in lines
    ]
    deliveries.enqueue_all(connection, told)


_NOON = time(12, tzinfo=UTC)
