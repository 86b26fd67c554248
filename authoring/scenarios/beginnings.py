"""Whom a scenario is about, and when and where it begins."""

from dataclasses import dataclass
from datetime import UTC, datetime

from activities.admitting.keys import key_in
from activities.zones import UNIVERSAL, zone_name, zone_table
from authoring.simulation.moments import parse_date_time
from authoring.text.documents import Mapping, Node
from authoring.text.faults import Findings
from authoring.text.fields import Fields, shown
from authoring.text.plain import facts_in
from authoring.text.readers import name, parsed
from schemas.calendar import ZoneTable
from schemas.contact import Contact
from schemas.sequence import Sequence
from schemas.values import Facts, cut
from workflows.moments.calendar import moment_of


def key_of(sequence: Sequence, contact: Facts, values: Facts) -> str | None:
    """Give what an enrollment is per, where the sequence says it; None if it does not."""
    named = {name: str(contact.get(name) or "") for name in ("id", "email")}
    return key_in(sequence, Contact(**named, attributes=contact), values)


@dataclass(frozen=True)
class Start:
    """When a scenario begins, and the offsets of its zone."""

    at: datetime
    zone: ZoneTable


@dataclass(frozen=True)
class Source:
    """A scenario's mapping; what it does not say, the file may say for all (`shared`)."""

    fields: Fields
    findings: Findings
    shared: dict[str, Node]

    def node(self, key: str) -> Node | None:
        """Give what stands under `key` here, else what stands there for all."""
        return self.fields.node(key) or self.shared.get(key)

    def facts(self, key: str) -> Facts:
        """Read the facts under `key`; none are an empty mapping."""
        node = self.node(key)
        if node is None or isinstance(node, Mapping):
            return {} if node is None else facts_in(node, self.findings)
        problem, mend = f"`{key}` must be a mapping of facts", f"write `{key}: {{role: vp-ops}}`"
        self.findings.add(node.at, shown(node), problem, mend)
        return {}

    def key(self, sequence: Sequence, contact: Facts, values: Facts) -> str | None:
        """Give what the enrollment is per."""
        node = self.node("key")
        if sequence.key is None:
            return None if node is None else name(node, self.findings)
        if node is not None:
            problem = "the sequence says itself what it is per"
            self.findings.add(node.at, shown(node), problem, "leave `key` out")
        return key_of(sequence, contact, values)

    def start(self, sequence: Sequence, contact: Facts) -> Start | None:
        """Read the enrollment's own moment, in the zone that the sequence gives this contact."""
        node = self.node("start")
        if node is None:
            mend = "add `start: 2031-03-03 10:00`"
            self.findings.add(self.fields.at, "", "`start` is missing here", mend)
            return None
        read = parsed(node, self.findings, parse_date_time)
        return None if read is None else _start(read, sequence, contact)


def _start(read: datetime, sequence: Sequence, contact: Facts) -> Start:
    own = contact.get("timezone")
    somebody = Contact(id="somebody", email="", timezone=own if isinstance(own, str) else None)
    around = read if read.tzinfo else read.replace(tzinfo=UTC)
    zone = zone_table(zone_name(sequence, somebody), UNIVERSAL, around)
    return Start(cut(around if read.tzinfo else moment_of(read, zone)), zone)
