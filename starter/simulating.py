"""What would become of a contact in the sequence of a folder: no server, no database."""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field

from activities.zones import zone_name, zone_table
from authoring.faults import Faults
from authoring.loading import load_version
from authoring.scripts import parse_script
from authoring.simulate import Scenario, Simulation, simulate
from schemas.calendar import ZoneTable
from schemas.contact import Contact
from schemas.sequence import Sequence
from schemas.values import Facts, Value, cut
from workflows.calendar import moment_of


class Supposed(Value):
    """Whom and what to suppose; a naive `start` is local time in the enrollment's zone.

    `timezone` goes before the sequence's and the contact's own.
    Without a `contact` the audience is not asked, since nobody is known to be in it or not.
    """

    start: datetime
    timezone: str | None = None
    contact: Facts | None = None
    key: str | None = None
    values: Facts = Field(default_factory=dict)
    script: tuple[str, ...] = ()


def simulate_folder(folder: Path, supposed: Supposed) -> Simulation | Faults:
    """Check the folder's sequence and run one contact through it, or say what is wrong in it."""
    version = load_version(folder)
    if isinstance(version, Faults):
        return version
    script = parse_script(supposed.script, version.sequence)
    if isinstance(script, Faults):
        return script
    zone = _zone(version.sequence, supposed)
    scenario = Scenario(
        start=cut(_in_utc(supposed.start, zone)),
        zone=zone,
        contact=supposed.contact or {},
        script=script,
        key=supposed.key,
        values=supposed.values,
    )
    return simulate(_asked(version.sequence, supposed), scenario)


def _asked(sequence: Sequence, supposed: Supposed) -> Sequence:
    if supposed.contact is not None:
        return sequence
    return sequence.model_copy(update={"audience": None})


def _zone(sequence: Sequence, supposed: Supposed) -> ZoneTable:
    own = (supposed.contact or {}).get("timezone")
    anybody = Contact(id="anybody", email="", timezone=own if isinstance(own, str) else None)
    named = zone_name(sequence, anybody)
    return zone_table(supposed.timezone, named, _aware(supposed.start))


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _in_utc(moment: datetime, zone: ZoneTable) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment_of(moment, zone)
