"""Rows for a test to begin with."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection

from schemas.contact import Contact, NewContact
from schemas.content import Content, Mailbox
from schemas.events import Control
from schemas.progress import Ending
from schemas.sequence import Sequence
from schemas.steps import EmailStep
from schemas.suppression import SCOPE_BY_REASON, Reason, Suppression
from schemas.version import Version
from storage import enrollments, versions
from storage.enrollments import NewEnrollment
from storage.events import NewEvent
from storage.people import contacts
from storage.rows import EnrollmentRow
from storage.sending import claims
from storage.sending.claims import Claim, Claimed

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
STOPPED = Ending(name="stopped", at=MONDAY)


def a_contact(connection: Connection, email: str = "ada@example.com") -> Contact:
    return kept(connection, NewContact(email=email))


def a_version(sequence: str = "welcome", text: str = "Hello") -> Version:
    return Version.of(
        Sequence(name=sequence, steps=(EmailStep(id="intro", email="intro.md"),), first="intro"),
        Content(files={"intro.md": text}, sender=Mailbox(email="sam@example.com")),
    )


def a_published_version(connection: Connection, sequence: str = "welcome") -> Version:
    version = a_version(sequence)
    versions.publish(connection, version, by="sam", at=MONDAY)
    return version


def a_new_enrollment(
    contact: Contact, version: Version, *, run: str = "run-1", key: str | None = None
) -> NewEnrollment:
    sequence = version.sequence.name
    return NewEnrollment(
        workflow_id=".".join([sequence, contact.id, *([key] if key else [])]),
        run_id=run,
        sequence=sequence,
        version=version.hash,
        contact_id=contact.id,
        key=key,
        source="test",
        zone="America/New_York",
        enrolled_at=MONDAY,
    )


def an_enrollment(
    connection: Connection,
    email: str = "ada@example.com",
    sequence: str = "welcome",
    *,
    key: str | None = None,
) -> EnrollmentRow:
    contact, version = a_contact(connection, email), a_published_version(connection, sequence)
    begun = enrollments.begin(connection, a_new_enrollment(contact, version, key=key))
    assert isinstance(begun, EnrollmentRow)
    return begun


def a_claim(
    row: UUID,
    step: str = "intro",
    *,
    transactional: bool = False,
    topic: str | None = None,
    resumes: int = 0,
) -> Claim:
    return Claim(
        row=row,
        step=step,
        transactional=transactional,
        topic=topic,
        due=MONDAY,
        at=MONDAY,
        why="It is the first mail.",
        resumes=resumes,
        mail_domain="mail.example.com",
    )


def a_claimed_send(connection: Connection, row: UUID, step: str = "intro") -> Claimed:
    won = claims.claim(connection, a_claim(row, step))
    assert isinstance(won, Claimed)
    return won


def a_suppression(
    target: str = "ada@example.com",
    reason: Reason = Reason.UNSUBSCRIBED,
    *,
    topic: str | None = None,
) -> Suppression:
    return Suppression(
        target=target,
        reason=reason,
        scope=SCOPE_BY_REASON[reason],
        topic=topic,
        source="test",
        at=MONDAY,
    )


def a_command(action: str = "pause", name: str = "command-1") -> Control:
    return Control.model_validate(
        {"id": name, "action": action, "who": "olga", "why": "the customer asked"}
    )


def an_event(contact: str, number: int, kind: str, name: str | None = None) -> NewEvent:
    return NewEvent(
        source="api",
        natural_key=f"event-{number}",
        kind=kind,
        name=name,
        contact_id=contact,
        at=MONDAY,
        fields={"number": number},
    )


ADA = NewContact(
    email=" Ada@Example.com ",
    external_key="crm-7",
    first_name="Ada",
    timezone="Europe/Berlin",
    owner=Mailbox(email="sam@example.com", name="Sam"),
    attributes={"role": "vp", "seats": 12},
)


def kept(connection: Connection, new: NewContact) -> Contact:
    saved = contacts.save(connection, new)
    assert isinstance(saved, contacts.Saved)
    return saved.contact
