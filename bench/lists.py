"""Rows of a list started a second, beside bare workflows that the same client starts."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median

from pydantic import JsonValue
from temporalio.client import Client, WorkflowHandle

from bench.costs import Run, timed
from bench.figures import Figure, Report, Say, Size
from bench.runs import new_contacts, sleeper_of, started
from bench.sequences import one_mail_after_a_wait, version_of
from bench.servers import Servers, running
from schemas.events import Reply
from schemas.lists import ListReport, ListRequest
from schemas.names import QUEUE_ENROLLMENTS, WORKFLOW_LIST
from starter.lists.running import standing_of
from starter.lists.starting import Rows
from storage.entering import lists
from storage.entering.lists import Item, ListRow, NewList

_AIM = 0.9
_POLL = 0.1

_ABOUT = """Rows of a list whose enrollments are started a second (the row claimed and marked in
PostgreSQL, the workflow started with its search attribute and what the UI shows of it), as a ratio
to bare workflows that the same client starts, as many at once, on the same server, with the same
workers running: a worker of the product and one of bare workflows. Both begin at once and then
sleep. From the first start to the last row marked; then what was started is waited for, so that no
run works off another's rest. Product and bare in turn; the median of the pairs. Beside it the same
as it is done in production, by the list's workflow: the worker that starts the rows is then the one
that lets the enrollments in, too. By CPU time: what the starting client, PostgreSQL and Temporal
used in that time, and the workers for what had begun by then."""

_NOTES = (
    """Where neighbours want the cores, too, the ratio by the clock tells of them; the one by CPU
time moves less.""",
)


@dataclass(frozen=True)
class _Pair:
    """Starts by this client, by the list's workflow, and bare ones."""

    client: Run
    workflow: Run
    bare: Run


async def measure(size: Size, say: Say) -> Report:
    """Measure the pairs."""
    pairs: list[_Pair] = []
    with running("emulator", "worker", "bare", store="memory") as servers:
        servers.publish(version_of(one_mail_after_a_wait()))
        client = await servers.client()
        say("warming up")
        await _pair(servers, client, Size(rows=5))
        began = time.monotonic()
        while len(pairs) < size.pairs and time.monotonic() - began < size.patience.total_seconds():
            pairs.append(await _pair(servers, client, size))
            say(f"pair {len(pairs)} of {size.pairs}: {_words(pairs[-1])}")
    notes = tuple(" ".join(note.split()) for note in _NOTES)
    return Report(about=_ABOUT, figures=_figures(pairs), notes=notes, runs=tuple(map(_row, pairs)))


async def _pair(servers: Servers, client: Client, size: Size) -> _Pair:
    bare = await _bare(servers, client, size.rows)

    async def by_client(kept: ListRow) -> None:
        await Rows(client, servers.engine, kept.id, lambda: True).start(lambda _: None)

    async def by_workflow(kept: ListRow) -> None:
        await client.execute_workflow(
            WORKFLOW_LIST,
            ListRequest(list_id=str(kept.id)),
            id=f"list.{kept.id}",
            task_queue=QUEUE_ENROLLMENTS,
            result_type=ListReport,
        )

    return _Pair(
        client=await _rate(servers, size.rows, by_client),
        workflow=await _rate(servers, size.rows, by_workflow),
        bare=bare,
    )


async def _rate(servers: Servers, rows: int, start: Callable[[ListRow], Awaitable[None]]) -> Run:
    kept = _a_list(servers, rows)
    run = await timed(servers, rows, start(kept))
    while standing_of(servers.engine, kept.id).enrolled < rows:  # noqa: ASYNC110  (the database only answers)
        await asyncio.sleep(_POLL)
    return run


async def _bare(servers: Servers, client: Client, rows: int) -> Run:
    sleepers: list[WorkflowHandle[object, object]] = []

    async def start() -> None:
        sleepers.extend(await started([sleeper_of(client)] * rows))

    run = await timed(servers, rows, start())
    for sleeper in sleepers:
        await sleeper.signal("end", Reply(id="end"))
    await asyncio.gather(*(sleeper.result() for sleeper in sleepers))
    return run


def _a_list(servers: Servers, rows: int) -> ListRow:
    people = new_contacts(servers.engine, rows)
    new = NewList(
        fingerprint=secrets.token_hex(8), sequence="one-mail", name="list", by="bench", terms={}
    )
    with servers.engine.begin() as connection:
        kept = lists.create(connection, new)
        items = (Item(line=line, contact_id=who) for line, who in enumerate(people, 2))
        lists.put(connection, kept.id, items)
    return kept


def _figures(pairs: list[_Pair]) -> tuple[Figure, ...]:
    of = f"median of {len(pairs)} pairs"
    return (
        _ratio(
            f"ratio to bare starts by the same client, {of}",
            [pair.client.rate / pair.bare.rate for pair in pairs],
        ),
        _ratio("the same by CPU time a start", [p.bare.total / p.client.total for p in pairs]),
        _ratio(
            f"ratio where the list's workflow does it, {of}",
            [pair.workflow.rate / pair.bare.rate for pair in pairs],
        ),
        _ratio("the same by CPU time a row", [p.bare.total / p.workflow.total for p in pairs]),
        _speed("rows of a list, by the same client", [pair.client.rate for pair in pairs]),
        _speed("rows of a list, by its workflow", [pair.workflow.rate for pair in pairs]),
        _speed("bare workflows", [pair.bare.rate for pair in pairs]),
        *_costs("bare start", [pair.bare for pair in pairs]),
        *_costs("row by the same client", [pair.client for pair in pairs]),
        *_costs("row by the workflow", [pair.workflow for pair in pairs]),
    )


def _costs(what: str, runs: list[Run]) -> tuple[Figure, ...]:
    return tuple(
        Figure(
            what=f"CPU a {what} in {name}",
            measured=median(run.cpu[name] for run in runs),
            unit="ms",
        )
        for name in runs[0].cpu
        if name != "emulator"
    )


def _ratio(what: str, ratios: list[float]) -> Figure:
    return Figure(what=what, measured=median(ratios), unit="", limit=_AIM, sense="at least")


def _speed(what: str, rates: list[float]) -> Figure:
    return Figure(what=what, measured=median(rates), unit="a second")


def _row(pair: _Pair) -> dict[str, JsonValue]:
    return {
        "rows a second by the client": round(pair.client.rate, 1),
        "rows a second by the workflow": round(pair.workflow.rate, 1),
        "bare starts a second": round(pair.bare.rate, 1),
    }


def _words(pair: _Pair) -> str:
    return (
        f"{pair.client.rate:.0f} rows a second by the client, "
        f"{pair.workflow.rate:.0f} by the workflow, beside {pair.bare.rate:.0f} bare starts"
    )
