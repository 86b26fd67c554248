"""Reading what holds beside the steps: `goals`, `unengaged`, `holdout`, `spread`."""

import re

from authoring.language.conditions import parse_condition
from authoring.language.outline import Outline
from authoring.language.vocabulary import Allowed
from authoring.text.documents import Node
from authoring.text.faults import Findings, Slip
from authoring.text.fields import Fields, fields_of, keys, shown
from authoring.text.readers import any_duration, choice, duration, one_or_more, parsed, truth, whole
from schemas.calendar import Unit
from schemas.conditions import Fact
from schemas.policies import Goal, Unengaged

GOAL_KEYS = keys("event within repeat value currency")
UNENGAGED_KEYS = keys("after do opens")
MOST_UNANSWERED = 100
"""The most mails that `unengaged` may wait for an answer to."""


def read_goals(node: Node, outline: Outline) -> tuple[Goal, ...]:
    """Read `goals`: the successes that a sequence is for (rule 25)."""
    return one_or_more(node, outline.findings, lambda item, _: _goal(item, outline))


def read_unengaged(node: Node, findings: Findings) -> Unengaged | None:
    """Read `{after: 4, do: exit}`: whom no mail moves gets no more (rule 32)."""
    fields = fields_of(node, findings, "`unengaged`", UNENGAGED_KEYS)
    if fields is None:
        return None
    after = fields.need("after", whole(1, MOST_UNANSWERED))
    fields.get("do", choice("exit"))
    opens = bool(fields.get("opens", truth))
    return None if after is None else Unengaged(after=after, opens=opens)


def read_holdout(node: Node, findings: Findings) -> int | None:
    """Read `5%` or `2.5%`, as hundredths of a percent."""
    return parsed(node, findings, _holdout)


def read_share(node: Node, findings: Findings) -> int | None:
    """Read `5%` or `0.1%` of mails, more than none of them, as hundredths of a percent."""
    return parsed(node, findings, _share)


def read_spread(node: Node, findings: Findings) -> int | None:
    """Read a spread of whole minutes or hours, in minutes (rule 11)."""
    read = any_duration(node, findings)
    if read is None or not read.count or read.unit in _SPREADS:
        return None if read is None else read.count * _SPREADS.get(read.unit, 0)
    problem = f"`{shown(node)}` is too long a spread: it must end with the window's day"
    findings.add(node.at, shown(node), problem, "write minutes or hours: `30 minutes`")
    return None


def read_key(node: Node, findings: Findings) -> Fact | None:
    """Read `key: data.order_id`: what an enrollment is per."""
    fact = parsed(node, findings, lambda text: _fact(text, Allowed(("data",))))
    return fact if isinstance(fact, Fact) else None


def _goal(node: Node, outline: Outline) -> Goal | None:
    fields = fields_of(node, outline.findings, "a goal", GOAL_KEYS)
    if fields is None:
        return None
    event = fields.need("event", lambda one, _: outline.event(one))
    within, repeat = fields.need("within", duration), bool(fields.get("repeat", truth))
    value, currency = fields.get("value", _field), fields.get("currency", _field)
    _judge_worth(fields)
    if event is None or within is None:
        return None
    return Goal(event=event, within=within, repeat=repeat, value=value, currency=currency)


def _judge_worth(fields: Fields) -> None:
    if "currency" in fields and "value" not in fields:
        problem = "`currency` says what a `value` is counted in, and there is none here"
        mend = "add `value: event.amount`, say"
        fields.findings.add(fields.key_at("currency"), "currency", problem, mend)


def _field(node: Node, findings: Findings) -> Fact | None:
    fact = parsed(node, findings, lambda text: _fact(text, Allowed(("event",))))
    return fact if isinstance(fact, Fact) else None


def _fact(text: str, allowed: Allowed) -> Fact | Slip:
    read = parse_condition(text, allowed)
    if isinstance(read, Fact | Slip):
        return read
    mend = f"write `{allowed.facts[0]}.order_id`, say"
    return Slip(text=text, problem=f"`{text.strip()}` is not the name of one fact", mend=mend)


def _holdout(text: str) -> int | Slip:
    match = _PERCENT.fullmatch(text.strip())
    share = -1 if match is None else int(match["whole"]) * 100 + _hundredths(match["part"])
    if 0 <= share < _EVERYBODY:
        return share
    problem = f"`{text.strip()}` is not a share of the contacts below 100%"
    return Slip(text=text.strip(), problem=problem, mend="write it like `5%`")


def _share(text: str) -> int | Slip:
    match = _PERCENT.fullmatch(text.strip())
    share = 0 if match is None else int(match["whole"]) * 100 + _hundredths(match["part"])
    if 0 < share <= _EVERYBODY:
        return share
    problem = f"`{text.strip()}` is not a share of the mails, above 0%"
    return Slip(text=text.strip(), problem=problem, mend="write it like `5%` or `0.1%`")


def _hundredths(part: str | None) -> int:
    return int((part or "0").ljust(2, "0"))


_PERCENT = re.compile(r"(?P<whole>[0-9]{1,3})(?:\.(?P<part>[0-9]{1,2}))?\s*%", re.ASCII)
_EVERYBODY = 10_000
_SPREADS = {Unit.MINUTES: 1, Unit.HOURS: 60}
