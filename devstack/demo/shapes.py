"""What the demo tells while it runs, and at its end: frozen values, nothing made up."""

from collections.abc import Callable
from datetime import datetime

from reports.steps import SequenceReport
from schemas.values import Value
from starter.explaining.stories import Story
from starter.lists.importing import Imported
from storage.results import Results


class Phase(Value):
    """Something that takes a while begins."""

    title: str


class Prepared(Value):
    """Everybody is enrolled or refused; `refused` counts by reason."""

    imported: Imported
    enrolled: int
    refused: dict[str, int]


class Progressed(Value):
    """A slice is over: the virtual moment, what people did in it, and the numbers so far."""

    at: datetime
    day: int
    results: tuple[Results, ...]
    did: tuple[str, ...]


class Mishap(Value):
    """A process ended by itself, and was started again."""

    words: str


class Ended(Value):
    """So many enrollments of a sequence ended so."""

    sequence: str
    ending: str
    count: int


class Chosen(Value):
    """One contact's whole story, an enrollment after the other, and why it is worth reading."""

    title: str
    stories: tuple[Story, ...]


class Checked(Value):
    """A promise, whether it was kept, by which figures, and what it is about in particular."""

    promise: str
    kept: bool
    figures: str
    listed: tuple[str, ...] = ()


class Rehearsed(Value):
    """A scenario that was lived: how many mails it brought, how it ended, and what was amiss.

    `happened` counts the lines of its timeline.
    """

    sequence: str
    scenario: str
    workflow_id: str
    is_refused: bool
    mails: int
    happened: int
    ending: str
    fault: str = ""


class Took(Value):
    """How long a phase took, in seconds of real time."""

    phase: str
    seconds: float


class Told(Value):
    """The end of the story."""

    days: int
    endings: tuple[Ended, ...]
    refused: tuple[Ended, ...]
    chosen: tuple[Chosen, ...]
    reports: tuple[SequenceReport, ...]
    checks: tuple[Checked, ...]
    took: tuple[Took, ...]
    rehearsed: tuple[Rehearsed, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every promise was kept."""
        return all(check.kept for check in self.checks)


News = Phase | Prepared | Progressed | Mishap
Tell = Callable[[News], None]
"""Hears what happens, in the event loop's thread."""


class DemoFailedError(Exception):
    """The demo cannot go on; the message is one sentence with the mend."""
