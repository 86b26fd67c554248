"""Which event is meant: a reply, a click or open of a step's mail, or one that the app reports."""

from authoring.documents import Mapping, Node, Scalar
from authoring.fields import Fields
from authoring.outline import Outline
from authoring.readers import name, truth
from authoring.vocabulary import WHERE
from schemas.matchers import Matcher

MATCHER_KEYS = "event click open reply where"

ALWAYS_ENDING = (
    "bounce",
    "bounced",
    "complaint",
    "complained",
    "unsubscribe",
    "unsubscribed",
    "blocked",
    "left_company",
)
"""What ends an enrollment or its marketing part whether it is listed or not (rule 24)."""


def read_matcher(node: Node, fields: Fields | None, outline: Outline) -> Matcher | None:
    """Read an event: a bare name, or the fields of a mapping."""
    if fields is None:
        return None if isinstance(node, Mapping) else read_named(node, outline)
    kinds = [kind for kind in ("event", "click", "open", "reply") if kind in fields]
    if len(kinds) != 1:
        problem = "this must name exactly one of `event`, `click`, `open` and `reply`"
        outline.findings.add(fields.at, "", problem, "write `{click: case-study}`, for example")
        return None
    if "where" in fields and kinds != ["event"]:
        problem = f"`where` looks at the fields of an `event`; a {kinds[0]} has none"
        outline.findings.add(fields.key_at("where"), "where", problem, "remove it")
    return _of_kind(kinds[0], fields, outline)


def read_named(node: Node, outline: Outline) -> Matcher | None:
    """Read an event's bare name; `reply` is a person's answer."""
    word = name(node, outline.findings)
    if word is None:
        return None
    if word == "reply":
        return Matcher(kind="reply")
    if word in _MEND_BY_WORD:
        problem = f"`{word}` is no event that the app reports"
        outline.findings.add(node.at, word, problem, _MEND_BY_WORD[word])
        return None
    return Matcher(kind="event", name=word)


def label_of(matcher: Matcher) -> str:
    """Give the word under which `then:` names an event: `reply`, `order_paid`, `click:pricing`."""
    return f"{matcher.kind}:{matcher.step}" if matcher.step else matcher.name or matcher.kind


def _of_kind(kind: str, fields: Fields, outline: Outline) -> Matcher | None:
    node = fields.node(kind) or Scalar(fields.at, None, "")
    if kind == "reply":
        return _reply(node, outline)
    if kind == "event":
        return _event(node, fields, outline)
    step = outline.mail_step(node)
    if step is None:
        return None
    return Matcher(kind="click" if kind == "click" else "open", step=step)


def _reply(node: Node, outline: Outline) -> Matcher | None:
    said = truth(node, outline.findings)
    if said is False:
        outline.findings.add(node.at, "false", "a reply cannot be waited for not to come")
    return Matcher(kind="reply") if said else None


def _event(node: Node, fields: Fields, outline: Outline) -> Matcher | None:
    named = read_named(node, outline)
    if named is None or "where" not in fields:
        return named
    where = fields.get("where", lambda condition, _: outline.condition(condition, WHERE))
    return named.model_copy(update={"where": where})


_ENDS = "it ends the enrollment by itself"
_MEND_BY_WORD = {
    "click": "say of which mail: `{click: case-study}`",
    "open": "say of which mail: `{open: intro}`",
    "replied": "did you mean `reply`?",
    **dict.fromkeys(ALWAYS_ENDING, _ENDS),
}
