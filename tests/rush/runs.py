"""What Temporal would know of each start: one open run a workflow id, told what is laid out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from schemas.enrollment import EnrollmentStart
from schemas.events import Control, Event, Room, SendSettled, Turn
from schemas.outcomes import (
    Deferred,
    Enrolled,
    Held,
    InDoubt,
    Sent,
    Suppressed,
    Waiting,
)
from tests.rush.folders import STEPS


@dataclass
class Run:
    """One run of an enrollment's workflow, as far as it has come."""

    workflow_id: str
    run_id: str
    start: EnrollmentStart
    state: Literal["asks", "waits", "live", "over"] = "asks"
    until: datetime | None = None
    is_called: bool = False
    enrolled: Enrolled | None = None
    step: int = 0
    due: datetime | None = None
    asks: int = 0
    resumes: int = 0
    doubt: str | None = None
    seen: set[str] = field(default_factory=set)

    @property
    def row(self) -> str:
        assert self.enrolled is not None
        return self.enrolled.row

    @property
    def is_done(self) -> bool:
        return self.step == len(STEPS) or self.state == "over"

    def may_ask(self, now: datetime) -> bool:
        """Tell whether it would ask again now: it was called, or its moment has come."""
        return self.is_called or self.until is None or self.until <= now

    def begun(self, answer: object) -> None:
        self.is_called, self.until = False, None
        if isinstance(answer, Waiting):
            self.state, self.until = "waits", answer.until
        elif isinstance(answer, Enrolled):
            self.state, self.enrolled = "live", answer
        else:
            self.state = "over"

    def sent(self, outcome: object) -> None:
        self.is_called, self.until = False, None
        match outcome:
            case Sent() | Suppressed():
                self.step, self.due = self.step + 1, None
            case InDoubt(send=send):
                self.doubt = send
            case Deferred(until=until, give_up_at=give_up, asks=asks):
                self.until, self.asks = min(until, give_up), asks
            case Held():
                self.resumes += 1

    def settled(self, _answer: object) -> None:
        self.doubt, self.step, self.due = None, self.step + 1, None
        self.until = None

    def gone(self, _answer: object) -> None:
        self.state = "over"

    def told(self, events: Iterable[Event]) -> None:
        """Take in what the relay brings."""
        for event in events:
            if event.id in self.seen:
                continue
            self.seen.add(event.id)
            self._hear(event)

    def _hear(self, event: Event) -> None:
        if isinstance(event, Turn) and self.state == "waits":
            self.is_called = True
        elif isinstance(event, Room) and event.step == STEPS[min(self.step, 1)]:
            self.is_called = self.is_called or event.asks >= self.asks
        elif isinstance(event, SendSettled) and self.doubt == event.send:
            self.settled(event)
        elif isinstance(event, Control) and event.action == "exit" and self.state == "waits":
            self.is_called = True
