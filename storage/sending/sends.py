"""Sends: what came of each claimed mail, and what came back about it."""

from datetime import datetime
from functools import cache
from typing import Literal
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    bindparam,
    exists,
    func,
    select,
    update,
)

from schemas.ledger import Cause, SendState, Verdict, befores
from schemas.values import Value
from storage.rows import ChangeRow, SendRow, shaped, shaped_or_none
from storage.schema.ledger_tables import send_changes
from storage.schema.tables import sends

Fact = Literal[
    "delivered",
    "bounced",
    "dropped",
    "opened",
    "clicked",
    "replied",
    "unsubscribed",
    "complained",
    "hard_bounced",
]
"""What can come back about a mail."""

COLUMN_BY_FACT: dict[Fact, str] = {
    "delivered": "delivered_at",
    "bounced": "bounced_at",
    "dropped": "dropped_at",
    "opened": "first_open_at",
    "clicked": "first_click_at",
    "replied": "replied_at",
    "unsubscribed": "unsubscribed_at",
    "complained": "complained_at",
    "hard_bounced": "hard_bounced_at",
}

_CAUSE: dict[SendState, Cause] = {
    "accepted": "accept",
    "refused": "refuse",
    "retry": "miss",
    "in_doubt": "lose",
}


class Outcome(Value):
    """What came of posting a mail: accepted, refused, surely not accepted (retry), or in doubt."""

    state: Literal["accepted", "refused", "retry", "in_doubt"]
    at: datetime
    provider_id: str | None = None
    subject: str | None = None
    reason: str | None = None


def record(connection: Connection, send: UUID, attempt: int, outcome: Outcome) -> bool:
    """Record the outcome of one claim, and tell whether it counts.

    It does not if the claim has been made anew since, or its outcome is known already.
    """
    given = {"the_send": send, "the_attempt": attempt, "the_state": outcome.state, "at": outcome.at}
    words = outcome.model_dump(include={"provider_id", "subject", "reason"})
    named = {f"the_{name}": value for name, value in words.items()}
    return connection.execute(_recorded(outcome.state), given | named).rowcount > 0


# Building a statement costs more than running it, and this one is on every mail's way.
@cache
def _recorded(state: SendState) -> Executable:
    given = {
        name: bindparam(f"the_{name}", type_=sends.c[name].type)
        for name in ("attempt", "state", "provider_id", "subject", "reason")
    }
    return (
        update(sends)
        .where(
            sends.c.id == bindparam("the_send", type_=sends.c.id.type),
            sends.c.attempt == given["attempt"],
            sends.c.state.in_(_open_to(state)),
        )
        .values(
            state=given["state"],
            cause=_CAUSE[state],
            settled_at=bindparam("at", type_=sends.c.settled_at.type),
            settled_wall=func.now(),
            provider_id=func.coalesce(given["provider_id"], sends.c.provider_id),
            subject=given["subject"],
            reason=given["reason"],
        )
    )


def _open_to(state: SendState) -> tuple[str, ...]:
    # What was accepted may still learn SendGrid's own id for it.
    known = ("accepted",) if state == "accepted" else ()
    return (*befores(_CAUSE[state], state), *known)


def settle(connection: Connection, send: UUID, verdict: Verdict) -> bool:
    """Settle a mail by what is known now, and tell whether that changed anything.

    That SendGrid accepted it counts whatever was thought before; that it did not, or that nobody
    will ever know, counts only for a mail in doubt.
    """
    settled = (
        update(sends)
        .where(sends.c.id == send, sends.c.state.in_(befores(verdict.on, verdict.state)))
        .values(
            state=verdict.state,
            cause=verdict.on,
            settled_at=verdict.at,
            settled_wall=func.now(),
            reason=func.coalesce(verdict.why, sends.c.reason),
        )
    )
    return connection.execute(settled).rowcount > 0


def changes_of(connection: Connection, send: UUID) -> list[ChangeRow]:
    """Give all that a send went through, in order."""
    found = select(send_changes).where(send_changes.c.send_id == send).order_by(send_changes.c.id)
    return [shaped(ChangeRow, row) for row in connection.execute(found).mappings()]


def was_sent_again(connection: Connection, send: UUID) -> bool:
    """Tell whether a mail in doubt was sent again once."""
    found = exists().where(send_changes.c.send_id == send, send_changes.c.cause == "resend")
    return bool(connection.scalar(select(found)))


def note(connection: Connection, send: UUID, fact: Fact, at: datetime) -> bool:
    """Note when something first came back about a mail, in whatever order reports come.

    Tells whether it is new or earlier than what was known.
    """
    column = sends.c[COLUMN_BY_FACT[fact]]
    noted = (
        update(sends)
        .where(sends.c.id == send, column.is_(None) | (column > at))
        .values({column.name: at})
    )
    return connection.execute(noted).rowcount > 0


def get(connection: Connection, send: UUID) -> SendRow | None:
    """Give a send."""
    return _one(connection, sends.c.id == send)


def held(connection: Connection, send: UUID) -> SendRow | None:
    """Give a send as it is now, and as it stays until this transaction ends."""
    found = select(sends).where(sends.c.id == send).with_for_update()
    return shaped_or_none(SendRow, connection.execute(found).mappings().first())


def by_provider_id(connection: Connection, provider_id: str) -> SendRow | None:
    """Give the send that SendGrid answered with this X-Message-Id."""
    return _one(connection, sends.c.provider_id == provider_id)


def by_message_id(connection: Connection, message_id: str) -> SendRow | None:
    """Give the send whose Message-ID is ours and this one, angle brackets included."""
    return _one(connection, sends.c.message_id == message_id)


def of_enrollment(connection: Connection, row: UUID) -> list[SendRow]:
    """Give an enrollment's sends in the order in which they were claimed."""
    found = (
        select(sends)
        .where(sends.c.enrollment_id == row)
        .order_by(sends.c.claimed_at, sends.c.claimed_wall)
    )
    return [shaped(SendRow, send) for send in connection.execute(found).mappings()]


def last_marketing_at(connection: Connection, row: UUID) -> datetime | None:
    """Give the moment of an enrollment's last marketing mail that went, or may have gone."""
    last = (
        select(sends.c.claimed_at)
        .where(
            sends.c.enrollment_id == row,
            sends.c.email_kind == "marketing",
            sends.c.state.in_(("accepted", "in_doubt")),
        )
        .order_by(sends.c.claimed_at.desc())
        .limit(1)
    )
    found: datetime | None = connection.scalar(last)
    return found


def kept_arm(connection: Connection, contact_id: str, sequence: str, step: str) -> str | None:
    """Give the arm of the last mail of a step that went to a contact, or may have gone.

    Whichever enrollment and version it was of: an arm once got is kept (language rule 22).
    """
    given = {"the_contact": contact_id, "the_sequence": sequence, "the_step": step}
    return connection.scalar(_kept_arm(), given)


# Building a statement costs more than running it, and this one is on many mails' way.
@cache
def _kept_arm() -> Select[str | None]:
    return (
        select(sends.c.arm)
        .where(
            sends.c.contact_id == bindparam("the_contact"),
            sends.c.sequence == bindparam("the_sequence"),
            sends.c.step == bindparam("the_step"),
            sends.c.arm.is_not(None),
            sends.c.state.in_(("accepted", "in_doubt")),
        )
        .order_by(sends.c.claimed_at.desc())
        .limit(1)
    )


def _one(connection: Connection, rule: ColumnElement[bool]) -> SendRow | None:
    found = select(sends).where(rule).limit(1)
    return shaped_or_none(SendRow, connection.execute(found).mappings().first())
