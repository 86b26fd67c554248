"""What a simulation tells: its timeline, its mails, its ending, in local time."""

from datetime import datetime
from functools import cached_property

from pydantic import Field, computed_field

from schemas.calendar import ZoneTable
from schemas.progress import Ending, Entry, Mail, Progress, What
from schemas.values import Moment, Value
from workflows.moments.calendar import local


class SimulatedEntry(Value):
    """A line of the timeline; `local` is the wall time in the enrollment's zone."""

    at: Moment
    local: str
    what: What
    step: str | None
    why: str


class SimulatedSend(Value):
    """A mail that would go; `arm` is its variant, if it has any."""

    step: str
    at: Moment
    local: str
    arm: str | None = None


class Simulation(Value):
    """What would happen: `refused` if nobody is enrolled, `waiting` if it does not end.

    `reason` names a refusal in a word, as a refused enrollment's record does. `unused` are the
    scripted events that came before the enrollment or after its ending.
    """

    sequence: str
    zone: str
    ending: Ending | None = None
    refused: str | None = None
    reason: str | None = None
    waiting: str | None = None
    unused: tuple[str, ...] = ()
    progress: Progress | None = Field(default=None, exclude=True, repr=False)

    # Most simulations are only counted: local times are worked out where they are looked at.
    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @cached_property
    def timeline(self) -> tuple[SimulatedEntry, ...]:
        """What happens, line by line."""
        progress = self.progress
        lines = () if progress is None else progress.timeline
        return tuple(_shown(entry, progress.zone) for entry in lines if progress is not None)

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @cached_property
    def sends(self) -> tuple[SimulatedSend, ...]:
        """The mails that go."""
        progress = self.progress
        mails = () if progress is None else progress.mails
        return tuple(_mail(mail, progress.zone) for mail in mails if progress is not None)


def told_of(
    sequence: str, progress: Progress, waiting: str | None, unused: tuple[str, ...]
) -> Simulation:
    """Tell what became of an enrollment; `waiting` says for what, if it has not ended."""
    return Simulation(
        sequence=sequence,
        zone=progress.zone.name,
        ending=progress.ending,
        waiting=waiting,
        unused=unused,
        progress=progress,
    )


def _shown(entry: Entry, zone: ZoneTable) -> SimulatedEntry:
    return SimulatedEntry(
        at=entry.at,
        local=_wall(entry.at, zone),
        what=entry.what,
        step=entry.step,
        why=entry.why,
    )


def _mail(mail: Mail, zone: ZoneTable) -> SimulatedSend:
    return SimulatedSend(step=mail.step, at=mail.at, local=_wall(mail.at, zone), arm=mail.arm)


def _wall(at: datetime, zone: ZoneTable) -> str:
    return local(at, zone).isoformat(timespec="minutes")
