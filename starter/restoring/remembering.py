"""Writing back into PostgreSQL what Temporal's histories remember and the database has lost."""

import re
from collections import Counter
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine

from activities import ending
from activities.letters.senders import sender_for
from activities.telling import tell_all
from schemas.activities import SendRequest
from schemas.contact import Contact
from schemas.events import (
    AppEvent,
    Blocked,
    Bounce,
    Complaint,
    Conversion,
    Event,
    Reply,
    Unsubscribe,
)
from schemas.outcomes import Enrolled, Sent
from schemas.recollections import Recollection, Remembered
from schemas.steps import EmailStep
from schemas.suppression import SCOPE_BY_REASON, Reason, Suppression
from starter.incoming.intake import everywhere
from storage import events, restoring, versions
from storage.enrollments import NewEnrollment, sender_fields
from storage.events import NewEvent
from storage.people import contacts, suppressions
from storage.restoring import LostSend

Deeds = Counter[str]
"""What was brought back, by name: how often."""

_UNTOLD = "asked for before the database was lost; nobody knows whether it was posted"


class _Known(NamedTuple):
    connection: Connection
    found: Recollection
    begun: Enrolled
    contact: Contact
    mail_domain: str


def remember(engine: Engine, found: Recollection, mail_domain: str) -> Deeds:
    """Write back what is missing of one enrollment, in one transaction, and its ending.

    Repeating it changes nothing. What names a contact or a version that is lost is only counted.
    """
    begun = found.begun
    if begun is None:
        return Counter()
    with engine.begin() as connection:
        contact = contacts.lock(connection, begun.contact_id or found.start.contact)
        if contact is None:
            return Counter(unknown_contacts=1)
        if versions.get(connection, begun.version) is None:
            return Counter(unknown_versions=1)
        deeds = _remember(_Known(connection, found, begun, contact, mail_domain))
    if found.ended is not None and not deeds["in_the_way"]:
        deeds["endings"] += _end(engine, found, UUID(begun.row))
    return deeds


def _remember(known: _Known) -> Deeds:
    entered = restoring.enter(known.connection, UUID(known.begun.row), _lost(known))
    if entered is None:
        return Counter(in_the_way=1)
    deeds: Deeds = Counter(enrollments=int(entered))
    for mail in known.found.mails:
        deeds += _mail(known, mail)
    for request in known.found.unanswered:
        deeds["in_doubt"] += _doubt(known, request)
    for event in known.found.told:
        deeds += _event(known, event)
    return deeds


def _lost(known: _Known) -> NewEnrollment:
    found, begun, contact = known.found, known.begun, known.contact
    version = versions.get(known.connection, begun.version)
    content = None if version is None else version.content
    sender = None if content is None else sender_for(content, found.start.sequence, contact)
    return NewEnrollment(
        workflow_id=found.workflow_id,
        run_id=found.run_id,
        sequence=found.start.sequence,
        version=begun.version,
        contact_id=contact.id,
        key=found.start.key,
        source=found.start.source,
        zone=begun.zone.name,
        enrolled_at=begun.at,
        last_marketing_at=begun.last_marketing_at,
        given={"data": found.start.data, "step": found.start.step},
        **sender_fields(sender),
    )


def _mail(known: _Known, mail: Remembered) -> Deeds:
    lost = _send(known, mail.request, UUID(mail.outcome.send))
    lost = lost.model_copy(update={"arm": getattr(mail.outcome, "arm", None)})
    there = restoring.claimed(known.connection, lost)
    at = mail.outcome.at
    if there is None or there.id != lost.id:
        return Counter()
    if isinstance(mail.outcome, Sent) or mail.settled:
        return Counter(sends=int(restoring.accepted(known.connection, there, at)))
    doubted = restoring.doubted(known.connection, there, at, _UNTOLD)
    if mail.settled is False:
        restoring.given_up(known.connection, there.id, at)
    return Counter(in_doubt=int(doubted))


def _doubt(known: _Known, request: SendRequest) -> bool:
    there = restoring.claimed(known.connection, _send(known, request, uuid4()))
    return there is not None and restoring.doubted(known.connection, there, request.now, _UNTOLD)


def _send(known: _Known, request: SendRequest, send: UUID) -> LostSend:
    step = known.begun.sequence.step_by_id.get(request.step)
    transactional = isinstance(step, EmailStep) and step.transactional
    return LostSend(
        id=send,
        enrollment_id=UUID(known.begun.row),
        step=request.step,
        occurrence=request.occurrence,
        contact_id=known.contact.id,
        sequence=known.found.start.sequence,
        version=known.begun.version,
        email_kind="transactional" if transactional else "marketing",
        resumes=request.resumes,
        due_at=request.due,
        claimed_at=request.now,
        message_id=f"<{send}@{known.mail_domain}>",
        why=request.why,
    )


def _event(known: _Known, event: Event) -> Deeds:
    at = event.at or known.begun.at
    reason = _reason_of(event)
    if reason is not None:
        return Counter(opt_outs=int(_suppressed(known, event, reason, at)))
    if isinstance(event, Reply | Conversion | AppEvent):
        return Counter(events=int(_recorded(known, event, at)))
    return Counter()


def _suppressed(known: _Known, event: Event, reason: Reason, at: datetime) -> bool:
    suppression = Suppression(
        target=known.contact.email,
        reason=reason,
        scope=SCOPE_BY_REASON[reason],
        topic=event.topic if isinstance(event, Unsubscribe) else None,
        source="restored",
        at=at,
    )
    if not suppressions.missing(known.connection, [suppression]):
        return False
    suppressions.suppress(known.connection, suppression)
    _recorded(known, event, at)
    tell_all(known.connection, known.contact.id, at, everywhere(event))
    return True


def _recorded(known: _Known, event: Event, at: datetime) -> bool:
    key = _key_of(known, event)
    if restoring.is_known(known.connection, known.contact.id, event.kind, key):
        return False
    name = event.name if isinstance(event, AppEvent | Conversion) else None
    fields = event.fields if isinstance(event, AppEvent | Conversion) else {}
    new = NewEvent(
        source="cli",
        natural_key=key,
        kind=event.kind,
        name=name,
        contact_id=known.contact.id,
        at=at,
        fields=fields,
    )
    if events.record(known.connection, new) is None:
        return False
    if isinstance(event, Reply):
        mine = event.model_copy(update={"step": None, "at": at})
        tell_all(known.connection, known.contact.id, at, everywhere(mine))
    return True


def _key_of(known: _Known, event: Event) -> str:
    # Of the key of what we took in ourselves workflows know the beginning, and by that it again.
    beginning = event.id.rpartition(".")[2]
    if _BEGINNING.fullmatch(beginning):
        return beginning
    return sha256(f"{known.contact.id}|{event.kind}|{event.id}".encode()).hexdigest()


def _reason_of(event: Event) -> Reason | None:
    if isinstance(event, Bounce) and not event.hard:
        return None
    if isinstance(event, Blocked):
        return Reason(event.reason)
    return _REASON_BY_EVENT.get(type(event))


def _end(engine: Engine, found: Recollection, row: UUID) -> bool:
    if found.ended is None:
        return False
    with engine.connect() as connection:
        if restoring.is_closed(connection, row):
            return False
    ending.end(engine, found.ended)
    return True


_BEGINNING = re.compile("[0-9a-f]{32}")
_REASON_BY_EVENT: dict[type[Event], Reason] = {
    Unsubscribe: Reason.UNSUBSCRIBED,
    Complaint: Reason.COMPLAINED,
    Bounce: Reason.BOUNCED,
}
