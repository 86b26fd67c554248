"""How many enter a sequence a day: counted by days, the full ones kept in runs, by shares.

A share is the whole sequence's, or one owner's. Runs make the next day with room one look-up,
however many are full.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Date, bindparam, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from schemas.policies import Pace
from schemas.values import Value
from storage.rows import shaped_or_none
from storage.schema.pace_tables import full_days, paces, place_days

WHOLE = "*"
"""The share of all who enter a sequence; an owner's is the owner's address, if there is one."""

_DAY = timedelta(days=1)


class Free(Value):
    """The first day with room, and which share was full on the day asked for, if one was."""

    day: date
    full: str | None = None


class Move(NamedTuple):
    """Somebody of an owner's share enters on the day `to`, not on `day`."""

    owner: str
    day: date
    to: date


class _Share(NamedTuple):
    sequence: str
    share: str


def hold(connection: Connection, sequence: str) -> Pace | None:
    """Let nobody else count in a sequence till the commit; give its limits, if it ever had any."""
    found = select(paces.c.per_day, paces.c.per_owner, paces.c.zone)
    found = found.where(paces.c.sequence == sequence).with_for_update()
    return shaped_or_none(Pace, connection.execute(found).mappings().first())


def lock(connection: Connection, sequence: str, pace: Pace) -> bool:
    """Do so, its limits being these from now on; tell whether they are others than before."""
    made = insert(paces).values(sequence=sequence, **pace.model_dump()).on_conflict_do_nothing()
    is_new = connection.execute(made).rowcount > 0
    if is_new or hold(connection, sequence) == pace:
        return is_new
    changed = update(paces).where(paces.c.sequence == sequence).values(**pace.model_dump())
    connection.execute(changed)
    find_runs(connection, sequence)
    return True


def first_free(connection: Connection, sequence: str, owner: str, day: date) -> Free:
    """Give the first day from `day` on with room in all and of the owner."""
    whole, own = _after_full(connection, sequence, owner, day)
    full = WHOLE if whole > day else owner if own > day else None
    while (free := max(whole, own)) > day:
        day = free
        whole, own = _after_full(connection, sequence, owner, day)
    return Free(day=day, full=full)


def count(connection: Connection, sequence: str, owner: str, day: date) -> None:
    """Count one more who enters on a day."""
    _shift(connection, sequence, {(WHOLE, day): 1, (owner, day): 1})


def uncount(connection: Connection, sequence: str, owner: str, day: date) -> None:
    """Count one less: a place is given back."""
    _shift(connection, sequence, {(WHOLE, day): -1, (owner, day): -1})


def recount(connection: Connection, sequence: str, moves: Iterable[Move]) -> None:
    """Count those who enter on another day than before."""
    changes: Counter[tuple[str, date]] = Counter()
    for move in moves:
        for share in (WHOLE, move.owner):
            changes[share, move.day] -= 1
            changes[share, move.to] += 1
    _shift(connection, sequence, {at: by for at, by in changes.items() if by})


def taken(connection: Connection, sequence: str, since: date) -> dict[tuple[str, date], int]:
    """Give how many places are taken from a day on, by share and day."""
    found = select(place_days.c.share, place_days.c.day, place_days.c.taken).where(
        place_days.c.sequence == sequence, place_days.c.day >= since, place_days.c.taken > 0
    )
    return {(share, day): number for share, day, number in connection.execute(found)}


def find_runs(connection: Connection, sequence: str) -> None:
    """Find a sequence's full days anew, from what is counted and what its limits are now."""
    connection.execute(delete(full_days).where(full_days.c.sequence == sequence))
    connection.execute(_FULL_DAYS, {"sequence": sequence, "whole": WHOLE})


def _shift(connection: Connection, sequence: str, changes: Mapping[tuple[str, date], int]) -> None:
    pace = hold(connection, sequence)
    if pace is None:
        raise LookupError(f"Nobody has a place in {sequence}.")
    for (share, day), by in changes.items():
        limit = pace.per_day if share == WHOLE else pace.per_owner
        one, now = _Share(sequence, share), _counted(connection, _Share(sequence, share), day, by)
        if limit is not None and now - by < limit <= now:
            _fill(connection, one, day)
        elif limit is not None and now < limit <= now - by:
            _open(connection, one, day)


def _after_full(connection: Connection, sequence: str, owner: str, day: date) -> tuple[date, date]:
    asked = {"sequence": sequence, "whole": WHOLE, "owner": owner, "day": day}
    whole, own = (
        day if last is None or last < day else last + _DAY
        for last in connection.execute(_RUNS_AROUND, asked).one()
    )
    return whole, own


def _counted(connection: Connection, share: _Share, day: date, by: int) -> int:
    there = insert(place_days).values(**share._asdict(), day=day, taken=0)
    connection.execute(there.on_conflict_do_nothing())
    counted = (
        update(place_days)
        .where(
            place_days.c.sequence == share.sequence,
            place_days.c.share == share.share,
            place_days.c.day == day,
        )
        .values(taken=place_days.c.taken + by)
    )
    now: int = connection.execute(counted.returning(place_days.c.taken)).scalar_one()
    return now


def _fill(connection: Connection, share: _Share, day: date) -> None:
    beside = (full_days.c.last_day == day - _DAY) | (full_days.c.first_day == day + _DAY)
    runs = _taken_out(connection, share, beside)
    first, last = min([day, *(run[0] for run in runs)]), max([day, *(run[1] for run in runs)])
    _put_in(connection, share, first, last)


def _open(connection: Connection, share: _Share, day: date) -> None:
    around = (full_days.c.first_day <= day) & (full_days.c.last_day >= day)
    for first, last in _taken_out(connection, share, around):
        _put_in(connection, share, first, day - _DAY)
        _put_in(connection, share, day + _DAY, last)


def _taken_out(
    connection: Connection, share: _Share, which: ColumnElement[bool]
) -> list[tuple[date, date]]:
    out = (
        delete(full_days)
        .where(full_days.c.sequence == share.sequence, full_days.c.share == share.share, which)
        .returning(full_days.c.first_day, full_days.c.last_day)
    )
    return [(first, last) for first, last in connection.execute(out)]


def _put_in(connection: Connection, share: _Share, first: date, last: date) -> None:
    if first <= last:
        run = insert(full_days).values(**share._asdict(), first_day=first, last_day=last)
        connection.execute(run)


_RUNS_AROUND = text(
    """
    SELECT (SELECT last_day FROM full_days
            WHERE sequence = :sequence AND share = :whole AND first_day <= :day
            ORDER BY first_day DESC LIMIT 1),
           (SELECT last_day FROM full_days
            WHERE sequence = :sequence AND share = :owner AND first_day <= :day
            ORDER BY first_day DESC LIMIT 1)
    """
).bindparams(bindparam("day", type_=Date))
# Days that follow one another stay as far apart from their numbers.
_FULL_DAYS = text(
    """
    INSERT INTO full_days (sequence, share, first_day, last_day)
    SELECT sequence, share, min(day), max(day)
    FROM (
        SELECT sequence, share, day,
               day - (row_number() OVER (PARTITION BY share ORDER BY day))::integer AS island
        FROM place_days JOIN paces USING (sequence)
        WHERE sequence = :sequence
          AND taken >= CASE share WHEN :whole THEN per_day ELSE per_owner END
    ) AS full_ones
    GROUP BY sequence, share, island
    """
)
