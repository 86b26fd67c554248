"""One enrollment's story: what happened and why, and what comes next, exactly when."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import Connection, Engine
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError

from activities.zones import zone_table
from schemas.calendar import ZoneTable
from schemas.decisions import Wait
from schemas.enrollment import ProgressView
from schemas.outcomes import Refused
from schemas.progress import Entry, Ground, What
from schemas.values import Moment, Value
from starter.asking import ask
from starter.operating import unknown_enrollment
from storage import controls, enrolled
from storage.rows import ControlRow, EnrollmentRow, SendRow
from storage.sending import sends
from workflows.deciding.stops import has_lost_its_turn
from workflows.moments.calendar import shown

CUT_OFF = "cut off"
"""The state of an enrollment on record whose workflow somebody ended in Temporal."""

_PATIENCE = timedelta(seconds=5)
_CUT_OFF = {
    WorkflowExecutionStatus.TERMINATED,
    WorkflowExecutionStatus.FAILED,
    WorkflowExecutionStatus.TIMED_OUT,
}


class Line(Value):
    """Something that happened; `local` is the moment in the enrollment's zone, with its name."""

    at: Moment
    local: str
    what: What
    step: str | None
    why: str


class Coming(Value):
    """What comes next if nothing else happens; without `at` it waits for something to happen."""

    at: Moment | None
    local: str | None
    step: str | None
    why: str


class Story(Value):
    """An enrollment as told by itself (`live`), or by the record where no worker answers."""

    workflow_id: str
    row: str
    sequence: str
    version: str
    contact: str
    state: str
    zone: str
    told_by: Literal["live", "record"]
    past: tuple[Line, ...]
    next: Coming | None
    ending: str | None


async def tell(client: Client | None, engine: Engine, ref: str) -> Story | Refused:
    """Tell the enrollment that a workflow id or our own id names.

    Without a `client`, or if no worker answers, PostgreSQL's record tells what it knows.
    """
    told = await teller(client, engine, ref)
    if isinstance(told, Refused):
        return told
    if told.view is not None:
        return _live(told.row, told.view)
    story = await asyncio.to_thread(_recorded, engine, told.row)
    return story.model_copy(update={"state": CUT_OFF}) if told.is_cut_off else story


class Teller(NamedTuple):
    """Who can tell of an enrollment: its record, and itself (`view`) while it runs."""

    row: EnrollmentRow
    view: ProgressView | None
    is_cut_off: bool

    @property
    def zone(self) -> ZoneTable:
        """Give the zone in which its moments are told: the contact may have moved."""
        progress = None if self.view is None else self.view.progress
        return zone_of(self.row) if progress is None else progress.zone

    @property
    def knows_lost_turn(self) -> bool:
        """Tell whether itself tells of a turn that it has lost."""
        progress = None if self.view is None else self.view.progress
        return progress is not None and has_lost_its_turn(progress)


async def teller(client: Client | None, engine: Engine, ref: str) -> Teller | Refused:
    """Find who tells of the enrollment that a workflow id or our own id names."""
    row = await asyncio.to_thread(_find, engine, ref)
    if row is None:
        return await _not_on_record(client, ref)
    status = None if row.ended_at is not None else await _status(client, row.workflow_id)
    view = None
    if status is WorkflowExecutionStatus.RUNNING and client is not None:
        view = await ask(client, row.workflow_id)
    own = view is not None and view.progress is not None and view.row == str(row.id)
    return Teller(row, view if own else None, status in _CUT_OFF)


async def _status(client: Client | None, workflow_id: str) -> WorkflowExecutionStatus | None:
    if client is None:
        return None
    try:
        handle = client.get_workflow_handle(workflow_id)
        return (await handle.describe(rpc_timeout=_PATIENCE)).status
    except RPCError:
        return None


async def _not_on_record(client: Client | None, ref: str) -> Refused:
    if await _status(client, ref) is not WorkflowExecutionStatus.RUNNING:
        return unknown_enrollment(ref)
    message = f"{ref} has not begun yet: it waits for a worker, so see that one runs"
    return Refused(reason="not_begun", message=message)


