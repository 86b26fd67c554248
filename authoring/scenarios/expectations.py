"""What a scenario expects, read; and what happened in its stead, side by side."""

from dataclasses import dataclass
from datetime import datetime
from types import UnionType

from authoring.simulation.moments import parse_moment
from authoring.text.documents import Items, Mapping, Node, Scalar
from authoring.text.faults import Findings, Slip, did_you_mean
from authoring.text.fields import Fields, fields_of, keys, report, shown
from authoring.text.readers import each, name, parsed, text
from schemas.progress import Progress
from schemas.sequence import Sequence
from schemas.steps import EffectStep, EmailStep, HandOffStep, TaskStep

Moments = dict[str, tuple[datetime, ...]]
"""When each step is expected, by its id; a step that comes several times has several moments."""


@dataclass(frozen=True)
class Expected:
    """What must come of a scenario; what is None is not looked at.

    `sends` are all sends, unless `only_some`. `ending` is "none" if it must not end; `ending_at`
    its moment, if that is looked at.
    """

    sends: Moments | None = None
    only_some: bool = False
    skipped: frozenset[str] | None = None
    tasks: Moments | None = None
    effects: Moments | None = None
    arms: dict[str, str] | None = None
    ending: str | None = None
    ending_at: datetime | None = None
    refused: str | None = None


EXPECT_KEYS = keys("sends sends_include skipped tasks effects arms ending refused")
NO_ENDING = "none"


@dataclass(frozen=True)
class Reading:
    """What expectations are read against: the sequence, and the enrollment as it begins."""

    sequence: Sequence
    begun: Progress
    findings: Findings


def read_expected(node: Node, reading: Reading) -> Expected | None:
    """Read what stands under `expect`."""
    fields = fields_of(node, reading.findings, "`expect`", EXPECT_KEYS)
    if fields is None:
        return None
    _judge(fields)
    name, moment = _ending(fields, reading)
    return Expected(
        sends=_moments(fields, "sends", EmailStep, reading)
        if "sends" in fields
        else _moments(fields, "sends_include", EmailStep, reading),
        only_some="sends" not in fields,
        skipped=_skipped(fields, reading),
        tasks=_moments(fields, "tasks", TaskStep, reading),
        effects=_moments(fields, "effects", EffectStep, reading),
        arms=_arms(fields, reading),
        ending=name,
        ending_at=moment,
        refused=fields.get("refused", name_of_refusal),
    )


def name_of_refusal(node: Node, findings: Findings) -> str | None:
    """Read why an enrollment is refused: `audience`, `suppressed`, or an `exit_on` name."""
    return name(node, findings)


def _judge(fields: Fields) -> None:
    there = [key for key in EXPECT_KEYS if key in fields]
    if not there:
        fields.findings.add(fields.at, "", "`expect` says nothing", "add `sends` and `ending`")
    if "refused" in there and len(there) > 1:
        problem = "whoever is refused gets nothing and has no ending"
        fields.findings.add(fields.key_at("refused"), "refused", problem, "leave out the rest")
    if "sends" in there and "sends_include" in there:
        at = fields.key_at("sends_include")
        problem = "`sends` and `sends_include` exclude each other"
        fields.findings.add(at, "sends_include", problem, "`sends` are all sends")


def _moments(fields: Fields, key: str, kind: type | UnionType, reading: Reading) -> Moments | None:
    node = fields.node(key)
    if node is None:
        return None
    if isinstance(node, Mapping):
        return _by_step(node, kind, reading)
    if isinstance(node, Scalar) and node.value in (None, NO_ENDING):
        return {}
    problem, mend = f"`{key}` must say when each step comes", "write `{STEP: MOMENT, …}`, or `none`"
    reading.findings.add(node.at, shown(node), problem, mend)
    return None


def _by_step(mapping: Mapping, kind: type | UnionType, reading: Reading) -> Moments:
    found: Moments = {}
    for key, node in mapping.of:
        step = _step(key, kind, reading)
        if key.written in found:
            problem, mend = f"`{key.written}` stands here twice", "write `[MOMENT, MOMENT]`"
            reading.findings.add(key.at, key.written, problem, mend)
        moments = _list(node, reading)
        if step is not None:
            found[step] = tuple(sorted(moments))
    return found


def _list(node: Node, reading: Reading) -> list[datetime]:
    nodes = node.of if isinstance(node, Items) else (node,)
    read = [_moment(one, reading) for one in nodes]
    return [one for one in read if one is not None]


def _moment(node: Node, reading: Reading) -> datetime | None:
    place = parsed(node, reading.findings, parse_moment)
    return place and place(reading.begun)


def _step(node: Scalar, kind: type | UnionType, reading: Reading) -> str | None:
    known = _ids(reading.sequence, kind)
    if node.written in known:
        return node.written
    problem = f"`{node.written}` is no step of the sequence that can stand here"
    reading.findings.add(node.at, node.written, problem, did_you_mean(node.written, known))
    return None


def _ids(sequence: Sequence, kind: type | UnionType) -> tuple[str, ...]:
    return tuple(step.id for step in sequence.steps if isinstance(step, kind))


def _skipped(fields: Fields, reading: Reading) -> frozenset[str] | None:
    node = fields.node("skipped")
    if node is None:
        return None

    def read(one: Node, findings: Findings) -> str | None:
        if isinstance(one, Scalar):
            return _step(one, _SKIPPABLE, reading)
        problem, mend = "`skipped` names steps, without moments", "write `[STEP, STEP]`"
        findings.add(one.at, shown(one), problem, mend)
        return None

    return frozenset(each(node, reading.findings, read))


def _arms(fields: Fields, reading: Reading) -> dict[str, str] | None:
    node = fields.node("arms")
    if node is None:
        return None
    if not isinstance(node, Mapping):
        problem, mend = "`arms` must say which arm each step sends", "write `{STEP: ARM}`"
        reading.findings.add(node.at, shown(node), problem, mend)
        return None
    found = {_step(key, EmailStep, reading): text(arm, reading.findings) for key, arm in node.of}
    return {step: arm for step, arm in found.items() if step and arm}


def _ending(fields: Fields, reading: Reading) -> tuple[str | None, datetime | None]:
    node = fields.node("ending")
    if node is None:
        return None, None
    if isinstance(node, Scalar) and node.value is None:
        return NO_ENDING, None
    written = text(node, reading.findings)
    ending, found, moment = (written or "").partition(" at ")
    place = parse_moment(moment) if found else None
    if isinstance(place, Slip):
        offset = len(ending) + len(found) + place.offset
        report(node, place.model_copy(update={"offset": offset}), reading.findings)
        return None, None
    return ending.strip() or None, place and place(reading.begun)


_SKIPPABLE = EmailStep | TaskStep | HandOffStep | EffectStep
