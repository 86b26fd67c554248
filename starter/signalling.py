"""Telling by hand what a contact did: taken in like the same thing from a webhook."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import Engine
from temporalio.client import Client

from activities.sequences import sequences
from activities.telling import Telling
from schemas.contact import Contact
from schemas.events import AutoReply, Bounce, Click, Event, Open
from schemas.outcomes import Refused
from schemas.suppression import SCOPE_BY_REASON, Reason, Suppression
from schemas.values import Facts, Value, cut
from starter.enrolling.enrollments import UNKNOWN_CONTACT
from starter.incoming.app_events import Said, fault_of_name, take_app_event
from starter.incoming.intake import Occurrence, Taken, everywhere, only_in, take
from starter.moments import moment_of
from starter.outgoing.bringing import bring_pending
from storage import enrolled
from storage.events import NewEvent
from storage.people import contacts


class Happened(Value):
    """What happened, as written: `reply`, `click:case-study`, `meeting_booked`.

    `id` makes a repeat of the same word of the same contact harmless; without `at` it is now, by
    the enrollment's own clock.
    """

    word: str
    step: str | None = None
    fields: Facts = Field(default_factory=dict)
    id: str | None = None
    at: datetime | None = None
    wall: datetime


@dataclass(frozen=True)
class _Whose:
    contact: Contact
    row: UUID | None
    workflow_ids: tuple[str, ...]
    mails: tuple[str, ...]


async def tell_of(client: Client, engine: Engine, whom: str, happened: Happened) -> Taken | Refused:
    """Take in what happened to `whom`, an enrollment or a contact, and tell who listens.

    A reply, opt-out, complaint or bounce reaches all live enrollments of the contact, as it does
    when it comes by mail; a click or an open belongs to the one enrollment whose mail it was.
    """
    whose = await asyncio.to_thread(_look_up, engine, whom)
    if whose is None:
        return UNKNOWN_CONTACT
    refused = _refusal(whose, happened)
    if refused is not None:
        return refused
    at = cut(happened.at or await _now(client, whose, happened.wall))
    taken = await asyncio.to_thread(_take, engine, whose, happened, at)
    await bring_pending(engine, client)
    return taken


def _look_up(engine: Engine, whom: str) -> _Whose | None:
    with engine.connect() as connection:
        row = enrolled.find(connection, whom)
        contact = contacts.find(connection, row.contact_id if row else whom)
        if contact is None:
            return None
        live = enrolled.live_of(connection, contact.id)
        sequence = sequences().get(connection, row.version) if row else None
    ids = (row.workflow_id,) if row else tuple(one.workflow_id for one in live)
    mails = tuple(mail.id for mail in sequence.emails) if sequence else ()
    return _Whose(contact=contact, row=row.id if row else None, workflow_ids=ids, mails=mails)


def _refusal(whose: _Whose, happened: Happened) -> Refused | None:
    if happened.word in _EVENT_BY_STEP_WORD:
        return _no_mail(whose, happened)
    fault = None if happened.word in _EVENT_BY_WORD else fault_of_name(happened.word)
    return None if fault is None else Refused(reason="event_name", message=fault)


def _no_mail(whose: _Whose, happened: Happened) -> Refused | None:
    if whose.row is None or happened.step is None:
        message = f"write {happened.word}:STEP, and name the enrollment whose mail it was"
        return Refused(reason="which_mail", message=message)
    if happened.step in whose.mails:
        return None
    known = ", ".join(whose.mails) or "none"
    message = f"{whose.workflow_ids[0]} has no mail {happened.step}: its mails are {known}"
    return Refused(reason="unknown_step", message=message)


async def _now(client: Client, whose: _Whose, wall: datetime) -> datetime:
    moments = [await moment_of(client, one, wall) for one in whose.workflow_ids]
    return max([wall, *moments])


def _take(engine: Engine, whose: _Whose, happened: Happened, at: datetime) -> Taken:
    key = _natural_key(whose, happened)
    event = _event(happened, f"cli.{key[:32]}", at)
    if event is None:
        return take_app_event(
            engine,
            Said(
                name=happened.word,
                contact=whose.contact.id,
                at=at,
                id=happened.id,
                fields=happened.fields,
                source="cli",
            ),
        )
    with engine.begin() as connection:
        return take(connection, _occurrence(whose, event, key, at))


def _natural_key(whose: _Whose, happened: Happened) -> str:
    step = f"{whose.row}:{happened.step}" if happened.step else ""
    parts = ["cli", happened.word, step, whose.contact.id, happened.id or uuid4().hex]
    return sha256(json.dumps(parts).encode()).hexdigest()


def _event(happened: Happened, mark: str, at: datetime) -> Event | None:
    if happened.word in _EVENT_BY_STEP_WORD:
        return _EVENT_BY_STEP_WORD[happened.word](mark, at, happened.step or "")
    make = _EVENT_BY_WORD.get(happened.word)
    return None if make is None else make(mark, at)


def _occurrence(whose: _Whose, event: Event, key: str, at: datetime) -> Occurrence:
    record = NewEvent(
        source="cli",
        natural_key=key,
        kind=event.kind,
        contact_id=whose.contact.id,
        enrollment_id=whose.row,
        at=at,
    )
    bounced = isinstance(event, Bounce)
    return Occurrence(
        record=record,
        suppression=_bounce_of(whose.contact, at) if bounced else None,
        tell=_telling(whose, event),
    )


def _telling(whose: _Whose, event: Event) -> Telling:
    if isinstance(event, Click | Open) and whose.row is not None:
        return only_in(whose.row, event)
    return everywhere(event)


def _bounce_of(contact: Contact, at: datetime) -> Suppression:
    return Suppression(
        target=contact.email,
        reason=Reason.BOUNCED,
        scope=SCOPE_BY_REASON[Reason.BOUNCED],
        source="cli",
        at=at,
    )


_EVENT_BY_STEP_WORD: dict[str, Callable[[str, datetime, str], Event]] = {
    "click": lambda mark, at, step: Click(id=mark, at=at, step=step),
    "open": lambda mark, at, step: Open(id=mark, at=at, step=step),
}
_EVENT_BY_WORD: dict[str, Callable[[str, datetime], Event]] = {
    "bounce": lambda mark, at: Bounce(id=mark, at=at),
    "out_of_office": lambda mark, at: AutoReply(id=mark, at=at),
}
