"""How each scripted event comes about on real servers: by the door by which it comes in life."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from authoring.simulation.answering import name_of
from devstack.demo.stage import Stage
from devstack.rehearsal.faults import CannotBeLivedError
from devstack.rehearsal.others import is_other_mail, record_other_mail
from devstack.rehearsal.records import a_record, address_of, moment_in
from devstack.rehearsal.rivals import take_turns
from inbound.events import MailEvent
from runtime.clock import wall_now
from schemas.contact import NewContact
from schemas.events import (
    AppEvent,
    AutoReply,
    Blocked,
    Bounce,
    Click,
    Colleague,
    Complaint,
    ContactChanged,
    Control,
    DataChanged,
    Event,
    Open,
    Reply,
    TaskDone,
    Turn,
    Unsubscribe,
)
from schemas.outcomes import Refused
from schemas.suppression import SCOPE_BY_REASON, Reason, Suppression
from schemas.values import Facts
from starter.data_changes import Change, change_data
from starter.incoming.app_events import Said, take_app_event
from starter.incoming.changes import save_contact
from starter.incoming.intake import Occurrence, everywhere, take
from starter.incoming.known_mails import Arrived
from starter.incoming.mail_events import take_mail_events
from starter.operating import Order, command
from starter.tasks import complete
from storage import enrolled
from storage.events import NewEvent
from storage.people import contacts
from storage.people.contacts import Saved
from storage.schema.tables import tasks
from storage.sending import sends


class Doors:
    """The doors by which things reach one scenario's contact and enrollment."""

    def __init__(self, stage: Stage, start: datetime, contact_id: str, workflow_id: str) -> None:
        self._stage, self._start = stage, start
        self._contact_id, self._workflow_id = contact_id, workflow_id
        self._bring: dict[type, Callable[..., Awaitable[None]]] = {
            AppEvent: self._by_app,
            Reply: self._by_app,
            Complaint: self._by_app,
            Unsubscribe: self._by_intake,
            Blocked: self._by_intake,
            AutoReply: self._by_intake,
            Click: self._by_mail,
            Open: self._by_mail,
            Bounce: self._by_mail,
            Control: self._by_operator,
            TaskDone: self._by_rep,
            ContactChanged: self._by_record,
            DataChanged: self._by_data,
            Colleague: self._by_colleague,
            Turn: self._by_rival,
        }

    async def bring(self, event: Event) -> None:
        """Bring it about at its moment; raises CannotBeLivedError."""
        if is_other_mail(event):
            await asyncio.to_thread(
                record_other_mail, self._stage.engine, self._contact_id, event.id, moment_in(event)
            )
        else:
            await self._bring[type(event)](event)

    async def _by_app(self, event: AppEvent | Reply | Complaint) -> None:
        said = Said(
            name=name_of(event),
            contact=self._contact_id,
            at=moment_in(event),
            id=f"{self._workflow_id} {event.id}",
            fields=event.fields if isinstance(event, AppEvent) else {},
        )
        await asyncio.to_thread(take_app_event, self._stage.engine, said)

    async def _by_intake(self, event: Event) -> None:
        """Take in what has no door of its own yet, as its door would."""
        record = NewEvent(
            source="cli",
            natural_key=self._natural_key(event),
            kind=event.kind,
            contact_id=self._contact_id,
            at=moment_in(event),
        )
        suppression = self._suppression(event)
        occurrence = Occurrence(record=record, suppression=suppression, tell=everywhere(event))
        await asyncio.to_thread(self._take, occurrence)

    def _take(self, occurrence: Occurrence) -> None:
        with self._stage.engine.begin() as connection:
            take(connection, occurrence)

    def _natural_key(self, event: Event) -> str:
        return sha256(f"{self._workflow_id} {event.id}".encode()).hexdigest()

    def _suppression(self, event: Event) -> Suppression | None:
        reason = _reason(event)
        if reason is None:
            return None
        return Suppression(
            target=address_of(self._contact_id),
            reason=reason,
            scope=SCOPE_BY_REASON[reason],
            topic=event.topic if isinstance(event, Unsubscribe) else None,
            source="cli",
            at=moment_in(event),
        )

    async def _by_mail(self, event: Click | Open | Bounce) -> None:
        """Let SendGrid tell what came of a mail of this enrollment."""
        if moment_in(event) < self._start:
            await self._by_intake(event)
            return
        send = await asyncio.to_thread(self._send_of, event.step or "")
        told = MailEvent(
            kind=event.kind,
            natural_key=self._natural_key(event),
            item={},
            email=address_of(self._contact_id),
            send=send,
            type="blocked" if isinstance(event, Bounce) and not event.hard else "",
            status="5.1.1" if isinstance(event, Bounce) and event.hard else "",
            url=event.url if isinstance(event, Click) else None,
        )
        arrived = [Arrived(told, moment_in(event))]
        await asyncio.to_thread(take_mail_events, self._stage.engine, arrived)

    def _send_of(self, step: str) -> UUID:
        with self._stage.engine.connect() as connection:
            row = enrolled.find(connection, self._workflow_id)
            gone = [] if row is None else sends.of_enrollment(connection, row.id)
        found = [one.id for one in gone if step in ("", one.step)]
        if not found:
            raise CannotBeLivedError(f"no mail of {step or 'it'} had gone by then")
        return found[-1]

    async def _by_operator(self, event: Control) -> None:
        order = Order(action=event.action, who="the script", wall=wall_now())
        answer = await command(self._stage.client, self._stage.engine, self._workflow_id, order)
        if isinstance(answer, Refused) and answer.reason != "ended":
            raise CannotBeLivedError(f"{event.action} is refused: {answer.message}")

    async def _by_rep(self, event: TaskDone) -> None:
        task = await asyncio.to_thread(self._task_of, event.step)
        await complete(self._stage.client, self._stage.engine, task, who="rep", wall=wall_now())

    def _task_of(self, step: str) -> UUID:
        with self._stage.engine.connect() as connection:
            row = enrolled.find(connection, self._workflow_id)
            whose = tasks.c.enrollment_id == (row.id if row else None)
            found = select(tasks.c.id).where(whose, tasks.c.step == step)
            task: UUID | None = connection.scalar(found.limit(1))
        if task is None:
            raise CannotBeLivedError(f"there was no task {step} by then")
        return task

    async def _by_record(self, event: ContactChanged) -> None:
        """Change the contact as a CRM does: its record is saved anew."""
        facts: Facts = dict(event.facts)
        if event.zone is not None:
            facts["timezone"] = event.zone.name
        new = a_record(self._contact_id, facts)
        saved = await asyncio.to_thread(save_contact, self._stage.engine, new, moment_in(event))
        if not isinstance(saved, Saved):
            raise CannotBeLivedError("the contact's address is taken")

    async def _by_data(self, event: DataChanged) -> None:
        change = Change(facts=event.facts, id=event.id, at=moment_in(event), wall=wall_now())
        answer = await change_data(
            self._stage.client, self._stage.engine, self._workflow_id, change
        )
        if isinstance(answer, Refused) and answer.reason != "ended":
            raise CannotBeLivedError(f"the data stay as they are: {answer.message}")

    async def _by_rival(self, event: Turn) -> None:
        """Let another sequence of the group take the contact over, or be done with it."""
        await asyncio.to_thread(
            take_turns, self._stage.engine, self._workflow_id, event, moment_in(event)
        )

    async def _by_colleague(self, event: Colleague) -> None:
        address = f"colleague.{event.id}.{self._contact_id}@scenarios.example"
        new = NewContact(email=address, company=await asyncio.to_thread(self._company))
        saved = await asyncio.to_thread(save_contact, self._stage.engine, new, moment_in(event))
        if not isinstance(saved, Saved):
            raise CannotBeLivedError("a colleague cannot be made")
        name = "reply" if event.of == "reply" else event.name or ""
        said = Said(
            name=name,
            contact=saved.contact.id,
            at=moment_in(event),
            id=event.id,
            fields=event.fields,
        )
        await asyncio.to_thread(take_app_event, self._stage.engine, said)

    def _company(self) -> str:
        with self._stage.engine.connect() as connection:
            contact = contacts.get(connection, self._contact_id)
        if contact is None or not contact.company:
            raise CannotBeLivedError("its contact is of no company, and has no colleagues")
        return contact.company


def _reason(event: Event) -> Reason | None:
    if isinstance(event, Blocked):
        return Reason.LEFT_COMPANY if event.reason == "left_company" else Reason.BLOCKED
    if isinstance(event, Bounce):
        return Reason.BOUNCED if event.hard else None
    return Reason.UNSUBSCRIBED if isinstance(event, Unsubscribe) else None
