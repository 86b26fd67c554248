"""Stand-ins that remember: for the relay, for Temporal, for starting enrollments."""

import asyncio

from typing_extensions import Unpack, override

from schemas.events import Event
from schemas.outcomes import Refused
from starter.data_changes import Change, Changed, Place
from starter.enrolling.enrollments import Started, Terms
from starter.outgoing.relay import Signals


class FakeRelay:
    """Counts how often it was nudged."""

    def __init__(self) -> None:
        self.nudges = 0
        self.runs = False

    def nudge(self) -> None:
        self.nudges += 1

    async def run(self) -> None:
        self.runs = True
        try:
            await asyncio.Event().wait()
        finally:
            self.runs = False


class FakeEnroll:
    """Remembers what it was asked, and answers what it was told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Terms]] = []
        self.answer: Started | Refused = Started(
            workflow_id="welcome.c1", run_id="run-1", contact="c1"
        )
        self.fault: Exception | None = None

    async def __call__(
        self, sequence: str, contact: str, **terms: Unpack[Terms]
    ) -> Started | Refused:
        self.asked.append((sequence, contact, terms))
        if self.fault is not None:
            raise self.fault
        return self.answer


class FakeChange:
    """Remembers the changes that it was told."""

    def __init__(self) -> None:
        self.told: list[Change] = []

    async def __call__(self, whom: str | Place, change: Change) -> Changed | Refused:
        self.told.append(change)
        return Changed(workflow_id=str(whom), at=change.at or change.wall, new=True)


class FakeTemporal:
    """Answers, or does not."""

    def __init__(self) -> None:
        self.is_there = True

    async def answers(self) -> bool:
        return self.is_there


class FakeSignals(Signals):
    """Remembers the signals; knows which workflows run, and fails while `fault` is set."""

    def __init__(self, *closed: str) -> None:
        self.brought: list[tuple[str, Event]] = []
        self.closed = set(closed)
        self.fault: Exception | None = None

    @override
    async def signal(self, workflow_id: str, event: Event) -> bool:
        if self.fault is not None:
            raise self.fault
        if workflow_id in self.closed:
            return False
        self.brought.append((workflow_id, event))
        return True
