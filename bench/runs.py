"""Enrollments and bare workflows set going, at once and to their ends."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import Engine
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from bench.bare import BARE, BARE_SLEEPER, BARE_WAKER, QUEUE_BARE
from bench.sequences import WAIT_DAYS
from schemas.contact import NewContact
from schemas.enrollment import EnrollmentReport, EnrollmentStart
from schemas.ids import enrollment_id
from schemas.names import QUEUE_ENROLLMENTS, WORKFLOW_ENROLLMENT
from schemas.values import Facts
from starter.enrolling.enrollments import WINDOW
from storage.people import contacts
from storage.people.contacts import Saved

Start = Callable[[], Awaitable[WorkflowHandle[object, object]]]

_MOST_SKIPS = 10_000


def skipping(client: Client) -> Client:
    """Give a client whose workflows skip what they wait for, from their start to their end."""
    return TimeSkipper(client, config=TimeSkippingConfig(max_session_skip_count=_MOST_SKIPS)).client


def new_contacts(engine: Engine, count: int) -> list[str]:
    """Save so many contacts that nobody has seen before, and give their ids."""
    with engine.begin() as connection:
        saved = [contacts.save(connection, _somebody()) for _ in range(count)]
    return [one.contact.id for one in saved if isinstance(one, Saved)]


def enrollment_of(client: Client, sequence: str, contact: str, data: Facts | None = None) -> Start:
    """Prepare one enrollment's start."""
    start = EnrollmentStart(sequence=sequence, contact=contact, data=data or {})

    async def begin() -> WorkflowHandle[object, object]:
        return await client.start_workflow(
            WORKFLOW_ENROLLMENT,
            start,
            id=enrollment_id(sequence, contact),
            task_queue=QUEUE_ENROLLMENTS,
            result_type=EnrollmentReport,
        )

    return begin


def bare_of(client: Client, mails: int) -> Start:
    """Prepare one bare workflow's start."""

    async def begin() -> WorkflowHandle[object, object]:
        return await client.start_workflow(
            BARE,
            args=[mails, WAIT_DAYS],
            id=f"bare.{secrets.token_hex(8)}",
            task_queue=QUEUE_BARE,
        )

    return begin


def waker_of(client: Client, until: datetime) -> Start:
    """Prepare the start of a bare workflow that sleeps until a moment."""

    async def begin() -> WorkflowHandle[object, object]:
        return await client.start_workflow(
            BARE_WAKER, until, id=f"{BARE_WAKER}.{secrets.token_hex(8)}", task_queue=QUEUE_BARE
        )

    return begin


def sleeper_of(client: Client) -> Start:
    """Prepare the start of a bare workflow that sleeps after its beginning."""

    async def begin() -> WorkflowHandle[object, object]:
        return await client.start_workflow(
            BARE_SLEEPER, id=f"{BARE_SLEEPER}.{secrets.token_hex(8)}", task_queue=QUEUE_BARE
        )

    return begin


async def started(starts: list[Start]) -> list[WorkflowHandle[object, object]]:
    """Start all, a window of them at once."""
    turns = asyncio.Semaphore(WINDOW)

    async def in_turn(start: Start) -> WorkflowHandle[object, object]:
        async with turns:
            return await start()

    return await asyncio.gather(*(in_turn(start) for start in starts))


async def finished(starts: list[Start]) -> list[object]:
    """Start all and wait for each one's end."""
    handles = await started(starts)
    return await asyncio.gather(*(handle.result() for handle in handles))


def _somebody() -> NewContact:
    return NewContact(
        email=f"{secrets.token_hex(8)}@customer.example",
        first_name="Ada",
        company="Lovelace Freight",
        timezone="America/New_York",
    )
