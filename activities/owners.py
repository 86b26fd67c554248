"""What a contact's owner is told by mail: to whom it goes, and in which words."""

from html import escape

from sqlalchemy import Connection

from schemas.contact import Contact
from schemas.content import Content, Mailbox
from schemas.values import Facts, Moment, Value
from storage import notices
from storage.notices import NewNotice
from storage.rows import EnrollmentRow

_LONGEST_SUBJECT = 200


class Told(Value):
    """What happened, once per `mark`, at which step, and what the owner may do about it."""

    mark: str
    step: str
    at: Moment
    what: str
    note: str = ""
    to_do: str


def tell_owner(
    connection: Connection, told: Told, row: EnrollmentRow, contact: Contact, content: Content
) -> None:
    """Lay out a mail to the contact's owner; a mark that is known changes nothing."""
    owner = owner_of(content, contact, step=told.step, sent_by=row.sender)
    notice = NewNotice(
        natural_key=told.mark,
        kind="owner_mail",
        enrollment_id=row.id,
        contact_id=contact.id,
        at=told.at,
        payload=_payload(told, row, contact, owner),
    )
    notices.lay_out(connection, notice)


def owner_of(
    content: Content, contact: Contact, *, step: str | None = None, sent_by: Mailbox | None = None
) -> Mailbox | None:
    """Give who is told of a contact: its owner, else `from_fallback`, else the mails' sender.

    `sent_by` is the mailbox that the enrollment's mails are from, where several take turns.
    """
    wanted = content.senders.get(step or "", content.sender)
    sender = wanted if isinstance(wanted, Mailbox) else sent_by
    if sender is None and isinstance(wanted, tuple):
        sender = next(iter(wanted), None)
    return contact.owner or content.sender_fallback or sender


def name_of(contact: Contact) -> str:
    """Give a contact's name, else its address."""
    named = " ".join(name for name in (contact.first_name, contact.last_name) if name)
    return named or contact.email


def _payload(told: Told, row: EnrollmentRow, contact: Contact, owner: Mailbox | None) -> Facts:
    whose = f"{name_of(contact)}, {contact.company}" if contact.company else name_of(contact)
    facts = {
        "Contact": f"{whose} <{contact.email}>",
        "Sequence": row.sequence,
        "Step": told.step,
        "When": f"{told.at:%Y-%m-%d %H:%M} UTC",
        "Enrollment": row.workflow_id,
    }
    words = [told.what, *([told.note] if told.note else [])]
    return {
        "to": None if owner is None else owner.model_dump(),
        "subject": _subject(told.what, contact),
        "text": _text(words, facts, told.to_do),
        "html": _html(words, facts, told.to_do),
    }


def _subject(what: str, contact: Contact) -> str:
    short = what[:_LONGEST_SUBJECT]
    said = any(name and name in short for name in (contact.first_name, name_of(contact)))
    return short if said else f"{short} ({name_of(contact)})"


def _text(words: list[str], facts: dict[str, str], to_do: str) -> str:
    listed = "\n".join(f"{name + ':':<11} {value}" for name, value in facts.items())
    return "\n\n".join([*words, listed, to_do, f"-- \n{_WHY}"]) + "\n"


def _html(words: list[str], facts: dict[str, str], to_do: str) -> str:
    rows = "".join(
        f'<tr><td style="padding-right:1em">{escape(name)}</td><td>{escape(value)}</td></tr>'
        for name, value in facts.items()
    )
    said = "".join(f"<p>{escape(word)}</p>" for word in words)
    foot = f'<p style="color:#666">{escape(_WHY)}</p>'
    return f"<html><body>{said}<table>{rows}</table><p>{escape(to_do)}</p>{foot}</body></html>"


_WHY = "Postroad sends you this because you look after this contact. Answers to it are not read."
