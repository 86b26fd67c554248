"""Gathering the evidence: SendGrid's mails, the ledger, Temporal's histories, what was expected."""

import asyncio
from collections.abc import Iterable
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Connection, select
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowExecution, WorkflowExecutionStatus

from devstack.chaos.evidence import Accepted, Evidence, Expected, History, Posted
from devstack.chaos.evidence import Run as Ran
from devstack.demo.stage import Stage
from devstack.emulator.selection import Selection
from devstack.emulator.views import SEND_ID
from inbound.events import NOTICE_ID
from schemas.names import ACTIVITY_SEND, WORKFLOW_ENROLLMENT
from storage import audit, deliveries
from storage.schema.tables import enrollments, sends

_PAGE, _AT_ONCE = 2_000, 8
_TRIES, _PAUSE_SECONDS = 100, 0.2


async def gather(stage: Stage, expected: tuple[Expected, ...], withheld: Iterable[str]) -> Evidence:
    """Ask all of them."""
    with stage.engine.connect() as connection:
        runs, refused = _runs(connection), _refused(connection)
        return Evidence(
            expected=expected,
            accepted=await _accepted(stage),
            ledger=_ledger(connection),
            runs=runs,
            refused=refused,
            histories=await _histories(stage, len(runs) + len(refused)),
            doubted=sum(one.doubted for one in audit.ledger(connection)),
            withheld=frozenset(map(UUID, withheld)),
            unbrought=deliveries.waiting(connection),
        )


async def _accepted(stage: Stage) -> tuple[Accepted, ...]:
    found: list[Accepted] = []
    last = 0
    while mails := await stage.emulator.mails(Selection(after=last, limit=_PAGE)):
        last = mails[-1].number
        # What owners are told is none of a contact's mails.
        for mail in (one for one in mails if NOTICE_ID not in one.custom_args):
            send = mail.custom_args.get(SEND_ID)
            known = None if send is None else UUID(send)
            found.append(Accepted(mail=mail.id, send=known, at=mail.accepted_at))
    return tuple(found)


def _ledger(connection: Connection) -> tuple[Posted, ...]:
    found = select(
        sends.c.id.label("send"),
        sends.c.enrollment_id.label("enrollment"),
        enrollments.c.workflow_id,
        *(sends.c[name] for name in ("step", "occurrence", "state")),
        sends.c.claimed_wall.label("claimed"),
    ).join_from(sends, enrollments, enrollments.c.id == sends.c.enrollment_id)
    return tuple(Posted.model_validate(dict(row)) for row in connection.execute(found).mappings())


def _runs(connection: Connection) -> tuple[Ran, ...]:
    return tuple(Ran.model_validate(one.model_dump()) for one in audit.begun(connection))


def _refused(connection: Connection) -> tuple[Ran, ...]:
    return tuple(Ran.model_validate(one.model_dump()) for one in audit.refused(connection))


async def _histories(stage: Stage, expected: int) -> tuple[History, ...]:
    # Visibility follows the histories a moment later (Temporal's documentation, "Visibility").
    found: list[WorkflowExecution] = []
    for _ in range(_TRIES):
        listed = stage.client.list_workflows(f"WorkflowType = '{WORKFLOW_ENROLLMENT}'")
        found = [one async for one in listed]
        running = any(one.status is WorkflowExecutionStatus.RUNNING for one in found)
        if len(found) >= expected and not running:
            break
        await asyncio.sleep(_PAUSE_SECONDS)
    turns = asyncio.Semaphore(_AT_ONCE)

    async def in_turn(one: WorkflowExecution) -> History:
        async with turns:
            return await _history(stage, one)

    return tuple(await asyncio.gather(*map(in_turn, found)))


async def _history(stage: Stage, one: WorkflowExecution) -> History:
    handle = stage.client.get_workflow_handle(one.id, run_id=one.run_id)
    scheduled: set[int] = set()
    sent: list[UUID] = []
    ending: str | None = None
    async for event in handle.fetch_history_events():
        if event.activity_task_scheduled_event_attributes.activity_type.name == ACTIVITY_SEND:
            scheduled.add(event.event_id)
        sent += _sent(event, scheduled)
        ending = _ending(event) or ending
    return History(
        workflow_id=one.id,
        run_id=one.run_id,
        is_closed=one.status is WorkflowExecutionStatus.COMPLETED,
        ending=ending,
        sent=tuple(sent),
    )


def _sent(event: HistoryEvent, scheduled: set[int]) -> list[UUID]:
    done = event.activity_task_completed_event_attributes
    if done.scheduled_event_id not in scheduled:
        return []
    outcomes = [from_json(payload.data) for payload in done.result.payloads]
    return [UUID(one["send"]) for one in outcomes if one.get("kind") == "sent"]


def _ending(event: HistoryEvent) -> str | None:
    over = event.workflow_execution_completed_event_attributes.result.payloads
    return str(from_json(over[0].data)["ending"]) if over else None
