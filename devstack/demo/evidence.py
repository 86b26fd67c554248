"""What the checks look at: the same story as PostgreSQL, Temporal and the emulator each tell it."""

import asyncio
from uuid import UUID

from temporalio.client import WorkflowExecution, WorkflowExecutionStatus
from temporalio.common import SearchAttributeKey

from devstack.demo.stage import Stage
from devstack.emulator.selection import Selection
from devstack.emulator.views import SEND_ID, MailSummary
from inbound.events import NOTICE_ID
from schemas.names import ATTRIBUTE_ENDING, WORKFLOW_ENROLLMENT
from schemas.values import Moment, Value
from storage import audit
from storage.audit import Posting, Run

_ENDING = SearchAttributeKey.for_keyword(ATTRIBUTE_ENDING)
_TRIES, _PAUSE_SECONDS = 100, 0.1
_ALL = 10_000


class Accepted(Value):
    """A mail that the emulator accepted: for which of our sends, at which virtual moment."""

    mail: str
    send: UUID | None
    sent_at: Moment


class Execution(Value):
    """A workflow's run as Temporal tells it; `ending` as its search attribute says."""

    workflow_id: str
    run_id: str
    is_closed: bool
    ending: str | None


class Evidence(Value):
    """All that the three of them say; `asked` counts the contacts that were to be enrolled."""

    asked: int
    ledger: tuple[Posting, ...]
    begun: tuple[Run, ...]
    refused: tuple[Run, ...]
    accepted: tuple[Accepted, ...]
    executions: tuple[Execution, ...]


async def gather(stage: Stage, asked: int) -> Evidence:
    """Ask all three."""
    mails = await stage.emulator.mails(Selection(limit=_ALL))
    with stage.engine.connect() as connection:
        ledger, begun = audit.ledger(connection), audit.begun(connection)
        refused = audit.refused(connection)
    return Evidence(
        asked=asked,
        ledger=tuple(ledger),
        begun=tuple(begun),
        refused=tuple(refused),
        # What owners are told is none of a contact's mails.
        accepted=tuple(_accepted(mail) for mail in mails if NOTICE_ID not in mail.custom_args),
        executions=await _executions(stage, len(begun) + len(refused)),
    )


async def _executions(stage: Stage, expected: int) -> tuple[Execution, ...]:
    # Visibility follows the histories a moment later (Temporal's documentation, "Visibility").
    found: tuple[Execution, ...] = ()
    for _ in range(_TRIES):
        listed = stage.client.list_workflows(f"WorkflowType = '{WORKFLOW_ENROLLMENT}'")
        found = tuple([_execution(one) async for one in listed])
        if len(found) >= expected and all(one.is_closed and one.ending for one in found):
            break
        await asyncio.sleep(_PAUSE_SECONDS)
    return found


def _execution(told: WorkflowExecution) -> Execution:
    return Execution(
        workflow_id=told.id,
        run_id=told.run_id,
        is_closed=told.status is WorkflowExecutionStatus.COMPLETED,
        ending=told.typed_search_attributes.get(_ENDING),
    )


def _accepted(mail: MailSummary) -> Accepted:
    send = mail.custom_args.get(SEND_ID)
    return Accepted(mail=mail.id, send=None if send is None else UUID(send), sent_at=mail.sent_at)
