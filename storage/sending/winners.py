"""Tests of arms: what came of each arm, and which was named the winner, once and for good."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    cast,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH, distinct_on, insert

from schemas.sequence import Sequence
from schemas.steps import EmailStep
from schemas.values import Facts, Value
from storage.rows import Instant, shaped
from storage.schema.authored_tables import publications, versions, winners
from storage.schema.tables import events, sends

WITHIN = timedelta(days=14)
"""How long after a mail an event of the app counts for it."""

_TOLD_BY = {
    "open": sends.c.first_open_at,
    "click": sends.c.first_click_at,
    "reply": sends.c.replied_at,
}


class Named(Value):
    """The winner of a step's test, and the evidence that it was named by."""

    sequence: str
    step: str
    arm: str
    evidence: Facts
    at: Instant


class Counted(Value):
    """Of how many contacts an arm was the first that they were sent, and how many then did it."""

    arm: str
    mails: int
    hits: int


def of(connection: Connection, sequence: str) -> dict[str, str]:
    """Give the named arm of each step of a sequence that has one."""
    found = select(winners.c.step, winners.c.arm).where(winners.c.sequence == sequence)
    return dict(connection.execute(found).all())


def named(connection: Connection, sequence: str) -> dict[str, Named]:
    """Give the winners of a sequence by their steps, with their evidence."""
    found = select(winners).where(winners.c.sequence == sequence)
    rows = [shaped(Named, row) for row in connection.execute(found).mappings()]
    return {row.step: row for row in rows}


def name(connection: Connection, winner: Named) -> bool:
    """Name a step's winner, and tell whether that is new: the first one stays for good."""
    entry = insert(winners).values(winner.model_dump()).on_conflict_do_nothing()
    return connection.scalar(entry.returning(winners.c.step)) is not None


def testing(connection: Connection) -> list[Sequence]:
    """Give the latest versions of the sequences that have a step with arms."""
    newest = (
        select(publications.c.sequence, publications.c.version)
        .ext(distinct_on(publications.c.sequence))
        .order_by(publications.c.sequence, publications.c.id.desc())
        .subquery()
    )
    found = (
        select(versions.c.definition)
        .join(newest, newest.c.version == versions.c.hash)
        .where(func.jsonb_path_exists(versions.c.definition, _path("$.steps[*].arms[*].name")))
        .order_by(newest.c.sequence)
    )
    return [Sequence.model_validate(definition) for definition in connection.scalars(found)]


def counted(connection: Connection, sequence: str, step: EmailStep, metric: str) -> list[Counted]:
    """Count a step's arms, each contact once: with the first mail of the step it ever got.

    A mail in doubt counts for nothing, nor does what went after it. Only mails of versions count in
    which the step has arms of these names and weights. `metric` is open, click or reply, of that
    very mail, or an event's name: that event from the mail on, for 14 days, and before the next
    mail of the same enrollment.
    """
    first = _first_mails(sequence, step.id)
    told = _told(first, metric)
    counts = (
        select(first.c.arm, func.count().label("mails"), func.count().filter(told).label("hits"))
        .where(first.c.state == "accepted", first.c.version.in_(_alike(sequence, step)))
        .group_by(first.c.arm)
    )
    rows = [shaped(Counted, row) for row in connection.execute(counts).mappings()]
    by_arm = {row.arm: row for row in rows}
    return [by_arm.get(arm.name) or Counted(arm=arm.name, mails=0, hits=0) for arm in step.arms]


def _first_mails(sequence: str, step: str) -> Subquery:
    return (
        select(sends)
        .ext(distinct_on(sends.c.contact_id))
        .where(
            sends.c.sequence == sequence,
            sends.c.step == step,
            sends.c.state.in_(("accepted", "in_doubt")),
            sends.c.arm.is_not(None),
        )
        .order_by(sends.c.contact_id, sends.c.claimed_at, sends.c.id)
        .subquery("first")
    )


def _told(first: Subquery, metric: str) -> ColumnElement[bool]:
    if metric in _TOLD_BY:
        return first.c[_TOLD_BY[metric].name].is_not(None)
    later = (
        select(sends.c.id)
        .where(
            sends.c.enrollment_id == first.c.enrollment_id,
            sends.c.state == "accepted",
            sends.c.claimed_at > first.c.claimed_at,
            sends.c.claimed_at <= events.c.at,
        )
        .correlate(first, events)
    )
    came: Select[UUID] = (
        select(events.c.id)
        .where(
            events.c.contact_id == first.c.contact_id,
            events.c.kind.in_(("event", "conversion")),
            events.c.name == metric,
            events.c.at >= first.c.claimed_at,
            events.c.at <= first.c.claimed_at + literal(WITHIN),
            ~exists(later),
        )
        .correlate(first)
    )
    return exists(came)


def _alike(sequence: str, step: EmailStep) -> Select[str]:
    # Another weight draws by another lot, so it is another test.
    of_step = "$.steps[*] ? (@.id == $step).arms[*]"
    step_is = func.jsonb_build_object("step", step.id)
    by_part: dict[str, list[str] | list[int]] = {
        "name": [arm.name for arm in step.arms],
        "weight": [arm.weight for arm in step.arms],
    }
    parts = [
        func.jsonb_path_query_array(versions.c.definition, _path(f"{of_step}.{part}"), step_is)
        == cast(written, JSONB)
        for part, written in by_part.items()
    ]
    return select(versions.c.hash).where(versions.c.sequence == sequence, *parts)


def _path(path: str) -> ColumnElement[str]:
    return cast(path, JSONPATH)
