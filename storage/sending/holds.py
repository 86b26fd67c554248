"""Enrollments that are held: at a mail that was refused, or behind a brake that SendGrid put on."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection, exists, func, null, select

from schemas.brakes import SENDGRID
from schemas.values import Value
from storage.rows import Instant, shaped
from storage.schema.brake_tables import brakes
from storage.schema.cap_tables import deferrals
from storage.schema.tables import controls, enrollments, sends

# How far what Temporal lists may lag behind what a release has told.
_LAG = timedelta(seconds=15)

_IS_LIVE = enrollments.c.ended_at.is_(None) & enrollments.c.paused_at.is_(None)
_RESUMED_SINCE = exists().where(
    controls.c.enrollment_id == sends.c.enrollment_id,
    controls.c.action == "resume",
    controls.c.wall > sends.c.settled_wall,
)
_JUST_RESUMED = exists().where(
    controls.c.enrollment_id == enrollments.c.id,
    controls.c.action == "resume",
    controls.c.wall > func.now() - _LAG,
)


class HeldMail(Value):
    """An enrollment that is held, for what and since when, and its sequence."""

    row: UUID
    workflow_id: str
    sequence: str
    cause: str
    since: Instant | None


class Braked(Value):
    """A brake that SendGrid put on: which, why and since when; who waits, in which sequences."""

    of: str
    target: str
    why: str
    at: Instant
    count: int
    sequences: tuple[str, ...]

    @property
    def ref(self) -> str:
        """Name it, as `resume` takes it."""
        return f"{self.of}:{self.target}" if self.target else self.of


def at_mails(connection: Connection) -> list[HeldMail]:
    """Give who is held at a mail that was refused: whose mail was due first first.

    An enrollment that is held at several mails comes once, with the one that was due first.
    """
    found = (
        select(
            enrollments.c.id.label("row"),
            *(enrollments.c.workflow_id, enrollments.c.sequence),
            sends.c.reason.label("cause"),
            sends.c.settled_at.label("since"),
        )
        .join_from(sends, enrollments, enrollments.c.id == sends.c.enrollment_id)
        .where(sends.c.state == "refused", _IS_LIVE, ~_RESUMED_SINCE)
        .order_by(sends.c.due_at, sends.c.id)
    )
    rows = [shaped(HeldMail, row) for row in connection.execute(found).mappings()]
    return list({one.row: one for one in reversed(rows)}.values())[::-1]


def live_of(connection: Connection, cause_of: dict[str, str]) -> list[HeldMail]:
    """Give those whom Temporal lists as held who live still, the longest enrolled first.

    `cause_of` gives each one's cause by its workflow id. Who was resumed a moment ago is not among
    them: what Temporal lists lags behind.
    """
    found = (
        select(enrollments.c.id, enrollments.c.workflow_id, enrollments.c.sequence)
        .where(enrollments.c.workflow_id.in_(list(cause_of)), _IS_LIVE, ~_JUST_RESUMED)
        .order_by(enrollments.c.enrolled_at, enrollments.c.id)
    )
    return [
        HeldMail(
            row=row.id,
            workflow_id=row.workflow_id,
            sequence=row.sequence,
            cause=cause_of[row.workflow_id],
            since=None,
        )
        for row in connection.execute(found)
    ]


def keep(connection: Connection, rows: Sequence[UUID]) -> set[UUID]:
    """Lock who is to be released until the commit, and give those who still live."""
    found = (
        select(enrollments.c.id)
        .where(enrollments.c.id.in_(rows), _IS_LIVE)
        .order_by(enrollments.c.id)
        .with_for_update(key_share=True)
    )
    return set(connection.scalars(found))


def behind_brakes(connection: Connection) -> list[Braked]:
    """Give the brakes that SendGrid put on and nobody has released, the oldest first."""
    waits = (deferrals.c.brake == brakes.c.id) & deferrals.c.over_at.is_(None)
    sequences = func.array_agg(enrollments.c.sequence.distinct())
    found = (
        select(
            *(brakes.c.of, brakes.c.target, brakes.c.why, brakes.c.at),
            func.count(enrollments.c.id.distinct()).label("count"),
            func.array_remove(sequences, null()).label("sequences"),
        )
        .join_from(brakes, deferrals, waits, isouter=True)
        .join(enrollments, enrollments.c.id == deferrals.c.enrollment_id, isouter=True)
        .where(brakes.c.who == SENDGRID, brakes.c.released_wall.is_(None))
        .group_by(brakes.c.id)
        .order_by(brakes.c.id)
    )
    return [shaped(Braked, row) for row in connection.execute(found).mappings()]
