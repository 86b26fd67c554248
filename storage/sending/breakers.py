"""Breakers on record: the counts that they go by, how they stand, and the mails that try them."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Integer,
    Interval,
    Text,
    bindparam,
    func,
    insert,
    literal,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_or

from schemas.brakes import Brake, Concern
from schemas.breakers import Counts
from schemas.values import Value
from storage.rows import Instant, shaped, shaped_or_none
from storage.schema.brake_tables import brakes, breaker_changes, breakers, probes
from storage.schema.tables import sends
from storage.sending import brakes as standing
from storage.sending.brakes import BrakeRow
from storage.sending.deferrals import MailId

MOST_COUNTED = 20_000
"""Of how many mails, the latest, rates are counted: so that a count stays short."""

Change = Literal["opened", "probing", "opened_again", "closed", "released"]

_FACTS = {
    "bounced": sends.c.hard_bounced_at,
    "complained": sends.c.complained_at,
    "turned_away": sends.c.bounced_at,
}


class BreakerRow(BrakeRow):
    """A breaker that stands: open until `next_wall`, or tried by mails of this round."""

    state: Literal["open", "probing"]
    rounds: int
    next_wall: Instant


class ChangeRow(Counts):
    """What became of a breaker at `wall`, by which counts."""

    brake: int
    change: Change
    why: str
    wall: Instant


class Tried(Value):
    """What came of the mails that try a breaker; so many `named` ones have not gone yet.

    `seconds` have passed since the first went.
    """

    counts: Counts
    pending: int
    seconds: float


def counts_of(
    connection: Connection,
    of: Concern,
    target: str,
    within: timedelta,
    most: int = MOST_COUNTED,
) -> Counts:
    """Count what came of the latest mails of a sequence or sender, since its breaker last closed.

    Each counts by when it was claimed: what comes late belongs to its own mail.
    """
    given = {"target": target, "within": within, "most": most}
    return shaped(Counts, connection.execute(_counting(of), given).mappings().one())


def stands(connection: Connection, of: Concern, target: str) -> bool:
    """Tell, without waiting for anybody, whether the breaker is open."""
    found = select(brakes.c.id).where(
        brakes.c.of == of, brakes.c.target == target, brakes.c.breaker, _ON
    )
    return connection.scalar(found) is not None


def open_up(
    connection: Connection, brake: Brake, counts: Counts, pause: timedelta
) -> BrakeRow | None:
    """Open a breaker till it is tried after a pause; None if another has just opened it."""
    made = standing.enter(connection, brake)
    if made is None:
        return None
    begins = func.now() + literal(pause)
    entry = insert(breakers).values(brake=made.id, state="open", rounds=0, next_wall=begins)
    connection.execute(entry)
    record(connection, made.id, "opened", counts, brake.why)
    return made


def record(connection: Connection, brake: int, change: Change, counts: Counts, why: str) -> None:
    """Put down what became of a breaker, and by which counts."""
    entry = insert(breaker_changes).values(
        brake=brake, change=change, why=why, **counts.model_dump()
    )
    connection.execute(entry)


def take_due(connection: Connection) -> BreakerRow | None:
    """Give a breaker to look at by now, nobody else's till the commit."""
    found = (
        select(brakes, breakers.c.state, breakers.c.rounds, breakers.c.next_wall)
        .join_from(breakers, brakes, brakes.c.id == breakers.c.brake)
        .where(breakers.c.state != "over", breakers.c.next_wall <= func.now(), _ON)
        .order_by(breakers.c.next_wall)
        .limit(1)
        .with_for_update(of=breakers, skip_locked=True)
    )
    return shaped_or_none(BreakerRow, connection.execute(found).mappings().first())


def hold(connection: Connection, of: Concern, target: str) -> None:
    """Let nobody look at a breaker till the commit, nor end its look in between."""
    found = (
        select(breakers.c.brake)
        .join_from(breakers, brakes, brakes.c.id == breakers.c.brake)
        .where(brakes.c.of == of, brakes.c.target == target, _ON)
        .with_for_update(of=breakers)
    )
    connection.execute(found)


