"""Reading what Temporal's histories remember of enrollments; no worker is asked."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError
from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowExecution

from schemas.activities import EndRequest, SendRequest, SettleRequest
from schemas.enrollment import EnrollmentStart, Resumed
from schemas.events import Event, SendSettled
from schemas.names import (
    ACTIVITY_BEGIN,
    ACTIVITY_END,
    ACTIVITY_SEND,
    ACTIVITY_SETTLE,
    WORKFLOW_ENROLLMENT,
)
from schemas.outcomes import (
    Braked,
    Deferred,
    Enrolled,
    InDoubt,
    Refused,
    SendOutcome,
    Sent,
    Settled,
    Waiting,
)
from schemas.progress import Mail
from schemas.recollections import Recollection, Remembered

_AT_ONCE = 16
_EVENT: TypeAdapter[Event] = TypeAdapter(Event)


class Answered(NamedTuple):
    """An activity in a history: what was asked when, the answer if any, in which attempt."""

    name: str
    asked: Payload | None
    at: datetime
    answer: Payload | None = None
    attempt: int = 0


async def executions(client: Client, since: datetime) -> list[WorkflowExecution]:
    """Give the enrollments' runs that go on, or closed from `since` on, the oldest first."""
    wanted = (
        f"WorkflowType = '{WORKFLOW_ENROLLMENT}' AND "
        f"(ExecutionStatus = 'Running' OR CloseTime >= '{since.astimezone(UTC).isoformat()}')"
    )
    found = [one async for one in client.list_workflows(wanted)]
    return sorted(found, key=lambda one: (one.start_time, one.run_id))


async def recollections(
    client: Client, runs: Sequence[WorkflowExecution], until: datetime
) -> AsyncIterator[Recollection | None]:
    """Give in order what each run's history remembers; None of one that cannot be read.

    `until` is when what is lost had been lost at the latest.
    """
    for first in range(0, len(runs), _AT_ONCE):
        some = runs[first : first + _AT_ONCE]
        for one in await asyncio.gather(*(_recollected(client, run, until) for run in some)):
            yield one


async def _recollected(
    client: Client, run: WorkflowExecution, until: datetime
) -> Recollection | None:
    handle = client.get_workflow_handle(run.id, run_id=run.run_id)
    events = [event async for event in handle.fetch_history_events()]
    try:
        return await recollect(client, run.id, events, until)
    except (ValidationError, ValueError):
        return None


async def recollect(
    client: Client, workflow_id: str, events: Sequence[HistoryEvent], until: datetime
) -> Recollection | None:
    """Put together what a history remembers; None if it is none of an enrollment's.

    Raises ValueError if an argument or an answer has another shape.
    """
    reading = _Reading(client)
    began = events[0].workflow_execution_started_event_attributes
    start = await reading.read(began.input.payloads[0], EnrollmentStart)
    acts = answered(events)
    found = Recollection(
        workflow_id=workflow_id,
        run_id=began.first_execution_run_id,
        start=start,
        begun=await _begun(reading, start, acts),
        ended=await _ended(reading, acts),
        told=(*_told_before(start.resumed), *[one async for one in _told(reading, events)]),
    )
    return await _with_mails(reading, found, acts, until)


def answered(events: Iterable[HistoryEvent]) -> list[Answered]:
    """Give the activities of a history in the order in which they were asked for."""
    acts: dict[int, Answered] = {}
    attempts: dict[int, int] = {}
    for event in events:
        if event.HasField("activity_task_scheduled_event_attributes"):
            asked = event.activity_task_scheduled_event_attributes
            payload = next(iter(asked.input.payloads), None)
            at = event.event_time.ToDatetime(tzinfo=UTC)
            acts[event.event_id] = Answered(asked.activity_type.name, payload, at)
        elif event.HasField("activity_task_started_event_attributes"):
            started = event.activity_task_started_event_attributes
            attempts[started.scheduled_event_id] = started.attempt
        elif event.HasField("activity_task_completed_event_attributes"):
            done = event.activity_task_completed_event_attributes
            number = done.scheduled_event_id
            answer = next(iter(done.result.payloads), None)
            acts[number] = acts[number]._replace(answer=answer, attempt=attempts.get(number, 1))
    return list(acts.values())


