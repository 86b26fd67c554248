"""The demo from its first to its last line, on a running stack."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from devstack.demo import telling
from devstack.demo.checks import check
from devstack.demo.evidence import gather
from devstack.demo.playing import Play
from devstack.demo.preparing import prepare
from devstack.demo.running import run
from devstack.demo.shapes import DemoFailedError, Mishap, Phase, Prepared, Tell, Told, Took
from devstack.demo.stage import Stage, open_stage
from devstack.demo.trouble import Trouble
from devstack.stack import Stack
from runtime.clock import wall_now

STORIES = {"outbound-vp-ops": ("outbound-vp-ops", "outbound-priority")}
"""The sequences that can be watched, each with those that it needs, itself the first."""

_LOOK_SECONDS = 0.2


def sequences_of(name: str) -> tuple[str, ...]:
    """Give what is published to watch `name`; raises DemoFailedError naming those there are."""
    if name not in STORIES:
        raise DemoFailedError(f"there is no demo of {name}: there is one of {', '.join(STORIES)}")
    return STORIES[name]


def demonstrate(
    stack: Stack, sequence: str, tell: Tell, *, kill_worker_after_slice: int | None = None
) -> Told:
    """Let the whole story happen on a freshly started stack, and check it.

    Programs that end by themselves are started again; for a test of that the worker is killed in
    the midst of a slice after the given one. Raises DemoFailedError, SkipFailedError or
    ChildFailedError, each one clear sentence.
    """
    showing = _show(stack, sequences_of(sequence), tell, kill_worker_after_slice)
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


async def _show(
    stack: Stack, sequences: tuple[str, ...], tell: Tell, kill_after: int | None
) -> Told:
    watch = _Watch()
    async with open_stage(stack.record) as stage:
        trouble = Trouble(stage.emulator, lambda: stack.record.pids["worker"], kill_after)
        with watch.timing("preparing"):
            prepared = await prepare(stage, sequences, tell)
        tell(prepared)
        play = Play(stage, trouble, wall_now())
        with watch.timing("playing"):
            await play.run(sequences, tell)
        tell(Phase(title="Checking PostgreSQL, Temporal and the emulator against each other"))
        with watch.timing("checking"):
            told = await _told(stage, sequences, prepared)
    return told.model_copy(update={"days": play.day, "took": tuple(watch.took)})


async def _told(stage: Stage, sequences: tuple[str, ...], prepared: Prepared) -> Told:
    evidence = await gather(stage, len(prepared.imported.contacts))
    reports = telling.numbers(stage, sequences)
    return Told(
        days=0,
        endings=telling.endings(reports),
        refused=telling.refusals(reports),
        chosen=await telling.chosen(stage, sequences[0]),
        reports=reports,
        checks=check(evidence),
        took=(),
    )


async def _keep_running(stack: Stack, tell: Tell) -> None:
    while True:
        for words in await asyncio.to_thread(stack.revive):
            tell(Mishap(words=words))
        await asyncio.sleep(_LOOK_SECONDS)
