"""What a simulation tells: its timeline, its mails, its ending, in local time."""

from datetime import datetime

from schemas.calendar import ZoneTable
from schemas.progress import Ending, Entry, Mail, Progress, What
from schemas.values import Moment, Value
from workflows.calendar import local


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
    timeline: tuple[SimulatedEntry, ...] = ()
    sends: tuple[SimulatedSend, ...] = ()
    ending: Ending | None = None
    refused: str | None = None
    reason: str | None = None
    waiting: str | None = None
    unused: tuple[str, ...] = ()


def told_of(
    sequence: str, progress: Progress, waiting: str | None, unused: tuple[str, ...]
) -> Simulation:
    """Tell what became of an enrollment; `waiting` says for what, if it has not ended."""
    zone = progress.zone
    return Simulation(
        sequence=sequence,
        zone=zone.name,
        timeline=tuple(_shown(entry, zone) for entry in progress.timeline),
        sends=tuple(_mail(mail, zone) for mail in progress.mails),
        ending=progress.ending,
        waiting=waiting,
        unused=unused,
    )


# These parts were checked where they were made; a simulation has a millisecond for all it does.
def _shown(entry: Entry, zone: ZoneTable) -> SimulatedEntry:
    return SimulatedEntry.model_construct(
        at=entry.at,
        local=_wall(entry.at, zone),
        what=entry.what,
        step=entry.step,
        why=entry.why,
    )


def _mail(mail: Mail, zone: ZoneTable) -> SimulatedSend:
    return SimulatedSend.model_construct(
        step=mail.step, at=mail.at, local=_wall(mail.at, zone), arm=mail.arm
    )


def _wall(at: datetime, zone: ZoneTable) -> str:
    return local(at, zone).isoformat(timespec="minutes")
