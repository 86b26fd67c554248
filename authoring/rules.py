"""Reading what holds beside the steps: `exit_on`, `on`, `goals`, `re_enroll`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from authoring.documents import Items, Mapping, Node
from authoring.drafts import Draft, first_of
from authoring.durations import parse_duration
from authoring.faults import Findings, Slip
from authoring.fields import Fields, fields_of, keys, shown
from authoring.matchers import ALWAYS_ENDING, MATCHER_KEYS, read_matcher
from authoring.outline import Outline, Place
from authoring.readers import duration, each, name, parsed, truth
from authoring.steps import read_steps
from schemas.calendar import Duration
from schemas.policies import ExitRule, Goal, Reaction

EXIT_KEYS = keys(f"{MATCHER_KEYS} when as")
REACTION_KEYS = keys(f"{MATCHER_KEYS} do repeat")
GOAL_KEYS = keys("event within repeat", "value currency")


@dataclass(frozen=True)
class ReactionDraft:
    """An entry of `on:`, and the steps that lie in it."""

    reaction: Reaction
    drafts: tuple[Draft, ...]


def read_exit_rules(node: Node, outline: Outline) -> tuple[ExitRule, ...]:
    """Read `exit_on`; what always ends an enrollment may be listed, and changes nothing."""
    items = node.of if isinstance(node, Items) else (node,)
    named = Items(node.at, tuple(item for item in items if shown(item) not in ALWAYS_ENDING))
    rules = each(named, outline.findings, lambda item, _: _exit_rule(item, outline))
    _each_named_once(rules, node, outline.findings)
    return rules


def read_reactions(node: Node, outline: Outline) -> tuple[ReactionDraft, ...]:
    """Read `on:`: what is done beside the steps when an event comes (rule 18)."""
    items = node if isinstance(node, Items) else Items(node.at, (node,))
    return each(items, outline.findings, lambda item, _: _reaction(item, outline))


def read_goals(node: Node, findings: Findings) -> tuple[Goal, ...]:
    """Read `goals`: the successes that a sequence is for (rule 25)."""
    items = node if isinstance(node, Items) else Items(node.at, (node,))
    return each(items, findings, _goal)


def read_re_enroll(node: Node, findings: Findings) -> Literal["never", "always"] | Duration | None:
    """Read `never`, `always` or `after 90 days`."""
    return parsed(node, findings, _re_enroll)


def _exit_rule(node: Node, outline: Outline) -> ExitRule | None:
    fields = None
    if isinstance(node, Mapping):
        fields = fields_of(node, outline.findings, "an entry of `exit_on`", EXIT_KEYS)
    if fields is not None and "when" in fields:
        return _exit_condition(fields, outline)
    matcher = read_matcher(node, fields, outline)
    if matcher is None:
        return None
    called = fields.get("as", name) if fields is not None else None
    if matcher.step and fields is not None and "as" not in fields:
        problem = f"an ending by a {matcher.kind} has no name of its own"
        outline.findings.add(fields.at, matcher.kind, problem, "add `as: interested`, say")
    return ExitRule(name=called or _ENDING.get(matcher.kind) or matcher.name or "", on=matcher)


def _exit_condition(fields: Fields, outline: Outline) -> ExitRule | None:
    for key in MATCHER_KEYS.split():
        if key in fields:
            problem = f"`{key}` and `when` both say what ends the enrollment"
            outline.findings.add(fields.key_at(key), key, problem, "make two entries of it")
    when = fields.get("when", lambda node, _: outline.condition(node))
    called = fields.need("as", name)
    return None if when is None or called is None else ExitRule(name=called, when=when)


def _each_named_once(rules: tuple[ExitRule, ...], node: Node, findings: Findings) -> None:
    for ending in _repeated([rule.name for rule in rules]):
        problem = f"two entries of `exit_on` end as `{ending}`, which tells them not apart"
        findings.add(node.at, ending, problem, "give one of them another `as: …`")


def _repeated(names: list[str]) -> Iterator[str]:
    for position, one in enumerate(names):
        if one in names[:position]:
            yield one


def _reaction(node: Node, outline: Outline) -> ReactionDraft | None:
    fields = fields_of(node, outline.findings, "an entry of `on`", REACTION_KEYS)
    if fields is None:
        return None
    matcher = read_matcher(node, fields, outline)
    steps = fields.need("do", lambda item, _: read_steps(item, outline, Place(beside=True)))
    first = first_of(steps or ())
    repeat = bool(fields.get("repeat", truth))
    done = fields.node("do")
    if isinstance(done, Items) and not done.of:
        outline.findings.add(fields.key_at("do"), "do", "`do` names no step", "write one, or more")
    if matcher is None or first is None:
        return None
    return ReactionDraft(Reaction(on=matcher, first=first, repeat=repeat), steps or ())


def _goal(node: Node, findings: Findings) -> Goal | None:
    fields = fields_of(node, findings, "a goal", GOAL_KEYS)
    if fields is None:
        return None
    event, within = fields.need("event", name), fields.need("within", duration)
    repeat = bool(fields.get("repeat", truth))
    return (
        None if event is None or within is None else Goal(event=event, within=within, repeat=repeat)
    )


def _re_enroll(text: str) -> Literal["never", "always"] | Duration | Slip:
    word = text.strip()
    if word == "never":
        return "never"
    if word == "always":
        return "always"
    rest = word.removeprefix("after ")
    read = parse_duration(rest)
    if rest != word and isinstance(read, Duration):
        return read
    mend = "write `never`, `always` or `after 90 days`"
    return Slip(text=word, problem=f"`{word}` does not say when someone may enter again", mend=mend)


_ENDING = {"reply": "replied"}
