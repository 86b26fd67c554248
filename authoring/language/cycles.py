"""Reading `new_cycle`: when a date that has moved is not this one any more (rule 9)."""

from authoring.language.anchors import read_anchor
from authoring.language.vocabulary import AppNames
from authoring.text.documents import Mapping, Node
from authoring.text.faults import Findings
from authoring.text.fields import Fields, fields_of, keys
from authoring.text.readers import any_duration
from schemas.calendar import Duration, Unit
from schemas.conditions import Fact
from schemas.policies import Cycle
from schemas.sequence import Sequence
from schemas.steps import At

CYCLE_KEYS = keys("of over")


def read_cycle(fields: Fields, sequence: Sequence, names: AppNames) -> Cycle | None:
    """Read `new_cycle`, or work out the one that a trigger `near:` brings along."""
    node = fields.node("new_cycle")
    anchors = _trigger_anchors(sequence) or _step_anchors(sequence)
    if isinstance(node, Mapping):
        return _written(node, fields.findings, names)
    if node is not None:
        over = _days(node, fields.findings)
        anchor = _only(anchors, fields, "new_cycle")
        return None if over is None or anchor is None else Cycle(anchor=anchor, over=over)
    if not _trigger_anchors(sequence):
        return None
    anchor = _only(anchors, fields, "enroll_on")
    return None if anchor is None else _between(anchor, fields, sequence)


def _written(node: Mapping, findings: Findings, names: AppNames) -> Cycle | None:
    fields = fields_of(node, findings, "`new_cycle`", CYCLE_KEYS)
    if fields is None:
        return None
    anchor = fields.need("of", lambda one, found: read_anchor(one, found, names))
    over = fields.need("over", _days)
    return None if anchor is None or over is None else Cycle(anchor=anchor, over=over)


def _only(anchors: list[Fact], fields: Fields, key: str) -> Fact | None:
    if len(anchors) == 1:
        return anchors[0]
    problem = "it is not clear which date begins a new cycle: several are named"
    if not anchors:
        problem = "no step goes by a date, so none can begin a new cycle"
    mend = "write `new_cycle: {of: data.contract_end, over: 60 days}`"
    fields.findings.add(fields.key_at(key), key, problem, mend)
    return None


def _between(anchor: Fact, fields: Fields, sequence: Sequence) -> Cycle | None:
    minutes = [_minutes(at) for at in _moments(sequence) if at.anchor == anchor]
    if len(minutes) > 1:
        return Cycle(anchor=anchor, over=(max(minutes) - min(minutes)) // _DAY)
    problem = f"how much later a date of `{anchor.of}.{anchor.path}` is a new one cannot be told"
    mend = "add `new_cycle: 60 days`, say"
    fields.findings.add(fields.key_at("enroll_on"), "enroll_on", problem, mend)
    return None


def _days(node: Node, findings: Findings) -> int | None:
    read = any_duration(node, findings)
    if read is None or read.unit in (Unit.DAYS, Unit.WEEKS):
        return None if read is None else _length(read) // _DAY
    problem = "a cycle is counted in days or weeks"
    findings.add(node.at, read.words, problem, "write `60 days`, say")
    return None


def _trigger_anchors(sequence: Sequence) -> list[Fact]:
    return list(dict.fromkeys(one.anchor for one in sequence.triggers if one.anchor))


def _step_anchors(sequence: Sequence) -> list[Fact]:
    return list(dict.fromkeys(at.anchor for at in _moments(sequence)))


def _moments(sequence: Sequence) -> list[At]:
    return [email.at for email in sequence.emails if email.at]


def _minutes(at: At) -> int:
    length = _length(at.by) if at.by else 0
    return -length if at.before else length


def _length(duration: Duration) -> int:
    return duration.count * _MINUTES[duration.unit]


_DAY = 1440
_MINUTES = {Unit.MINUTES: 1, Unit.HOURS: 60, Unit.DAYS: _DAY, Unit.WEEKS: 7 * _DAY}