def _find(engine: Engine, ref: str) -> EnrollmentRow | None:
    with engine.connect() as connection:
        return enrolled.find(connection, ref)


def _live(row: EnrollmentRow, view: ProgressView) -> Story:
    if view.progress is None:
        raise ValueError("a view without progress tells no story")
    zone = view.progress.zone
    ending = view.progress.ending
    return _story(row, zone, view.progress.timeline).model_copy(
        update={
            "state": view.state,
            "told_by": "live",
            "next": None if view.next is None else _coming(view.next, zone),
            "ending": ending.name if ending else None,
        }
    )


def _coming(wait: Wait, zone: ZoneTable) -> Coming:
    local = None if wait.until is None else shown(wait.until, zone)
    return Coming(at=wait.until, local=local, step=wait.step, why=wait.why)


def _recorded(engine: Engine, row: EnrollmentRow) -> Story:
    zone = zone_of(row)
    if row.timeline is not None:
        return _story(row, zone, row.timeline)
    with engine.connect() as connection:
        return _story(row, zone, entries_of(connection, row))


def zone_of(row: EnrollmentRow) -> ZoneTable:
    """Give the zone in which an enrollment's moments are told."""
    return zone_table(row.zone, "UTC", row.enrolled_at)


def _story(row: EnrollmentRow, zone: ZoneTable, entries: Iterable[Entry]) -> Story:
    return Story(
        workflow_id=row.workflow_id,
        row=str(row.id),
        sequence=row.sequence,
        version=row.version,
        contact=row.contact_id,
        state=state_of(row),
        zone=zone.name,
        told_by="record",
        past=tuple(
            Line(at=one.at, local=shown(one.at, zone), what=one.what, step=one.step, why=one.why)
            for one in entries
        ),
        next=None,
        ending=row.ending,
    )


def state_of(row: EnrollmentRow) -> str:
    """Give the state that the record knows of."""
    if row.ended_at is not None:
        return "ended"
    if row.paused_at is not None:
        return "paused"
    return "reserved" if row.run_id is None else "live"


def entries_of(connection: Connection, row: EnrollmentRow) -> list[Entry]:
    """Give a timeline of what the record knows of an enrollment that has not told its own yet."""
    begun = Entry(at=row.enrolled_at, what=What.ENROLLED, why=f"asked for by {row.source}")
    mails = [_of_send(send) for send in sends.of_enrollment(connection, row.id)]
    orders = [_of_control(one) for one in controls.of_enrollment(connection, row.id)]
    return [begun, *sorted([*mails, *orders, *_over(row)], key=_moment)]


def _moment(entry: Entry) -> datetime:
    return entry.at


def _of_send(send: SendRow) -> Entry:
    what = _WHAT_BY_STATE.get(send.state, What.HELD)
    return Entry(
        at=send.settled_at or send.claimed_at,
        what=what,
        step=send.step,
        why=send.reason or send.why,
        occurrence=send.occurrence,
    )


def _of_control(control: ControlRow) -> Entry:
    what = _WHAT_BY_ACTION[control.action]
    return Entry(at=control.at, what=what, why=f"{control.who}: {control.why or 'gave no reason'}")


def _over(row: EnrollmentRow) -> list[Entry]:
    ending = row.ended()
    if ending is None:
        return []
    grounds = (Ground(rule=37, words=ending.why),) if ending.why else ()
    return [Entry(at=ending.at, what=What.ENDED, why=ending.name, grounds=grounds)]


_WHAT_BY_STATE = {
    "accepted": What.SENT,
    "in_doubt": What.IN_DOUBT,
    "claimed": What.IN_DOUBT,
    "not_sent": What.SETTLED,
}
_WHAT_BY_ACTION = {"pause": What.PAUSED, "resume": What.RESUMED, "exit": What.EVENT}
