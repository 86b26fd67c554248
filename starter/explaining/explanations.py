"""One enrollment explained: by its workflow while it runs, by the record alone after that."""

import asyncio
from typing import Literal

from sqlalchemy import Connection, Engine
from temporalio.client import Client

from activities.sequences import sequences
from schemas.explained import Explained
from schemas.outcomes import Refused
from starter.explaining.ledger import corrected
from starter.explaining.sharing import caps_told, lost_turn_told, waiting_for
from starter.explaining.stories import CUT_OFF, Teller, entries_of, state_of, teller, zone_of
from storage.rows import EnrollmentRow
from storage.sending import sends
from workflows.moments.calendar import shown_in
from workflows.telling.explaining import told_after


class Explanation(Explained):
    """An enrollment explained, as told by itself (`live`), or by the record.

    `asked_for` is when it was enrolled and by whom; `waited_for_by` are those who wait for it.
    """

    workflow_id: str
    row: str
    sequence: str
    version: str
    contact: str
    key: str | None
    state: str
    zone: str
    told_by: Literal["live", "record"]
    asked_for: str
    ending: str | None
    waited_for_by: tuple[str, ...] = ()


async def explain(client: Client | None, engine: Engine, ref: str) -> Explanation | Refused:
    """Explain the enrollment that a workflow id or our own id names.

    Without a `client`, or if no worker answers, PostgreSQL's record explains what it knows; of an
    enrollment that has ended it knows all.
    """
    told = await teller(client, engine, ref)
    return told if isinstance(told, Refused) else await asyncio.to_thread(_explained, engine, told)


def _explained(engine: Engine, told: Teller) -> Explanation:
    row, view, zone = told.row, told.view, told.zone
    with engine.connect() as connection:
        explained = None if view is None else view.explained
        known = explained or _recorded(connection, row)
        steps = corrected(known.steps, sends.of_enrollment(connection, row.id), zone)
        lost = () if told.knows_lost_turn else tuple(lost_turn_told(connection, row, zone))
        capped = tuple(caps_told(connection)) if known.ahead else ()
        others = tuple(waiting_for(connection, row))
    more = {"steps": steps, "waits": (*known.waits, *lost), "depends": (*known.depends, *capped)}
    answer = _explanation(told, known.model_copy(update=more), live=bool(explained))
    return answer.model_copy(update={"waited_for_by": others})


def _recorded(connection: Connection, row: EnrollmentRow) -> Explained:
    sequence = sequences().get(connection, row.version)
    if sequence is None:
        raise LookupError(f"There is no version {row.version}.")
    entries = row.timeline or tuple(entries_of(connection, row))
    return told_after(sequence, entries, zone_of(row), _NO_WORKER)


def _explanation(told: Teller, known: Explained, *, live: bool) -> Explanation:
    row, view = told.row, told.view
    state = CUT_OFF if told.is_cut_off else state_of(row)
    if view is not None and live:
        state = view.state
    return Explanation(
        **{name: getattr(known, name) for name in Explained.model_fields},
        workflow_id=row.workflow_id,
        row=str(row.id),
        sequence=row.sequence,
        version=row.version,
        contact=row.contact_id,
        key=row.key,
        state=state,
        zone=told.zone.name,
        told_by="live" if live else "record",
        asked_for=f"{shown_in(row.enrolled_at, told.zone)}, by {row.source}",
        ending=row.ending,
    )


_NO_WORKER = "no worker answers, so nobody can ask the enrollment itself"
