"""A mail that came back: which contact wrote it, and which enrollments hear of it."""

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from activities.telling import Telling
from inbound.automatic import Author
from inbound.correlation import Answers
from inbound.messages import IncomingMail
from schemas.contact import Contact
from schemas.events import AutoReply, Reply
from schemas.values import Facts
from starter.incoming.intake import Occurrence, Taken, everywhere, own_step, take
from starter.outgoing.forwarding import CameIn, forward
from storage.events import NewEvent
from storage.people import contacts
from storage.rows import SendRow
from storage.sending import sends

_KIND_BY_AUTHOR = {
    Author.PERSON: "reply",
    Author.MACHINE: "auto_reply",
    Author.REPORT: "report",
}
# An owner's answer to what we told them, which is no contact's, whoever they are.
_TO_NOTICE = "to_notice"


class Incoming(NamedTuple):
    """A mail, what it may answer, all its bytes, and the moment that counts for it."""

    mail: IncomingMail
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
        record = _record(incoming, send, contact)
        telling = _telling(incoming, send, record.mark)
        taken = take(connection, Occurrence(record=record, tell=telling))
        if taken.new and record.kind == "reply" and contact is not None:
            _pass_on(connection, incoming, contact, send)
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


def _pass_on(
    connection: Connection, incoming: Incoming, contact: Contact, send: SendRow | None
) -> None:
    if send is not None:
        sends.note(connection, send.id, "replied", incoming.at)
    mail = incoming.mail
    reply = CameIn(natural_key=mail.natural_key, sender=mail.sender, at=incoming.at)
    forward(connection, reply, contact, send)


def _record(incoming: Incoming, send: SendRow | None, contact: Contact | None) -> NewEvent:
    return NewEvent(
        source="inbound",
        natural_key=incoming.mail.natural_key,
        kind=_kind(incoming),
        contact_id=contact.id if contact else None,
        send_id=send.id if send else None,
        enrollment_id=send.enrollment_id if send else None,
        at=incoming.at,
        fields=_fields(incoming.mail),
        raw=incoming.raw,
    )


def _kind(incoming: Incoming) -> str:
    return _TO_NOTICE if incoming.answers.to_notice else _KIND_BY_AUTHOR[incoming.mail.author]


def _fields(mail: IncomingMail) -> Facts:
    told: Facts = mail.model_dump(
        mode="json", include={"sender", "subject", "text", "message_id", "at"}
    )
    return told


def _telling(incoming: Incoming, send: SendRow | None, mark: str) -> Telling | None:
    if incoming.mail.author is Author.MACHINE:
        return everywhere(AutoReply(id=mark, at=incoming.at))
    if incoming.mail.author is Author.REPORT:
        return None
    reply = Reply(id=mark, at=incoming.at)
    if send is None:
        return everywhere(reply)
    own = reply.model_copy(update={"step": send.step})
    return own_step(send.enrollment_id, own, reply)
