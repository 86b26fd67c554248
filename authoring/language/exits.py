"""Reading `exit_on`: the events and conditions that end an enrollment (rule 25)."""

from collections.abc import Iterator

from authoring.language.matchers import ALWAYS_ENDING, MATCHER_KEYS, read_matcher
from authoring.language.outline import Outline
from authoring.text.documents import Items, Mapping, Node
from authoring.text.faults import Findings
from authoring.text.fields import Fields, fields_of, keys, shown
from authoring.text.readers import choice, each, name
from schemas.matchers import Matcher
from schemas.policies import ExitRule

EXIT_KEYS = keys(f"{MATCHER_KEYS} by when as")
WHOSE = ("contact", "account")


def read_exit_rules(node: Node, outline: Outline) -> tuple[ExitRule, ...]:
    """Read `exit_on`; what always ends an enrollment may be listed, and changes nothing."""
    items = node.of if isinstance(node, Items) else (node,)
    named = Items(node.at, tuple(item for item in items if shown(item) not in ALWAYS_ENDING))
    rules = each(named, outline.findings, lambda item, _: _exit_rule(item, outline))
    _each_named_once(rules, node, outline.findings)
    return rules


def _exit_rule(node: Node, outline: Outline) -> ExitRule | None:
    fields = None
    if isinstance(node, Mapping):
        fields = fields_of(node, outline.findings, "an entry of `exit_on`", EXIT_KEYS)
    if fields is not None and "when" in fields:
        return _exit_condition(fields, outline)
    matcher = read_matcher(node, fields, outline)
    if matcher is None:
        return None
    if fields is None:
        return ExitRule(name=_ending(matcher), on=matcher)
    matcher = _whose(matcher, fields, outline.findings)
    called = fields.get("as", name)
    if matcher.kind in _NAMELESS and "as" not in fields:
        a = "an" if matcher.kind == "open" else "a"
        problem = f"an ending by {a} {matcher.kind} has no name of its own"
        outline.findings.add(fields.at, matcher.kind, problem, "add `as: interested`, say")
    return ExitRule(name=called or _ending(matcher), on=matcher)


def _whose(matcher: Matcher, fields: Fields, findings: Findings) -> Matcher:
    if fields.get("by", choice(*WHOSE)) != "account":
        return matcher
    if matcher.kind in _NAMELESS:
        problem = f"`by: account` goes with a reply or an event, not with `{matcher.kind}`"
        findings.add(fields.key_at("by"), "by", problem, "remove it")
    return matcher.model_copy(update={"by": "account"})


def _ending(matcher: Matcher) -> str:
    own = "replied" if matcher.kind == "reply" else matcher.name or matcher.kind
    return f"account_{own}" if matcher.by == "account" else own


def _exit_condition(fields: Fields, outline: Outline) -> ExitRule | None:
    for key in (*MATCHER_KEYS.split(), "by"):
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


_NAMELESS = ("click", "open")
