"""What would become of a contact in the sequence of a folder: no server, no database."""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field

from activities.zones import zone_name, zone_table
from authoring.loading import load
from authoring.scenarios.beginnings import key_of
from authoring.simulation.closing_days import with_holidays
from authoring.simulation.crowds import Crowd, Summary, simulate_crowd
from authoring.simulation.rates import Rates, RatesByStep, read_rates
from authoring.simulation.scripts import parse_script, placed_before
from authoring.simulation.simulate import Scenario, simulate
from authoring.simulation.simulations import Simulation
from authoring.text.faults import Fault, Faults, Spot
from schemas.calendar import ZoneTable
from schemas.contact import Contact
from schemas.events import Event
from schemas.sequence import Sequence
from schemas.values import Facts, Value, cut
from workflows.moments.calendar import local, moment_of


class Supposed(Value):
    """Whom and what to suppose; a naive `start` is local time in the enrollment's zone.

    `timezone` goes before the sequence's and the contact's own.
    Without a `contact` the audience is not asked, since nobody is known to be in it or not; one
    without an `id` is not spread. What happened `before` lies before the start.
    """

    start: datetime
    timezone: str | None = None
    contact: Facts | None = None
    key: str | None = None
    values: Facts = Field(default_factory=dict)
    script: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    step: str | None = None


def simulate_folder(folder: Path, supposed: Supposed) -> Simulation | Faults:
    """Check the folder's sequence and run one contact through it, or say what is wrong in it."""
    loaded = load(folder)
    if isinstance(loaded, Faults):
        return loaded
    version, found = loaded.version, loaded.version.sequence
    script = parse_script(supposed.script, found)
    if isinstance(script, Faults):
        return script
    zone = _zone(found, supposed)
    start, contact = cut(_in_utc(supposed.start, zone)), supposed.contact or {}
    before = _before(found, supposed.before, start, zone)
    if isinstance(before, Faults):
        return before
    scenario = Scenario(
        start=start,
        zone=zone,
        contact=contact,
        script=script,
        key=supposed.key or key_of(found, contact, supposed.values),
        values=supposed.values,
        contact_id=str(contact.get("id") or ""),
        before=before,
        step=supposed.step,
        caps=loaded.project.caps,
    )
    return simulate(_asked(with_holidays(version, contact, start), supposed), scenario)


class Many(Value):
    """How many to suppose, spread over how many days and over which zones, and how they are.

    Without `zones` all are where the one would be; `file` holds rates by step, and goes before
    `rates`.
    """

    many: int
    seed: int = 0
    over_days: int = 1
    zones: tuple[str, ...] = ()
    rates: Rates = Rates()
    file: Path | None = None


def simulate_many(folder: Path, supposed: Supposed, many: Many) -> Summary | Faults:
    """Run many random contacts through the folder's sequence, or say what is wrong in it."""
    loaded = load(folder)
    if isinstance(loaded, Faults):
        return loaded
    version = loaded.version
    rates = RatesByStep(default=many.rates)
    read = rates if many.file is None else read_rates(many.file, version.sequence, many.rates)
    if isinstance(read, Faults):
        return read
    contact, zone = supposed.contact or {}, _zone(version.sequence, supposed)
    start = supposed.start
    crowd = Crowd(
        many=many.many,
        start=local(start.astimezone(UTC), zone) if start.tzinfo else start,
        zones=many.zones or (zone.name,),
        over_days=many.over_days,
        seed=many.seed,
        rates=read,
        contact=contact,
        values=supposed.values,
        caps=loaded.project.caps,
    )
    return simulate_crowd(_asked(with_holidays(version, contact, start), supposed), crowd)


def _before(
    sequence: Sequence, written: tuple[str, ...], start: datetime, zone: ZoneTable
) -> tuple[Event, ...] | Faults:
    script = parse_script(written, sequence, is_before=True)
    if isinstance(script, Faults):
        return script
    placed = placed_before(script, start, zone)
    numbered = enumerate(zip(written, placed, strict=True), 1)
    late = tuple(
        _late(number, text)
        for number, (text, event) in numbered
        if event.at is None or cut(event.at) >= start
    )
    return Faults(faults=late) if late else placed


def _late(number: int, text: str) -> Fault:
    problem = f"`{text}` does not lie before the enrollment"
    at = Spot(file="script", line=number)
    return Fault(at=at, text=text, problem=problem, mend="write it under `--on`")


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
