"""A sequence's own tests: files in its folder's `scenarios/`, read strictly."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from authoring.scenarios.beginnings import Source, Start
from authoring.scenarios.expectations import Expected, Reading, read_expected
from authoring.scenarios.lines import Script
from authoring.simulation.closing_days import with_holidays
from authoring.simulation.hearing import Heard, heard_in
from authoring.simulation.scripts import Scripted, at_first
from authoring.text.documents import Mapping, Node
from authoring.text.faults import Findings, Spot
from authoring.text.fields import Fields, fields_of, keys
from authoring.text.files import names_in, read_yaml
from authoring.text.readers import each, name, text
from schemas.calendar import ZoneTable
from schemas.events import Event
from schemas.outcomes import Enrolled
from schemas.progress import Progress
from schemas.values import Facts
from schemas.version import Version
from workflows.after.transitions import begun

SCENARIO_FOLDER = "scenarios"
NOBODY_IN_PARTICULAR = "simulated"
"""The contact's id where a scenario names none: spread and variants depend on it."""

_SHARED = "contact data key start before"
_ZONE = {"timezone": "is no key here: the zone is the contact's, `contact: {timezone: …}`"}
SCENARIO_KEYS = keys(f"scenario {_SHARED} events refuses expect", elsewhere=_ZONE)
FILE_KEYS = keys(f"scenarios {_SHARED}", elsewhere=_ZONE)


@dataclass(frozen=True)
class Written:
    """A scenario: whom, from when on, what happens, and what must come of it.

    `before` lies before the enrollment, `events` since, which `begun` is as it begins; hand-offs
    to `refuses` are refused.
    """

    name: str
    at: Spot
    start: datetime
    zone: ZoneTable
    begun: Progress
    contact: Facts
    values: Facts
    key: str | None
    before: tuple[Event, ...]
    events: tuple[Scripted, ...]
    refuses: frozenset[str]
    expected: Expected

    @property
    def contact_id(self) -> str:
        """The contact's id, by which spread and variants go."""
        return str(self.contact.get("id") or NOBODY_IN_PARTICULAR)


def read_scenarios(folder: Path, version: Version, findings: Findings) -> tuple[Written, ...]:
    """Read all scenario files of a sequence's folder, in order of their names."""
    inside = folder / SCENARIO_FOLDER
    names = names_in(inside, findings) if inside.is_dir() else frozenset[str]()
    files = sorted(inside / one for one in names or () if one.endswith((".yaml", ".yml")))
    reader = _Reader(version, heard_in(version.sequence), findings)
    read = [one for file in files for one in reader.in_file(file)]
    _no_name_twice(read, findings)
    return tuple(read)


@dataclass(frozen=True)
class _Reader:
    version: Version
    heard: Heard
    findings: Findings

    def in_file(self, file: Path) -> tuple[Written, ...]:
        node = read_yaml(file, self.findings)
        if node is None:
            return ()
        if not isinstance(node, Mapping) or not any(k.written == "scenarios" for k, _ in node.of):
            alone = self._scenario(node, {})
            return () if alone is None else (alone,)
        fields = Fields(node, self.findings, FILE_KEYS)
        shared = {key: found for key in _SHARED.split() if (found := fields.node(key))}
        listed = fields.node("scenarios") or node
        return each(listed, self.findings, lambda one, _: self._scenario(one, shared))

    def _scenario(self, node: Node, shared: dict[str, Node]) -> Written | None:
        fields = fields_of(node, self.findings, "a scenario", SCENARIO_KEYS)
        if fields is None:
            return None
        title, expect = fields.need("scenario", text), _expect(fields)
        source = Source(fields, self.findings, shared)
        contact, values = source.facts("contact"), source.facts("data")
        start = source.start(self.heard.sequence, contact)
        key = source.key(self.heard.sequence, contact, values)
        if title is None or start is None or expect is None:
            return None
        progress = self._begun(start, contact, values, key)
        expected = read_expected(expect, Reading(self.heard.sequence, progress, self.findings))
        before, events = self._scripts(source, start, progress)
        if expected is None:
            return None
        return Written(
            name=title,
            at=fields.key_at("scenario"),
            start=start.at,
            zone=start.zone,
            begun=progress,
            contact=contact,
            values=values,
            key=key,
            before=before,
            events=events,
            refuses=_refuses(fields),
            expected=expected,
        )

    def _begun(self, start: Start, contact: Facts, values: Facts, key: str | None) -> Progress:
        enrolled = Enrolled(
            row="simulated",
            version="simulated",
            at=start.at,
            sequence=with_holidays(self.version, contact, start.at),
            zone=start.zone,
            contact=contact,
        )
        return begun(enrolled, key, values)

    def _scripts(
        self, source: Source, start: Start, progress: Progress
    ) -> tuple[tuple[Event, ...], tuple[Scripted, ...]]:
        early = at_first(start.at, start.zone)
        before = Script(self.heard, early, self.findings, is_before=True)
        since = Script(self.heard, progress, self.findings)
        told = before.read(source.node("before"))
        return tuple(one.in_enrollment(early) for one in told), since.read(
            source.fields.node("events")
        )


def _expect(fields: Fields) -> Node | None:
    node = fields.node("expect")
    if node is None:
        fields.findings.add(fields.at, "", "`expect` is missing here", "add `expect: …`")
    return node


def _refuses(fields: Fields) -> frozenset[str]:
    node = fields.node("refuses")
    return frozenset() if node is None else frozenset(each(node, fields.findings, name))


def _no_name_twice(read: list[Written], findings: Findings) -> None:
    first: dict[str, Spot] = {}
    for one in read:
        if one.name in first:
            where = f"{Path(first[one.name].file).name}:{first[one.name].line}"
            problem = f"two scenarios are called `{one.name}`, the first in {where}"
            findings.add(one.at, one.name, problem, "give one of them another name")
        first.setdefault(one.name, one.at)
