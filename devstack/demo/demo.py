"""The demo from its first to its last line, on a running stack."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from authoring.scenarios.trials import folders_in
from devstack.demo import telling
from devstack.demo.checks import check
from devstack.demo.evidence import gather
from devstack.demo.playing import Play
from devstack.demo.preparing import prepare, publish_all
from devstack.demo.rehearsing import (
    SEQUENCES,
    cases_of,
    check_rehearsed,
    first_of_each,
    rehearse,
)
from devstack.demo.running import run
from devstack.demo.shapes import DemoFailedError, Mishap, Phase, Rehearsed, Tell, Told, Took
from devstack.demo.stage import Stage, open_stage
from devstack.demo.trouble import Trouble
from devstack.stack import Stack
from runtime.clock import wall_now

STORY = "outbound-vp-ops"
"""The sequence that some seventy contacts go through, by a fixed script."""

_TOLD = (STORY, "outbound-priority")
_LOOK_SECONDS = 0.2


def sequences_of(name: str | None) -> tuple[str, ...]:
    """Give what is published to watch `name` (None: all), itself the first.

    Raises DemoFailedError naming those there are.
    """
    shipped = tuple(folder.name for folder in folders_in(SEQUENCES))
    if name is None:
        return (*_TOLD, *(one for one in shipped if one not in _TOLD))
    if name not in shipped:
        raise DemoFailedError(f"there is no demo of {name}: there is one of {', '.join(shipped)}")
    return _TOLD if name == STORY else (name, *(one for one in shipped if one != name))


def demonstrate(
    stack: Stack, sequence: str | None, tell: Tell, *, kill_worker_after_slice: int | None = None
) -> Told:
    """Let the whole story happen on a freshly started stack, and check it.

    Programs that end by themselves are started again; for a test of that the worker is killed in
    the midst of a slice after the given one. Raises DemoFailedError, SkipFailedError or
    ChildFailedError, each one clear sentence.
    """
    showing = _show(stack, sequence, tell, kill_worker_after_slice)
    try:
        return run(showing, _keep_running(stack, tell))
    except httpx.HTTPError as fault:
        raise DemoFailedError(
            f"the webhooks app or the emulator failed ({type(fault).__name__}): see .postroad/logs"
        ) from fault


class _Watch:
    def __init__(self) -> None:
        self.took: list[Took] = []

    @contextmanager
    def timing(self, phase: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.took.append(Took(phase=phase, seconds=time.monotonic() - began))


async def _show(stack: Stack, name: str | None, tell: Tell, kill_after: int | None) -> Told:
    sequences, watch = sequences_of(name), _Watch()
    async with open_stage(stack.record) as stage:
        with watch.timing("preparing"):
            publish_all(stage, sequences, tell)
        asked, days = 0, 0
        if sequences[0] == STORY:
            trouble = Trouble(stage.emulator, lambda: stack.record.pids["worker"], kill_after)
            asked, days = await _play(stage, trouble, watch, tell)
        with watch.timing("living scenarios"):
            rehearsed = await _rehearse(stage, name, tell)
        tell(Phase(title="Checking PostgreSQL, Temporal and the emulator against each other"))
        with watch.timing("checking"):
            told = await _told(stage, sequences, asked, rehearsed)
    return told.model_copy(update={"days": days, "took": tuple(watch.took)})


async def _play(stage: Stage, trouble: Trouble, watch: _Watch, tell: Tell) -> tuple[int, int]:
    with watch.timing("enrolling"):
        prepared = await prepare(stage, _TOLD[0], tell)
    tell(prepared)
    play = Play(stage, trouble, wall_now())
    with watch.timing("playing"):
        await play.run(_TOLD, tell)
    return len(prepared.imported.contacts), play.day


async def _rehearse(stage: Stage, name: str | None, tell: Tell) -> tuple[Rehearsed, ...]:
    if name == STORY:
        return ()
    if name is not None:
        return await rehearse(stage, cases_of([name]), tell)
    others = [one for one in sequences_of(None) if one not in _TOLD]
    return await rehearse(stage, first_of_each(cases_of(others)), tell)


async def _told(
    stage: Stage, sequences: tuple[str, ...], asked: int, rehearsed: tuple[Rehearsed, ...]
) -> Told:
    evidence = await gather(stage, asked + len(rehearsed))
    reports = [one for one in telling.numbers(stage, sequences) if one.enrolled or one.refused]
    checks = check(evidence)
    return Told(
        days=0,
        endings=telling.endings(reports),
        refused=telling.refusals(reports),
        chosen=await telling.chosen(stage, sequences[0], rehearsed),
        reports=tuple(reports),
        checks=(*checks, check_rehearsed(rehearsed)) if rehearsed else checks,
        took=(),
        rehearsed=rehearsed,
    )


async def _keep_running(stack: Stack, tell: Tell) -> None:
    while True:
        for words in await asyncio.to_thread(stack.revive):
            tell(Mishap(words=words))
        await asyncio.sleep(_LOOK_SECONDS)
