"""Reading what is done beside the steps: `on`, and the signs of `high_intent` (rule 18)."""

from dataclasses import dataclass

from authoring.language.drafts import Draft, first_of
from authoring.language.matchers import KINDS, MATCHER_KEYS, NOT_BY, read_counted, read_matcher
from authoring.language.outline import Outline, Place
from authoring.language.steps import read_steps
from authoring.text.documents import Items, Mapping, Node
from authoring.text.fields import Fields, fields_of, keys
from authoring.text.readers import each, one_or_more, truth
from schemas.matchers import Matcher
from schemas.policies import Reaction
from schemas.steps import NotifyStep

REACTION_KEYS = keys(f"{MATCHER_KEYS} do repeat", elsewhere=NOT_BY)
SIGN_KEYS = keys(f"{MATCHER_KEYS} count at_least within", elsewhere=NOT_BY)


@dataclass(frozen=True)
class ReactionDraft:
    """An entry of `on:`, and the steps that lie in it."""

    reaction: Reaction
    drafts: tuple[Draft, ...]


def read_reactions(node: Node, outline: Outline) -> tuple[ReactionDraft, ...]:
    """Read `on:`: what is done beside the steps when an event comes (rule 18)."""
    return one_or_more(node, outline.findings, lambda item, _: _reaction(item, outline))


def read_signs(node: Node, outline: Outline) -> tuple[ReactionDraft, ...]:
    """Read `high_intent:`: signs of interest, each of which the contact's owner is told once."""
    items = node.of if isinstance(node, Items) else (node,)
    numbered = {id(item): number for number, item in enumerate(items, 1)}
    listed = Items(node.at, items)
    return each(listed, outline.findings, lambda item, _: _sign(item, numbered[id(item)], outline))


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


def _sign(node: Node, number: int, outline: Outline) -> ReactionDraft | None:
    matcher = _sign_matcher(node, outline)
    step = f"high-intent-{number}"
    outline.claim_id(step, node.at)
    if matcher is None:
        return None
    notify = NotifyStep(id=step, text=f"A sign of interest: {_words(matcher)}")
    return ReactionDraft(Reaction(on=matcher, first=step), (Draft(notify),))


def _sign_matcher(node: Node, outline: Outline) -> Matcher | None:
    if not isinstance(node, Mapping):
        return read_matcher(node, None, outline)
    fields = Fields(node, outline.findings, SIGN_KEYS)
    counted = "count" in fields
    for key in KINDS if counted else ("at_least", "within"):
        if key in fields:
            problem = f"`{key}` goes with `count`, and there is none here"
            mend = "add `count: click`, say"
            if counted:
                problem, mend = f"`{key}` and `count` both say what is a sign", "make two entries"
            outline.findings.add(fields.key_at(key), key, problem, mend)
    return read_counted(fields, outline) if counted else read_matcher(node, fields, outline)


def _words(matcher: Matcher) -> str:
    what = matcher.name or matcher.kind
    if matcher.at_least > 1 or matcher.within:
        what = f"{matcher.at_least} times {what}"
    elif matcher.kind in ("click", "open"):
        what = f"{what} in {matcher.step or 'any mail'}"
    within = f" within {matcher.within.words}" if matcher.within else ""
    on = f" on {matcher.url}" if matcher.url and "{" not in matcher.url else ""
    return f"{what}{on}{within}"
