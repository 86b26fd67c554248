"""Tests of arms for a test to begin with: published versions, and mails of their arms."""

from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from sqlalchemy import Connection, update
from typing_extensions import Unpack

from schemas.ledger import SendState
from schemas.sequence import Sequence
from schemas.steps import Arm, EmailStep, Winner
from schemas.version import Version
from storage import enrollments, versions
from storage.events import NewEvent, record
from storage.people import contacts
from storage.rows import EnrollmentRow
from storage.schema.tables import sends as sent
from storage.sending import claims, sends
from storage.sending.claims import Claimed
from storage.sending.sends import Fact, Outcome
from tests.storage.given import MONDAY, a_claim, a_contact, a_new_enrollment, a_version

A_FEW = Winner(metric="click", after=2)


def a_tested_version(
    *,
    sequence: str = "welcome",
    text: str = "Hello",
    winner: Winner | None = A_FEW,
    **weights: int,
) -> Version:
    """Build a version whose mail `intro` has arms (a and b, if no others are given)."""
    given = weights or {"a": 50, "b": 50}
    arms = tuple(Arm(name=name, weight=weight, email="intro.md") for name, weight in given.items())
    intro = EmailStep(id="intro", email="intro.md", arms=arms, winner=winner, next="second")
    second = EmailStep(id="second", email="intro.md")
    return Version.of(
        Sequence(name=sequence, steps=(intro, second), first="intro"),
        a_version(sequence, text).content,
    )


def intro_of(version: Version) -> EmailStep:
    [intro] = [step for step in version.sequence.emails if step.id == "intro"]
    return intro


def publish(connection: Connection, version: Version, at: datetime = MONDAY) -> Version:
    versions.publish(connection, version, by="sam", at=at)
    return version


def enroll(connection: Connection, version: Version, who: str, run: str = "1") -> EnrollmentRow:
    """Enroll somebody, who may have been enrolled before in another run."""
    known = contacts.find(connection, f"{who}@example.com")
    contact = known or a_contact(connection, f"{who}@example.com")
    key = None if run == "1" else run
    begun = enrollments.begin(connection, a_new_enrollment(contact, version, run=run, key=key))
    assert isinstance(begun, EnrollmentRow)
    return begun


class Mailed(TypedDict, total=False):
    """Of which step, in what state and when a mail is, if not the first, accepted on Monday."""

    step: str
    state: SendState
    at: datetime


def mail(
    connection: Connection,
    row: EnrollmentRow,
    arm: str | None,
    *facts: Fact,
    **mailed: Unpack[Mailed],
) -> UUID:
    """Send a mail of an arm; `facts` came back about it an hour later."""
    at, state = mailed.get("at", MONDAY), mailed.get("state", "accepted")
    wanted = a_claim(row.id, mailed.get("step", "intro")).model_copy(update={"at": at})
    won = claims.claim(connection, wanted)
    assert isinstance(won, Claimed)
    connection.execute(update(sent).where(sent.c.id == won.send).values(arm=arm))
    if state != "claimed":
        sends.record(connection, won.send, 1, Outcome.model_validate({"state": state, "at": at}))
    for fact in facts:
        sends.note(connection, won.send, fact, at + timedelta(hours=1))
    return won.send


def report(connection: Connection, row: EnrollmentRow, name: str, at: datetime) -> None:
    """Let the app report an event of the contact of an enrollment."""
    told = NewEvent(
        source="api",
        natural_key=f"{name}.{row.contact_id}.{at:%Y%m%d%H%M%S}",
        kind="event",
        name=name,
        contact_id=row.contact_id,
        at=at,
    )
    assert record(connection, told) is not None
