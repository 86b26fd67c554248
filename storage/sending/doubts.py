"""Mails in doubt: which there are, since when, and what is known of them."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection, func, or_, select

from schemas.ledger import SendState
from schemas.values import Value
from storage.rows import Instant, shaped
from storage.schema.tables import enrollments, sends

_A_MINUTE = timedelta(minutes=1)


class Doubt(Value):
    """A mail of which nobody knows whether SendGrid has it, for how long, and why so.

    Of one that is still `claimed` after a minute its worker has told nothing: the next attempt
    puts it in doubt.
    """

    send: UUID
    workflow_id: str
    step: str
    occurrence: int
    state: SendState
    attempt: int
    claimed_at: Instant
    seconds: int
    evidence: str


def standing(connection: Connection) -> list[Doubt]:
    """Give the mails in doubt, the oldest first."""
    age = func.now() - sends.c.claimed_wall
    found = (
        select(
            sends.c.id.label("send"),
            enrollments.c.workflow_id,
            *(sends.c[name] for name in ("step", "occurrence", "state", "attempt", "claimed_at")),
            func.floor(func.extract("epoch", age)).label("seconds"),
            func.coalesce(sends.c.reason, "its worker has told nothing").label("evidence"),
        )
        .join_from(sends, enrollments, enrollments.c.id == sends.c.enrollment_id)
        .where(
            or_(sends.c.state == "in_doubt", (sends.c.state == "claimed") & (age > _A_MINUTE)),
        )
        .order_by(sends.c.claimed_wall, sends.c.id)
    )
    return [shaped(Doubt, row) for row in connection.execute(found).mappings()]
