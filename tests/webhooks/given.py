"""A small world for the webhooks: contacts, enrollments and mails in PostgreSQL."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Engine

from schemas.contact import Contact, NewContact
from schemas.content import Content, Mailbox
from schemas.events import Event
from schemas.ids import enrollment_id
from schemas.matchers import Matcher
from schemas.policies import ExitRule, Goal
from schemas.sequence import Sequence
from schemas.steps import EmailStep
from schemas.suppression import Reason
from schemas.version import Version
from storage import deliveries, enrolled, enrollments, events, versions
from storage.enrollments import NewEnrollment
from storage.people import contacts, suppressions
from storage.rows import EnrollmentRow, EventRow, SendRow
from storage.sending import claims, sends
from storage.sending.claims import Claim, Claimed
from storage.sending.sends import Outcome
from tests.builders import MONDAY, an_email, days

ADA = "ada@example.com"
TUESDAY = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
PROVIDER_ID = "14c5d75ce93"


def a_sequence(name: str = "welcome", **fields: object) -> Sequence:
    """Give one mail's sequence that ends on a reply or a meeting, and listens to clicks."""
    return Sequence.model_validate(
        {
            "name": name,
            "steps": (an_email("intro"),),
            "first": "intro",
            "exit_on": (
                ExitRule(name="replied", on=Matcher(kind="reply")),
                ExitRule(name="meeting_booked", on=Matcher(kind="event", name="meeting_booked")),
            ),
            "goals": (Goal(event="order_paid", within=days(30)),),
            "listens_to": ("click", "event:meeting_booked", "event:order_paid", "reply"),
            **fields,
        }
    )


def deaf(name: str = "deaf") -> Sequence:
    """Give a sequence that listens to nothing but what ends every one."""
    return a_sequence(name, exit_on=(), goals=(), listens_to=())


def with_receipt(name: str = "orders") -> Sequence:
    """Give a sequence in which a transactional mail is to come."""
    receipt = EmailStep(id="receipt", email="receipt", transactional=True)
    return a_sequence(name, steps=(an_email("intro", next="receipt"), receipt))


class World:
    """What is in PostgreSQL, as tests put it there and ask for it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def contact(self, email: str = ADA, **fields: object) -> Contact:
        with self.engine.begin() as connection:
            new = NewContact.model_validate({"email": email, **fields})
            saved = contacts.save(connection, new)
        assert isinstance(saved, contacts.Saved)
        return saved.contact

    def enrollment(
        self,
        sequence: Sequence | None = None,
        email: str = ADA,
        at: datetime = MONDAY,
        *,
        key: str | None = None,
        **content: object,
    ) -> EnrollmentRow:
        sequence, contact = sequence or a_sequence(), self.contact(email)
        given = {"files": {}, "sender": Mailbox(email="sam@example.org"), **content}
        version = Version.of(sequence, Content.model_validate(given))
        new = NewEnrollment(
            workflow_id=enrollment_id(sequence.name, contact.id, key),
            run_id="run-1",
            sequence=sequence.name,
            version=version.hash,
            contact_id=contact.id,
            key=key,
            source="test",
            zone="America/New_York",
            enrolled_at=at,
        )
        with self.engine.begin() as connection:
            versions.publish(connection, version, by="test", at=MONDAY)
            begun = enrollments.begin(connection, new)
        assert isinstance(begun, EnrollmentRow)
        return begun

    def row(self, row: UUID) -> EnrollmentRow:
        with self.engine.connect() as connection:
            return enrolled.get(connection, row)

    def send(self, row: EnrollmentRow, *, state: str = "accepted") -> SendRow:
        wanted = Claim(
            row=row.id,
            step="intro",
            due=MONDAY,
            at=MONDAY,
            why="It is the first mail.",
            mail_domain="mail.example.org",
        )
        outcome = {"state": state, "at": MONDAY, "provider_id": _PROVIDER_ID_BY_STATE.get(state)}
        with self.engine.begin() as connection:
            won = claims.claim(connection, wanted)
            assert isinstance(won, Claimed)
            if state != "claimed":
                recorded = Outcome.model_validate(outcome)
                sends.record(connection, won.send, won.attempt, recorded)
        return self.send_of(won.send)

    def send_of(self, send: UUID) -> SendRow:
        with self.engine.connect() as connection:
            found = sends.get(connection, send)
        assert found is not None
        return found

    def told(self, row: EnrollmentRow) -> list[Event]:
        told: list[Event] = []
        with self.engine.connect() as connection:
            # Brought one after the other; without a commit all stays laid out.
            while waiting := deliveries.undelivered(connection):
                told += [one.event for one in waiting if one.workflow_id == row.workflow_id]
                deliveries.delivered(connection, [one.id for one in waiting])
        return told

    def ending(self, row: EnrollmentRow) -> str | None:
        with self.engine.connect() as connection:
            return enrolled.get(connection, row.id).ending

    def reasons(self, email: str = ADA) -> list[Reason]:
        with self.engine.connect() as connection:
            return [one.reason for one in suppressions.standing(connection, email)]

    def events(self, email: str = ADA) -> list[EventRow]:
        with self.engine.connect() as connection:
            contact = contacts.find(connection, email)
            return [] if contact is None else events.of_contact(connection, contact.id)

    def kinds(self, email: str = ADA) -> list[str]:
        return sorted(event.kind for event in self.events(email))


_PROVIDER_ID_BY_STATE = {"accepted": PROVIDER_ID}
