"""A mail that came back: which contact wrote it, and which enrollments hear of it."""

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from inbound.classifying.verdicts import Kind, Verdict
from inbound.correlation import Answers
from inbound.messages import IncomingMail
from schemas.contact import Contact
from schemas.suppression import SCOPE_BY_REASON, Suppression
from schemas.values import Facts
from starter.incoming.intake import Occurrence, Taken, take
from starter.incoming.meanings import Whose, kind_of, recorded_as, suppresses, telling
from starter.outgoing.forwarding import CameIn, forward
from storage.events import NewEvent
from storage.people import contacts
from storage.rows import SendRow
from storage.sending import sends
from storage.sending.sends import Fact

# An owner's answer to what we told them, which is no contact's, whoever they are.
_TO_NOTICE = "to_notice"
_FACT_BY_KIND: dict[str, Fact] = {"reply": "replied", "unsubscribe": "unsubscribed"}


class Incoming(NamedTuple):
    """A mail, what it is and may answer, all its bytes, and the moment that counts for it."""

    mail: IncomingMail
    verdict: Verdict
    answers: Answers
    raw: bytes
    at: datetime


def take_mail(engine: Engine, incoming: Incoming) -> Taken:
    """Take a mail in: a person's answer, whichever mail it answers, tells all that listen to it.

    It is its contact's whom the mail answered belongs to, whoever wrote it; else the sender's. It
    is passed on to the owner (rule 36); an answer to what an owner was told is kept, no more.
    """
    with engine.begin() as connection:
        send = _answered(connection, incoming.answers)
        contact = _contact(connection, send, incoming)
        kind = kind_of(incoming.mail.author, incoming.verdict, send)
        occurrence = _occurrence(incoming, kind, send, contact)
        taken = take(connection, occurrence)
        if taken.new and contact is not None:
            _after(connection, occurrence.record.kind, incoming, contact, send)
    return taken


def keep_unreadable(engine: Engine, raw: bytes, at: datetime) -> Taken:
    """Keep what was posted as a mail and holds none, so that nothing is lost."""
    record = NewEvent(
        source="inbound",
        natural_key=sha256(raw).hexdigest(),
        kind="unreadable",
        at=at,
        fields={},
        raw=raw,
    )
    with engine.begin() as connection:
        return take(connection, Occurrence(record=record))


def _answered(connection: Connection, answers: Answers) -> SendRow | None:
    by_send = (sends.get(connection, send) for send in answers.sends)
    by_id = (sends.by_provider_id(connection, one) for one in answers.provider_ids)
    found = next((send for send in by_send if send is not None), None)
    return found or next((send for send in by_id if send is not None), None)


def _contact(connection: Connection, send: SendRow | None, incoming: Incoming) -> Contact | None:
    if send is not None:
        return contacts.get(connection, send.contact_id)
    sender = None if incoming.answers.to_notice else incoming.mail.sender
    return None if sender is None else contacts.find(connection, sender)


def _after(
    connection: Connection, kind: str, incoming: Incoming, contact: Contact, send: SendRow | None
) -> None:
    fact = _FACT_BY_KIND.get(kind)
    if send is not None and fact is not None:
        sends.note(connection, send.id, fact, incoming.at)
    if kind == "reply":
        mail = incoming.mail
        reply = CameIn(natural_key=mail.natural_key, sender=mail.sender, at=incoming.at)
        forward(connection, reply, contact, send)


def _occurrence(
    incoming: Incoming, kind: Kind, send: SendRow | None, contact: Contact | None
) -> Occurrence:
    if incoming.answers.to_notice:
        return Occurrence(record=_record(incoming, _TO_NOTICE, send, contact))
    record = _record(incoming, recorded_as(kind), send, contact)
    whose = Whose(record.mark, incoming.at, send, contact)
    return Occurrence(
        record=record,
        suppression=_suppression(incoming, kind, contact),
        tell=telling(kind, incoming.verdict.return_date, whose),
    )


def _suppression(incoming: Incoming, kind: Kind, contact: Contact | None) -> Suppression | None:
    reason = suppresses(kind)
    own = None if contact is None else contact.email
    # Who asks not to be mailed is heard even where we do not know them.
    target = own or (incoming.mail.sender if kind is Kind.OPT_OUT else None)
    if reason is None or target is None:
        return None
    return Suppression(
        target=target,
        reason=reason,
        scope=SCOPE_BY_REASON[reason],
        source="inbound",
        at=incoming.at,
    )


def _record(
    incoming: Incoming, kind: str, send: SendRow | None, contact: Contact | None
) -> NewEvent:
    return NewEvent(
        source="inbound",
        natural_key=incoming.mail.natural_key,
        kind=kind,
        contact_id=contact.id if contact else None,
        send_id=send.id if send else None,
        enrollment_id=send.enrollment_id if send else None,
        at=incoming.at,
        fields=_fields(incoming),
        raw=incoming.raw,
    )


def _fields(incoming: Incoming) -> Facts:
    told: Facts = incoming.mail.model_dump(
        mode="json", include={"sender", "subject", "text", "message_id", "at"}
    )
    shown = {"kind", "confidence", "evidence", "return_date", "sentiment", "replacement"}
    return {**told, "verdict": incoming.verdict.model_dump(mode="json", include=shown)}