def move(
    connection: Connection, brake: int, state: str, rounds: int, after: timedelta = timedelta()
) -> None:
    """Put down how a breaker stands, and after which time to look at it again."""
    moved = update(breakers).where(breakers.c.brake == brake)
    next_wall = func.now() + literal(after)
    connection.execute(moved.values(state=state, rounds=rounds, next_wall=next_wall))


def over(connection: Connection, brake: int) -> None:
    """Put down that nobody need look at a breaker any more."""
    connection.execute(update(breakers).where(breakers.c.brake == brake).values(state="over"))


def name_probes(connection: Connection, brake: int, mails: Collection[MailId], number: int) -> None:
    """Let mails pass a breaker, to try it."""
    rows = [
        {"brake": brake, "enrollment_id": row, "step": step, "occurrence": occurrence}
        for row, step, occurrence in mails
    ]
    if rows:
        entry = insert_or(probes).values(round=number)
        renewed = {"round": number, "wall": func.now()}
        key = ["brake", "enrollment_id", "step", "occurrence"]
        again = entry.on_conflict_do_update(index_elements=key, set_=renewed)
        connection.execute(again, rows)


def tried(connection: Connection, brake: int, number: int, fresh: timedelta) -> Tried:
    """Tell what came of a round's mails; who was named longer ago than `fresh` may never go."""
    went = (sends.c.state == "accepted") & (sends.c.claimed_wall >= probes.c.wall)
    waits = sends.c.id.is_(None) & (probes.c.wall > func.now() - literal(fresh))
    own = (
        (sends.c.enrollment_id == probes.c.enrollment_id)
        & (sends.c.step == probes.c.step)
        & (sends.c.occurrence == probes.c.occurrence)
        & (sends.c.claimed_wall >= probes.c.wall)
    )
    since = func.extract("epoch", func.now() - func.min(sends.c.claimed_wall).filter(went))
    found = (
        select(
            *_columns(lambda rule: func.count().filter(went & rule)),
            func.count().filter(waits).label("pending"),
            func.coalesce(since, 0).label("seconds"),
        )
        .join_from(probes, sends, own, isouter=True)
        .where(probes.c.brake == brake, probes.c.round == number)
    )
    row = connection.execute(found).mappings().one()
    return Tried(counts=shaped(Counts, row), pending=row["pending"], seconds=row["seconds"])


def changes_of(connection: Connection, brake: int) -> list[ChangeRow]:
    """Give all that became of a breaker, in order."""
    found = select(breaker_changes).where(breaker_changes.c.brake == brake)
    rows = connection.execute(found.order_by(breaker_changes.c.id)).mappings()
    return [shaped(ChangeRow, row) for row in rows]


def _columns(
    count: Callable[[ColumnElement[bool]], ColumnElement[int]],
    facts: Mapping[str, ColumnElement[datetime]] = _FACTS,
) -> list[ColumnElement[int]]:
    bounced, complained, away = (facts[name] for name in ("bounced", "complained", "turned_away"))
    rules = {
        "sent": true(),
        "bounced": bounced.is_not(None),
        "complained": complained.is_not(None),
        "turned_away": away.is_not(None) & bounced.is_(None),
    }
    return [count(rule).label(name) for name, rule in rules.items()]


@cache
def _counting(of: Concern) -> Executable:
    whose = sends.c.sequence if of == "sequence" else sends.c.sender
    target = bindparam("target", type_=Text)
    closed = select(func.max(brakes.c.released_wall)).where(
        brakes.c.breaker, brakes.c.of == literal_column(f"'{of}'"), brakes.c.target == target
    )
    since = func.now() - bindparam("within", type_=Interval)
    latest = (
        select(*(column.label(name) for name, column in _FACTS.items()))
        .where(
            whose == target,
            sends.c.state == literal_column("'accepted'"),
            sends.c.claimed_wall > func.greatest(since, closed.scalar_subquery()),
        )
        .order_by(sends.c.claimed_wall.desc())
        .limit(bindparam("most", type_=Integer))
        .subquery()
    )
    facts = {name: latest.c[name] for name in _FACTS}
    return select(*_columns(lambda rule: func.count().filter(rule), facts))


_ON = brakes.c.released_wall.is_(None)
