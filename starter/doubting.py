"""Mails in doubt, as an operator sees them, and settles them by hand."""

import asyncio
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine
from temporalio.client import Client

from schemas.events import SendSettled
from schemas.ledger import Verdict
from schemas.outcomes import Refused
from schemas.values import Value, cut
from starter.moments import moment_of
from starter.outgoing.relay import deliver_pending
from storage import deliveries, enrolled
from storage.people import contacts
from storage.rows import SendRow
from storage.sending import deferrals, doubts, sends
from storage.sending.doubts import Doubt


class Word(Value):
    """What somebody found out about a mail in doubt: who says so, why, and when by the wall."""

    accepted: bool
    who: str
    why: str
    wall: datetime


class SettledByHand(Value):
    """The mail is settled: it went, or it did not and is not sent again."""

    send: UUID
    workflow_id: str
    accepted: bool


def standing(engine: Engine) -> list[Doubt]:
    """Give the mails in doubt, the oldest first."""
    with engine.connect() as connection:
        return doubts.standing(connection)


async def settle(client: Client, engine: Engine, send: UUID, word: Word) -> SettledByHand | Refused:
    """Settle a mail by a person's word, and let its enrollment go on."""
    workflow_id = await asyncio.to_thread(_workflow_of, engine, send)
    at = word.wall if workflow_id is None else await moment_of(client, workflow_id, word.wall)
    answer = await asyncio.to_thread(settle_at, engine, send, word, cut(at))
    await deliver_pending(engine, client)
    return answer


def settle_at(engine: Engine, send: UUID, word: Word, at: datetime) -> SettledByHand | Refused:
    """Do the same at a moment; a relay brings the signal."""
    with engine.begin() as connection:
        row = sends.get(connection, send)
        if row is None:
            message = f"there is no mail {send}: `postroad doubts` shows those in doubt"
            return Refused(reason="unknown_send", message=message)
        contacts.lock(connection, row.contact_id)
        if not sends.settle(connection, send, _verdict(word, at)):
            return _not_in_doubt(sends.get(connection, send) or row)
        if not word.accepted:
            # What did not go takes no room of a cap.
            deferrals.wake(connection, row.contact_id, at)
        workflow_id = _tell(connection, row, word, at)
    return SettledByHand(send=send, workflow_id=workflow_id, accepted=word.accepted)


def _workflow_of(engine: Engine, send: UUID) -> str | None:
    with engine.connect() as connection:
        row = sends.get(connection, send)
        return None if row is None else enrolled.get(connection, row.enrollment_id).workflow_id


def _verdict(word: Word, at: datetime) -> Verdict:
    return Verdict(
        on="person",
        state="accepted" if word.accepted else "not_sent",
        at=at,
        why=f"by {word.who}" + (f": {word.why}" if word.why else ""),
    )


def _tell(connection: Connection, row: SendRow, word: Word, at: datetime) -> str:
    enrollment = enrolled.get(connection, row.enrollment_id)
    settled = SendSettled(id=f"settled.{row.id}", at=at, send=str(row.id), accepted=word.accepted)
    if enrollment.ended_at is None:
        deliveries.enqueue(connection, enrollment.workflow_id, settled)
    return enrollment.workflow_id


def _not_in_doubt(row: SendRow) -> Refused:
    if row.state == "claimed":
        words = "is being posted, or its worker died: it is in doubt when the next one finds it"
    else:
        words = f"is not in doubt but {row.state.replace('_', ' ')}"
    return Refused(reason="not_in_doubt", message=f"the mail {row.id} {words}: nothing to settle")
