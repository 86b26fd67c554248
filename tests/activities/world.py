"""Activities at work: real PostgreSQL, SendGrid's emulator, and rows to begin with."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Engine

from activities.letters.addresses import Addresses
from activities.live import LiveActivities
from activities.reaching import networks
from devstack.emulator.client import EmulatorClient
from devstack.emulator.selection import Selection
from devstack.emulator.views import MailView
from inbound.tokens import Keys
from schemas.activities import BeginRequest, SendRequest
from schemas.conditions import Comparison, Constant, Fact
from schemas.contact import Contact, NewContact
from schemas.content import Content, Mailbox
from schemas.enrollment import EnrollmentStart
from schemas.ids import enrollment_id
from schemas.outcomes import Enrolled, Refused, SendOutcome, Waiting
from schemas.progress import Ending
from schemas.sequence import Sequence
from schemas.suppression import SCOPE_BY_REASON, Reason, Suppression
from schemas.version import Version
from storage import enrollments, versions
from storage.people import contacts, suppressions
from storage.people.contacts import Saved
from storage.rows import SendRow
from storage.sending import sends
from tests.builders import MONDAY, a_sequence, an_email

KEY = "SG.right"
KEYS = Keys.of(["a-secret-of-enough-length"])
ADDRESSES = Addresses(
    public_url="https://mail.acme.example",
    mail_domain="acme.example",
    keys=KEYS,
    inbound_domain="in.acme.example",
    private=networks(["127.0.0.0/8"]),
)
OLGA = Mailbox(email="olga@acme.example", name="Olga Smith")
INTRO = """---
subject: Freight at {{ contact.company or "your place" }}
---
Hi {{ contact.first_name }},
"""
NOTE = "---\nsubject: One more thing\n---\nStill there?\n"
FILES = {"intro.md": INTRO, "note.md": NOTE}
WELCOME = a_sequence(an_email("intro"), an_email("note", thread="intro"), re_enroll="always")
ORDER = Fact(of="data", path="order")
"""What an enrollment is per, where a sequence is per order."""
VP = Comparison(by="eq", left=Fact(of="contact", path="role"), right=Constant(value="vp"))
OVER = Ending(name="completed", at=MONDAY)
LATER = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """What an activity finds in the world, and what it leaves there."""

    engine: Engine
    emulator: EmulatorClient
    url: str
    live: LiveActivities
    after: int = 0

    def contact(self, **fields: object) -> Contact:
        given = {"email": "ada@customer.example", "first_name": "Ada", **fields}
        with self.engine.begin() as connection:
            saved = contacts.save(connection, NewContact.model_validate(given))
        assert isinstance(saved, Saved)
        return saved.contact

    def publish(self, sequence: Sequence = WELCOME, **content: object) -> Version:
        given = {"files": FILES, "sender": OLGA, "postal_address": "1 Main St", **content}
        version = Version.of(sequence, Content.model_validate(given))
        with self.engine.begin() as connection:
            versions.publish(connection, version, by="test", at=MONDAY)
        return version

    def suppress(self, contact: Contact, reason: Reason = Reason.UNSUBSCRIBED) -> None:
        suppression = Suppression(
            target=contact.email,
            reason=reason,
            scope=SCOPE_BY_REASON[reason],
            source="test",
            at=MONDAY,
        )
        with self.engine.begin() as connection:
            suppressions.suppress(connection, suppression)

    def begin(
        self, start: EnrollmentStart, run: str = "run-1", now: datetime = MONDAY
    ) -> Enrolled | Refused | Waiting:
        name = enrollment_id(start.sequence, start.contact, start.key)
        return self.live.begin_enrollment(
            BeginRequest(start=start, workflow_id=name, run_id=run, now=now)
        )

    def enrolled(self, contact: Contact, sequence: str = "welcome", **start: object) -> Enrolled:
        given = {"sequence": sequence, "contact": contact.id, **start}
        answer = self.begin(EnrollmentStart.model_validate(given))
        assert isinstance(answer, Enrolled), answer
        return answer

    def refused(self, start: EnrollmentStart, run: str = "run-1") -> Refused:
        answer = self.begin(start, run)
        assert isinstance(answer, Refused)
        return answer

    def ended(self, row: Enrolled, ending: Ending = OVER) -> None:
        with self.engine.begin() as connection:
            enrollments.end(connection, UUID(row.row), ending, 1000)

    async def send(self, row: Enrolled, step: str = "intro", **fields: object) -> SendOutcome:
        given = {"row": row.row, "step": step, "occurrence": 1, "due": MONDAY, "now": MONDAY}
        request = SendRequest.model_validate({**given, "why": "it is due", **fields})
        return await asyncio.to_thread(self.live.send_email, request)

    async def mails(self) -> list[MailView]:
        mine = await self.emulator.mails(Selection(after=self.after))
        return [await self.emulator.mail(mail.id) for mail in mine]

    async def only_mail(self) -> MailView:
        (mail,) = await self.mails()
        return mail

    def sends_of(self, row: Enrolled) -> list[SendRow]:
        with self.engine.connect() as connection:
            return sends.of_enrollment(connection, UUID(row.row))


def a_start(contact: Contact, **fields: object) -> EnrollmentStart:
    given = {"sequence": "welcome", "contact": contact.id, **fields}
    return EnrollmentStart.model_validate(given)
