"""The events of a scenario file, read one a line."""

from dataclasses import dataclass

from authoring.simulation.hearing import Heard
from authoring.simulation.scripts import Scripted, numbered, parse_event
from authoring.text.documents import Items, Mapping, Node, Scalar
from authoring.text.faults import Findings, Slip
from authoring.text.fields import report, shown
from authoring.text.plain import facts_in
from schemas.events import Event
from schemas.progress import Progress
from schemas.values import Facts, cut


@dataclass(frozen=True)
class Script:
    """Reads a list of events as happening to the enrollment `begun`, or before it."""

    heard: Heard
    begun: Progress
    findings: Findings
    is_before: bool = False

    def read(self, node: Node | None) -> tuple[Scripted, ...]:
        """Read the list; what is wrong in it is found and left out."""
        if node is None:
            return ()
        if not isinstance(node, Items):
            mend = "write a line that begins with `- ` for each event"
            self.findings.add(node.at, shown(node), "events must be a list", mend)
            return ()
        read = [self._event(number, one) for number, one in enumerate(node.of, 1)]
        return tuple(one for one in read if one is not None)

    def _event(self, number: int, node: Node) -> Scripted | None:
        told, fields = _line(node, self.findings)
        if told is None:
            problem = "an event is `EVENT@TIME`, or `EVENT@TIME: {field: value}`"
            self.findings.add(node.at, shown(node), problem)
            return None
        line = numbered(told.written, number, fields, is_before=self.is_before)
        scripted = parse_event(line, self.heard)
        if isinstance(scripted, Slip):
            report(told, scripted, self.findings)
            return None
        self._judge(told, scripted.in_enrollment(self.begun))
        return scripted

    def _judge(self, told: Scalar, event: Event) -> None:
        early = event.at is not None and cut(event.at) < self.begun.enrolled_at
        if early and not self.is_before:
            problem = f"`{told.written}` lies before the enrollment"
            self.findings.add(told.at, told.written, problem, "write it under `before`")
        if self.is_before and not early:
            problem = f"`{told.written}` does not lie before the enrollment"
            self.findings.add(told.at, told.written, problem, "write it under `events`")


def _line(node: Node, findings: Findings) -> tuple[Scalar | None, Facts | None]:
    if isinstance(node, Scalar):
        return (node if isinstance(node.value, str) else None), None
    if isinstance(node, Mapping) and len(node.of) == 1:
        key, value = node.of[0]
        if isinstance(value, Mapping):
            return key, facts_in(value, findings)
    return None, None