class _Reading:
    def __init__(self, client: Client) -> None:
        self._converter = client.data_converter

    async def read(self, payload: Payload, shape: Any) -> Any:  # noqa: ANN401  (a union is no type)
        (value,) = await self._converter.decode([payload], [shape])
        return value


async def _begun(
    reading: _Reading, start: EnrollmentStart, acts: Iterable[Answered]
) -> Enrolled | None:
    if start.resumed is not None:
        return start.resumed.enrolled
    for act in acts:
        if act.name == ACTIVITY_BEGIN and act.answer is not None:
            answer = await reading.read(act.answer, Enrolled | Refused | Waiting)
            if isinstance(answer, Enrolled):
                return answer
    return None


async def _ended(reading: _Reading, acts: Iterable[Answered]) -> EndRequest | None:
    for act in acts:
        if act.name == ACTIVITY_END and act.answer is not None and act.asked is not None:
            ended: EndRequest = await reading.read(act.asked, EndRequest)
            return ended
    return None


async def _told(reading: _Reading, events: Iterable[HistoryEvent]) -> AsyncIterator[Event]:
    for event in events:
        if not event.HasField("workflow_execution_signaled_event_attributes"):
            continue
        signal = event.workflow_execution_signaled_event_attributes
        for payload in signal.input.payloads:
            try:
                told = await reading.read(payload, dict[str, object])
                yield _EVENT.validate_python({"kind": signal.signal_name, **told})
            except (ValidationError, ValueError, RuntimeError, TypeError):
                # The workflow has dropped it, too.
                continue


def _told_before(resumed: Resumed | None) -> tuple[Event, ...]:
    return () if resumed is None else resumed.progress.events


async def _with_mails(
    reading: _Reading, found: Recollection, acts: Sequence[Answered], until: datetime
) -> Recollection:
    resumed = found.start.resumed
    mails = [] if resumed is None else _mails_before(resumed)
    open_ones: list[SendRequest] = []
    for act in acts:
        if act.name == ACTIVITY_SEND and act.asked is not None:
            request: SendRequest = await reading.read(act.asked, SendRequest)
            outcome = act.answer and await reading.read(act.answer, SendOutcome)
            if isinstance(outcome, Sent | InDoubt):
                mails.append(Remembered(request=request, outcome=outcome))
            elif act.at <= until and may_have_gone(outcome, act.attempt):
                open_ones.append(request)
    settled = {one: word async for one, word in _settled(reading, acts)}
    heard = (one for one in found.told if isinstance(one, SendSettled))
    settled |= {one.send: one.accepted for one in heard}
    mails = [one.model_copy(update={"settled": settled.get(one.outcome.send)}) for one in mails]
    known = {(one.request.step, one.request.occurrence) for one in mails}
    left = {
        (one.step, one.occurrence): one
        for one in open_ones
        if (one.step, one.occurrence) not in known
    }
    update = {"mails": tuple(mails), "unanswered": tuple(left.values())}
    return found.model_copy(update=update)


def may_have_gone(outcome: object, attempt: int) -> bool:
    """Tell whether one attempt may have posted a mail, and a later one found no claim of it."""
    if outcome is None:
        return True
    return isinstance(outcome, Braked | Deferred) and attempt > 1


async def _settled(reading: _Reading, acts: Iterable[Answered]) -> AsyncIterator[tuple[str, bool]]:
    for act in acts:
        if act.name == ACTIVITY_SETTLE and act.answer is not None and act.asked is not None:
            asked: SettleRequest = await reading.read(act.asked, SettleRequest)
            answer: Settled = await reading.read(act.answer, Settled)
            # One that may be sent again is in doubt until it is.
            if not answer.again:
                yield asked.send, answer.accepted


def _mails_before(resumed: Resumed) -> list[Remembered]:
    row, progress = resumed.enrolled.row, resumed.progress
    went = [_before(row, one, doubtful=False) for one in progress.mails]
    return [*went, *(_before(row, one, doubtful=True) for one in progress.doubts)]


def _before(row: str, mail: Mail, *, doubtful: bool) -> Remembered:
    request = SendRequest(
        row=row,
        step=mail.step,
        occurrence=mail.occurrence,
        due=mail.at,
        now=mail.at,
        why="as its workflow remembers",
    )
    if doubtful:
        return Remembered(request=request, outcome=InDoubt(send=mail.send, at=mail.at))
    return Remembered(request=request, outcome=Sent(send=mail.send, at=mail.at, arm=mail.arm))
