"""Reading what lets people in by itself, and how sequences share them (rules 28 and 31)."""

import re
from collections.abc import Callable

from authoring.language.anchors import read_anchor
from authoring.language.matchers import read_named
from authoring.language.outline import Outline
from authoring.language.vocabulary import Allowed
from authoring.text.documents import Node
from authoring.text.durations import parse_duration
from authoring.text.faults import Findings, Slip, did_you_mean
from authoring.text.fields import Fields, fields_of, keys, shown
from authoring.text.readers import (
    calendar_days,
    choice,
    duration,
    name,
    one_or_more,
    parsed,
    truth,
    whole,
)
from schemas.calendar import Duration, Unit
from schemas.matchers import Matcher
from schemas.policies import Trigger, Turns

TRIGGER_KEYS = keys("event where near by inactive for when max backfill create")
BACKFILLS = ("none", "all")
ON_LOST = ("wait", "exit")
TURN_KEYS = ("exclusive", "priority", "on_lost", "if_busy")
HIGHEST = 1_000
"""How far from 0 a priority may be."""


def read_triggers(node: Node, outline: Outline) -> tuple[Trigger, ...]:
    """Read `enroll_on`: the events, dates, silences and conditions that enroll people."""
    return one_or_more(node, outline.findings, lambda item, _: _trigger(item, outline))


def read_turns(fields: Fields, groups: tuple[str, ...] | None) -> Turns | None:
    """Read `exclusive` and what goes with it; `groups` are those that the project names."""
    group = fields.get("exclusive", lambda node, found: _group(node, found, groups))
    priority = fields.get("priority", whole(-HIGHEST, HIGHEST))
    lost, busy = fields.get("on_lost", choice(*ON_LOST)), fields.get("if_busy", _if_busy)
    for key in ("on_lost", "if_busy") if "exclusive" not in fields else ():
        if key in fields:
            problem = f"`{key}` goes with `exclusive`, and there is none here"
            fields.findings.add(fields.key_at(key), key, problem, "add `exclusive: outbound`, say")
    if group is None and priority is None:
        return None
    return Turns(
        exclusive=group,
        priority=priority or 0,
        on_lost="exit" if lost == "exit" else "wait",
        if_busy=busy or "refuse",
    )


def read_per_day(node: Node, findings: Findings) -> int | None:
    """Read `200 per day`."""
    return parsed(node, findings, _parse_per_day)


def _trigger(node: Node, outline: Outline) -> Trigger | None:
    fields = fields_of(node, outline.findings, "an entry of `enroll_on`", TRIGGER_KEYS)
    if fields is None:
        return None
    kinds = [kind for kind in _OWN_KEYS if kind in fields]
    if len(kinds) != 1:
        problem = "this must name exactly one of `event`, `near`, `inactive` and `when`"
        mend = "write `{event: order_placed, backfill: none}`, for example"
        outline.findings.add(fields.at, "", problem, mend)
        return None
    _judge(kinds[0], fields)
    read = _READ[kinds[0]](fields, outline)
    backfill = fields.need("backfill", choice(*BACKFILLS))
    per_day, creates = fields.get("max", read_per_day), bool(fields.get("create", truth))
    if read is None or backfill is None:
        return None
    return Trigger.model_validate(
        {**read, "backfill": backfill, "per_day": per_day, "creates": creates}
    )


def _judge(kind: str, fields: Fields) -> None:
    for key, kinds in _KINDS_BY_KEY.items():
        if key in fields and kind not in kinds:
            problem = f"`{key}` does not go with `{kind}`"
            named = " or ".join(f"`{one}`" for one in kinds)
            fields.findings.add(fields.key_at(key), key, problem, f"it goes with {named}")


def _by_event(fields: Fields, outline: Outline) -> dict[str, object] | None:
    matcher = fields.get("event", lambda node, _: _app_event(node, outline))
    where = fields.get("where", lambda node, _: outline.condition(node, Allowed(("event",))))
    if matcher is None:
        return None
    return {"kind": "event", "on": matcher.model_copy(update={"where": where})}


def _by_date(fields: Fields, outline: Outline) -> dict[str, object] | None:
    anchor = fields.get("near", lambda node, found: read_anchor(node, found, outline.names))
    by = fields.need("by", calendar_days)
    return None if anchor is None or by is None else {"kind": "near", "anchor": anchor, "by": by}


def _by_silence(fields: Fields, outline: Outline) -> dict[str, object] | None:
    matcher = fields.get("inactive", lambda node, _: _app_event(node, outline))
    by = fields.need("for", duration)
    return None if matcher is None or by is None else {"kind": "inactive", "on": matcher, "by": by}


def _by_condition(fields: Fields, outline: Outline) -> dict[str, object] | None:
    when = fields.get("when", lambda node, _: outline.condition(node, Allowed(("contact",))))
    return None if when is None else {"kind": "attribute", "when": when}


def _app_event(node: Node, outline: Outline) -> Matcher | None:
    matcher = read_named(node, outline)
    if matcher is None or matcher.kind == "event":
        return matcher
    problem = "a reply enrolls nobody: it answers a mail of a sequence"
    outline.findings.add(node.at, shown(node), problem, "name an event that the app reports")
    return None


def _group(node: Node, findings: Findings, groups: tuple[str, ...] | None) -> str | None:
    group = name(node, findings)
    if group is not None and groups is not None and group not in groups:
        problem = f"`{group}` is no group of `exclusive` in postroad.yaml"
        findings.add(node.at, group, problem, did_you_mean(group, groups))
    return group


def _parse_per_day(text: str) -> int | Slip:
    match = _PER_DAY.fullmatch(text.strip())
    if match is not None and int(match["count"]):
        return int(match["count"])
    problem = f"`{text.strip()}` does not say how many at most"
    return Slip(text=text.strip(), problem=problem, mend="write `200 per day`")


def _if_busy(node: Node, findings: Findings) -> Duration | None:
    if shown(node).strip() == "refuse":
        return None
    return parsed(node, findings, _parse_if_busy)


def _parse_if_busy(text: str) -> Duration | Slip:
    word = text.strip()
    read = parse_duration(word.removeprefix("wait ")) if word.startswith("wait ") else None
    if isinstance(read, Duration) and read.count and read.unit is not Unit.BUSINESS_DAYS:
        return read
    problem = f"`{word}` does not say what becomes of who is busy"
    return Slip(text=word, problem=problem, mend="write `refuse` or `wait 7 days`")


_PER_DAY = re.compile(r"(?P<count>[0-9]{1,7}) per day", re.ASCII)
_OWN_KEYS = ("event", "near", "inactive", "when")
_KINDS_BY_KEY = {
    "where": ("event",),
    "create": ("event",),
    "by": ("near",),
    "for": ("inactive",),
    "max": ("near", "inactive", "when"),
}
_READ: dict[str, Callable[[Fields, Outline], dict[str, object] | None]] = {
    "event": _by_event,
    "near": _by_date,
    "inactive": _by_silence,
    "when": _by_condition,
}
