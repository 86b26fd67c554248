"""Mails a second through the whole path, beside a bare workflow on the same server."""

import time
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import get_args

from pydantic import JsonValue
from temporalio.client import Client

from bench.costs import Run
from bench.figures import Figure, Report, Say, Size
from bench.machine import cpu_seconds
from bench.runs import Start, bare_of, enrollment_of, finished, new_contacts, skipping
from bench.sequences import mails_with_waits, version_of
from bench.servers import Servers, Store, running
from schemas.enrollment import EnrollmentReport

_AIM = 0.8

_ABOUT = """Mails a second through the whole path (workflow, claim in PostgreSQL, render, POST to
the emulator, record), saturated, as a ratio to a bare workflow: as many activities (one a mail, one
each to begin and to end) on as many queues and the same timers, with nothing in them; same server,
same worker settings, a worker process each. The server skips all waits, in both alike: each
workflow goes on as soon as it can. From the first start to the last end; product and bare in turn;
the median of the pairs."""

_NOTES = (
    """The ratio by the clock means something where these processes alone keep all cores busy; the
one by CPU time is then the same, and moves less with what else runs.""",
    "PostgreSQL keeps what it commits (fsync on); the emulator and the driver use the same cores.",
)


@dataclass(frozen=True)
class _Pair:
    product: Run
    bare: Run


@dataclass(frozen=True)
class _Found:
    pairs: list[_Pair]
    unsent: list[str]


async def measure(size: Size, say: Say) -> Report:
    """Measure the pairs on each store."""
    found = {store: await _on(store, size, partial(_said, say, store)) for store in get_args(Store)}
    unsent = [f"Not sent: {words}." for one in found.values() for words in one.unsent]
    return Report(
        about=_ABOUT,
        figures=tuple(
            figure for store, one in found.items() for figure in _figures(store, one.pairs)
        ),
        notes=(*(" ".join(note.split()) for note in _NOTES), *unsent),
        runs=tuple(_row(store, pair) for store, one in found.items() for pair in one.pairs),
    )


async def _on(store: Store, size: Size, say: Say) -> _Found:
    sequence = mails_with_waits(size.mails)
    with running("emulator", "worker", "bare", store=store) as servers:
        servers.publish(version_of(sequence))
        client = skipping(await servers.client())
        say("warming up")
        await _pair(servers, client, Size(enrollments=2, mails=size.mails))
        pairs: list[_Pair] = []
        began = time.monotonic()
        while _goes_on(len(pairs), time.monotonic() - began, size):
            pairs.append(await _pair(servers, client, size))
            say(f"pair {len(pairs)} of {size.pairs}: {_words(pairs[-1])}")
        return _Found(pairs, servers.unsent())


def _goes_on(pairs: int, took: float, size: Size) -> bool:
    one_more = took / pairs if pairs else 0
    return pairs < size.pairs and took + one_more <= size.patience.total_seconds()


async def _pair(servers: Servers, client: Client, size: Size) -> _Pair:
    sequence = mails_with_waits(size.mails).name
    contacts = new_contacts(servers.engine, size.enrollments)
    enrollments = [enrollment_of(client, sequence, contact) for contact in contacts]
    bare = [bare_of(client, size.mails) for _ in contacts]
    return _Pair(
        product=await _timed(servers, enrollments, size.mails),
        bare=await _timed(servers, bare, size.mails),
    )


async def _timed(servers: Servers, starts: list[Start], mails: int) -> Run:
    before = {name: cpu_seconds(pid) for name, pid in servers.pids.items()}
    own, began = time.process_time(), time.perf_counter()
    ends = await finished(starts)
    took, driver = time.perf_counter() - began, time.process_time() - own
    used = {name: cpu_seconds(pid) - before[name] for name, pid in servers.pids.items()}
    count = sum(end.sent if isinstance(end, EnrollmentReport) else mails for end in ends)
    cpu = {name: seconds / count * 1_000 for name, seconds in {**used, "driver": driver}.items()}
    return Run(rate=count / took, cpu=cpu)


def _figures(store: Store, pairs: list[_Pair]) -> list[Figure]:
    by_clock = median(pair.product.rate / pair.bare.rate for pair in pairs)
    by_cpu = median(pair.bare.total / pair.product.total for pair in pairs)
    cpu = [_ratio(f"{store}: the same by CPU time a mail", by_cpu), *_costs(pairs, store)]
    return [
        _ratio(f"{store}: ratio to the bare workflow, median of {len(pairs)} pairs", by_clock),
        _rate(f"{store}: mails through the whole path", [pair.product for pair in pairs]),
        _rate(f"{store}: steps of the bare workflow", [pair.bare for pair in pairs]),
        *(cpu if pairs[0].product.cpu["worker"] else ()),  # without /proc there is none
    ]


def _ratio(what: str, ratio: float) -> Figure:
    return Figure(what=what, measured=ratio, unit="", limit=_AIM, sense="at least")


def _rate(what: str, runs: list[Run]) -> Figure:
    return Figure(what=what, measured=median(run.rate for run in runs), unit="a second")


def _costs(pairs: list[_Pair], store: Store) -> list[Figure]:
    cores = median(pair.product.rate * pair.product.total / 1_000 for pair in pairs)
    return [
        Figure(what=f"{store}: cores that the whole path kept busy", measured=cores, unit=""),
        *(
            Figure(
                what=f"{store}: CPU a mail in {name}, beyond the bare workflow's",
                measured=median(pair.product.cpu[name] - pair.bare.cpu[other] for pair in pairs),
                unit="ms",
            )
            for name, other in _COUNTERPARTS.items()
        ),
    ]


_COUNTERPARTS = {
    "worker": "bare",
    "temporal": "temporal",
    "postgres": "postgres",
    "emulator": "emulator",
}


def _row(store: Store, pair: _Pair) -> dict[str, JsonValue]:
    return {
        "store": store,
        **{
            kind: {
                "a second": round(run.rate, 1),
                "CPU ms a mail": {name: round(cost, 2) for name, cost in run.cpu.items()},
            }
            for kind, run in (("product", pair.product), ("bare", pair.bare))
        },
    }


def _words(pair: _Pair) -> str:
    return (
        f"{pair.product.rate:.0f} mails a second beside {pair.bare.rate:.0f} bare steps; "
        f"CPU {pair.product.total:.0f} ms a mail beside {pair.bare.total:.0f}"
    )


def _said(say: Say, store: Store, words: str) -> None:
    say(f"{store}: {words}")
