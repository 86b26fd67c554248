"""Scripted events, `EVENT[:STEP]@TIME`: what happens when, in a simulated enrollment."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from pydantic import JsonValue

from activities.zones import UNIVERSAL, zone_table
from authoring.simulation.happenings import Make, Told, event_of
from authoring.simulation.hearing import Heard, heard_in
from authoring.simulation.moments import Place, parse_moment
from authoring.text.documents import Node, parse_document
from authoring.text.faults import Fault, Faults, Findings, Slip, Spot
from authoring.text.plain import plain
from schemas.calendar import ZoneTable
from schemas.events import Event
from schemas.progress import Progress
from schemas.sequence import Sequence
from schemas.values import Facts


@dataclass(frozen=True)
class Scripted:
    """An event as written, and how its moment is found once an enrollment has begun."""

    text: str
    make: Make
    place: Place

    def in_enrollment(self, progress: Progress) -> Event:
        """Give the event with its moment in the enrollment that has just begun."""
        return self.make(progress, self.place(progress))


@dataclass(frozen=True)
class Line:
    """What a script says in one line: `mark` becomes the event's id, `fields` stood beside it.

    `is_before` if it happened before the enrollment.
    """

    text: str
    mark: str = "script-0001"
    fields: Facts | None = None
    is_before: bool = False


def parse_script(
    lines: Iterable[str], sequence: Sequence, *, is_before: bool = False
) -> tuple[Scripted, ...] | Faults:
    """Read scripted events, one a line, as ones that this sequence can meet with."""
    heard = heard_in(sequence)
    read = [
        parse_event(numbered(text, number, is_before=is_before), heard)
        for number, text in enumerate(lines, 1)
    ]
    slips = [
        Fault(
            at=Spot(file="script", line=number, column=slip.offset + 1),
            text=slip.text,
            problem=slip.problem,
            mend=slip.mend,
        )
        for number, slip in enumerate(read, 1)
        if isinstance(slip, Slip)
    ]
    if slips:
        return Faults(faults=tuple(slips))
    return tuple(one for one in read if isinstance(one, Scripted))


def numbered(
    text: str, number: int, fields: Facts | None = None, *, is_before: bool = False
) -> Line:
    """Give the line of a script that stands at `number`, counted from 1."""
    mark = f"{'before' if is_before else 'script'}-{number:04}"
    return Line(text, mark, fields, is_before)


def placed_before(
    script: Iterable[Scripted], start: datetime, zone: ZoneTable
) -> tuple[Event, ...]:
    """Give events of before an enrollment that begins at `start`, in the zone as it was then."""
    early = at_first(start, zone)
    return tuple(one.in_enrollment(early) for one in script)


def at_first(start: datetime, zone: ZoneTable) -> Progress:
    """Give an enrollment that begins at `start`, with its zone's offsets from years before on."""
    table = zone_table(zone.name, UNIVERSAL, start.replace(day=1, year=start.year - 2))
    return Progress(enrolled_at=start, first_moment=start, zone=table, tracks=())


def parse_event(line: Line, heard: Heard) -> Scripted | Slip:
    """Read `click:case-study@day 8 10:00`, `contact.country=DE@+4d`, `order_shipped@+3d {…}`.

    TIME is what `parse_moment` reads; what stands in braces are the event's fields.
    """
    inner = _with_fields(line)
    if isinstance(inner, Slip):
        return inner
    head, found, time = inner.text.rpartition("@")
    make = _make(inner, head, heard) if found else _no_event(line)
    if isinstance(make, Slip):
        return make
    place = parse_moment(time)
    if isinstance(place, Slip):
        indent = len(time) - len(time.lstrip())
        return place.model_copy(update={"offset": len(head) + 1 + indent + place.offset})
    return Scripted(line.text, make, place)


def _make(line: Line, head: str, heard: Heard) -> Make | Slip:
    told = _told(line, head)
    return told if isinstance(told, Slip) else event_of(told, heard)


def _no_event(line: Line) -> Slip:
    return Slip(text=line.text, problem=f"`{line.text}` is no scripted event", mend=_EXAMPLE)


def _with_fields(line: Line) -> Line | Slip:
    match = _FIELDS.fullmatch(line.text)
    if match is None or line.fields is not None:
        return line
    findings = Findings()
    node = parse_document(match["fields"], "script", findings)
    if node is None:
        first = findings.faults().faults[0]
        return Slip(offset=match.start("fields"), text=match["fields"], problem=first.problem)
    return replace(line, text=match["head"], fields=_mapping(node))


def _mapping(node: Node) -> Facts:
    value = plain(node)
    return value if isinstance(value, dict) else {}


def _told(line: Line, head: str) -> Told | Slip:
    fact = _FACT.fullmatch(head)
    if fact is not None:
        value = _value(fact["value"])
        fields = {**(line.fields or {}), fact["name"]: value}
        return Told(fact["word"], line.mark, fields=fields, is_before=line.is_before)
    match = _EVENT.fullmatch(head)
    if match is None:
        return _no_event(line)
    until = _date(match["until"])
    if isinstance(until, Slip):
        return until.model_copy(update={"offset": match.start("until")})
    return Told(
        match["word"],
        line.mark,
        about=match["about"],
        until=until,
        fields=line.fields or {},
        is_before=line.is_before,
    )


def _value(written: str) -> JsonValue:
    node = parse_document(written, "script", Findings()) if written.strip() else None
    return written.strip() or None if node is None else plain(node)


def _date(written: str | None) -> date | Slip | None:
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        problem = f"`{written}` is no date"
        return Slip(text=written, problem=problem, mend="write it like `2027-03-20`")


_FIELDS = re.compile(r"(?P<head>.*?@.*?)\s*:?\s*(?P<fields>\{.*\})\s*", re.DOTALL)
_FACT = re.compile(r"\s*(?P<word>contact|data)\.(?P<name>[A-Za-z0-9_-]+)\s*=(?P<value>.*)")
_EVENT = re.compile(
    r"\s*(?P<word>[A-Za-z0-9][A-Za-z0-9._-]*)(?::(?P<about>[^@\s]+))?"
    r"(?:\s+until\s+(?P<until>[0-9-]+))?\s*"
)
_EXAMPLE = "write `EVENT@TIME` or `EVENT:STEP@TIME`, like `click:case-study@day 8 10:00`"
