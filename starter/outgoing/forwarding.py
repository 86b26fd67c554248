"""A person's reply is passed on to the contact's owner (rule 36): to whom, and when not."""

from typing import NamedTuple

from sqlalchemy import Connection

from activities.owners import name_of, owner_of
from schemas.contact import Contact
from schemas.content import Mailbox
from schemas.values import Moment, Value
from storage import enrolled, notices, versions
from storage.notices import NewNotice
from storage.people.addresses import exact_key
from storage.rows import SendRow
from storage.sending import sends


class CameIn(Value):
    """A reply on record under `natural_key`, from the address `sender` if it names one."""

    natural_key: str
    sender: str | None
    at: Moment


class _Whose(NamedTuple):
    inbound: bool
    owner: Mailbox | None


def forward(connection: Connection, reply: CameIn, contact: Contact, send: SendRow | None) -> bool:
    """Lay out that a reply is passed on, and tell whether it is.

    One that answers no mail we know counts as an answer to the contact's last. It is not passed
    on where the sequence has `reply_to: sender`, nor to whoever wrote it.
    """
    answered = send or _last(connection, contact)
    whose = _whose(connection, contact, answered)
    if not whose.inbound or _wrote(reply, whose.owner):
        return False
    notice = NewNotice(
        natural_key=f"forward.{reply.natural_key}",
        kind="owner_mail",
        enrollment_id=None if answered is None else answered.enrollment_id,
        contact_id=contact.id,
        at=reply.at,
        payload={
            "to": None if whose.owner is None else whose.owner.model_dump(),
            "reply": reply.natural_key,
            "contact": {"email": contact.email, "name": name_of(contact)},
        },
    )
    return notices.lay_out(connection, notice) is not None


def _last(connection: Connection, contact: Contact) -> SendRow | None:
    last = notices.last_send_of(connection, contact.id)
    return None if last is None else sends.get(connection, last)


def _whose(connection: Connection, contact: Contact, send: SendRow | None) -> _Whose:
    version = None if send is None else versions.get(connection, send.version)
    if version is None or send is None:
        return _Whose(contact.owner is not None, contact.owner)
    sent_by = enrolled.get(connection, send.enrollment_id).sender
    owner = owner_of(version.content, contact, step=send.step, sent_by=sent_by)
    return _Whose(version.content.reply_to == "inbound", owner)


def _wrote(reply: CameIn, owner: Mailbox | None) -> bool:
    if reply.sender is None or owner is None:
        return False
    return exact_key(reply.sender) == exact_key(owner.email)
