"""Mails that events can be of: those of enrollments that live, and of many that are over."""

import asyncio
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, func, insert, select, update

from bench.runs import enrollment_of, new_contacts, started
from bench.sequences import mails_with_waits, version_of
from bench.servers import Servers
from runtime.clock import wall_now
from schemas.contact import NewContact
from schemas.version import Version
from storage.people.contact_batches import create_all
from storage.schema.tables import contacts, enrollments, sends

_POLL = 0.2
_AT_ONCE = 1_000


class Mail(NamedTuple):
    """A mail that SendGrid accepted, and whether its enrollment listens to clicks."""

    send: UUID
    email: str
    provider_id: str
    workflow_id: str
    listens: bool


async def mails_of_listeners(servers: Servers, count: int) -> list[Mail]:
    """Send one mail each to so many enrollments, which then sleep and listen to clicks."""
    version = _listening()
    servers.publish(version)
    client, name = await servers.client(), version.sequence.name
    people = new_contacts(servers.engine, count)
    await started([enrollment_of(client, name, who) for who in people])
    while _accepted(servers.engine, name) < count:  # noqa: ASYNC110  (the database only answers)
        await asyncio.sleep(_POLL)
    return _of(servers.engine, name, listens=True)


def mails_of_old(servers: Servers, count: int) -> list[Mail]:
    """Put so many mails of enrollments that are over on record, without sending them."""
    version = _old()
    servers.publish(version)
    for begun in range(0, count, _AT_ONCE):
        with servers.engine.begin() as connection:
            _put(connection, version, min(_AT_ONCE, count - begun))
    return _of(servers.engine, version.sequence.name, listens=False)


def _listening() -> Version:
    sequence = mails_with_waits(2)
    words = (*sequence.listens_to, "click")
    return version_of(sequence.model_copy(update={"name": "listening", "listens_to": words}))


def _old() -> Version:
    return version_of(mails_with_waits(1).model_copy(update={"name": "old"}))


def _accepted(engine: Engine, sequence: str) -> int:
    counted = select(func.count()).where(
        sends.c.sequence == sequence, sends.c.state == "accepted", sends.c.provider_id.is_not(None)
    )
    with engine.connect() as connection:
        return connection.scalars(counted).one()


def _of(engine: Engine, sequence: str, *, listens: bool) -> list[Mail]:
    found = (
        select(sends.c.id, contacts.c.email, sends.c.provider_id, enrollments.c.workflow_id)
        .join_from(sends, contacts, contacts.c.id == sends.c.contact_id)
        .join(enrollments, enrollments.c.id == sends.c.enrollment_id)
        .where(sends.c.sequence == sequence)
        .order_by(sends.c.id)
    )
    with engine.connect() as connection:
        return [Mail(*row, listens=listens) for row in connection.execute(found)]


def _put(connection: Connection, version: Version, count: int) -> None:
    news = [NewContact(email=f"{secrets.token_hex(8)}@customer.example") for _ in range(count)]
    people = [one.id for one in create_all(connection, news) if one is not None]
    now, rows = wall_now(), [uuid4() for _ in people]
    known = {"sequence": version.sequence.name, "version": version.hash}
    pairs = list(zip(rows, people, strict=True))
    connection.execute(insert(enrollments), [_enrollment(*pair, now) | known for pair in pairs])
    made = [_claim(*pair, now) | known for pair in pairs]
    connection.execute(insert(sends), made)
    _accept(connection, [one["id"] for one in made], now)


def _enrollment(row: UUID, contact: str, now: datetime) -> dict[str, object]:
    return {
        "id": row,
        "workflow_id": f"old.{contact}",
        "run_id": row.hex,
        "source": "bench",
        "zone": "UTC",
        "contact_id": contact,
        "enrolled_at": now,
        "ending": "completed",
        "ending_rank": 0,
        "ended_at": now,
        "timeline": [],
        "closed_wall": now,
    }


def _claim(row: UUID, contact: str, now: datetime) -> dict[str, object]:
    send = uuid4()
    return {
        "id": send,
        "enrollment_id": row,
        "step": "mail-0",
        "occurrence": 1,
        "contact_id": contact,
        "email_kind": "marketing",
        "state": "claimed",
        "cause": "claim",
        "attempt": 1,
        "resumes": 0,
        "due_at": now,
        "claimed_at": now,
        "message_id": f"<{send}@bench.example>",
        "provider_id": send.hex[:22],
        "why": "bench",
    }


def _accept(connection: Connection, ids: Collection[object], now: datetime) -> None:
    accepted = update(sends).where(sends.c.id.in_(ids))
    values = {"state": "accepted", "cause": "accept", "settled_at": now, "settled_wall": now}
    connection.execute(accepted.values(values))
