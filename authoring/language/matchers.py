"""Which event is meant: a reply, a click or open of a step's mail, or one that the app reports."""

from authoring.language.outline import Outline
from authoring.language.vocabulary import WHERE
from authoring.text.documents import Mapping, Node, Scalar
from authoring.text.fields import Fields, keys
from authoring.text.readers import duration, name, text, truth, whole
from schemas.matchers import Matcher

KINDS = ("event", "click", "open", "reply")
MATCHER_KEYS = "event click open reply where url"
NOT_BY = {"by": "stands only in an entry of `exit_on`"}
"""Said where `by: account` cannot stand."""
ANY = "any"
MOST_COUNTED = 1_000
"""The most events that `at_least` may ask for."""

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
    kinds = [kind for kind in KINDS if kind in fields]
    if len(kinds) != 1:
        problem = "this must name exactly one of `event`, `click`, `open` and `reply`"
        outline.findings.add(fields.at, "", problem, "write `{click: case-study}`, for example")
        return None
    _judge(kinds[0], fields, outline)
    return _of_kind(kinds[0], fields, outline)


def read_counted(fields: Fields, outline: Outline) -> Matcher | None:
    """Read `{count: click, at_least: 3, within: 2 days}`: the event that makes so many of them."""
    what = fields.get("count", lambda node, _: outline.countable(node))
    least = fields.need("at_least", whole(1, MOST_COUNTED))
    within = fields.get("within", duration)
    if what is None or least is None:
        return None
    kind = "event" if what not in KINDS[1:] else what
    _judge(kind, fields, outline)
    return Matcher.model_validate(
        {
            "kind": kind,
            "name": what if kind == "event" else None,
            "at_least": least,
            "within": within,
            "url": fields.get("url", text),
            "where": _where(fields, outline),
        }
    )


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
    return Matcher(kind="event", name=outline.event(node))


def label_of(matcher: Matcher) -> str:
    """Give the word under which `then:` names an event: `reply`, `order_paid`, `click:pricing`."""
    if matcher.kind in ("click", "open"):
        return f"{matcher.kind}:{matcher.step or ANY}"
    return matcher.name or matcher.kind


def _judge(kind: str, fields: Fields, outline: Outline) -> None:
    a = "an" if kind == "open" else "a"
    if "where" in fields and kind != "event":
        problem = f"`where` looks at the fields of an `event`; {a} {kind} has none"
        outline.findings.add(fields.key_at("where"), "where", problem, "remove it")
    if "url" in fields and kind != "click":
        a = "an" if kind == "event" else a
        problem = f"`url` says which link of a `click` is meant; {a} {kind} has none"
        outline.findings.add(fields.key_at("url"), "url", problem, "remove it")


def _of_kind(kind: str, fields: Fields, outline: Outline) -> Matcher | None:
    node = fields.node(kind) or Scalar(fields.at, None, "")
    if kind == "reply":
        return _reply(node, outline)
    if kind == "event":
        return _event(node, fields, outline)
    anywhere = isinstance(node, Scalar) and node.written.strip() == ANY
    step = None if anywhere else outline.mail_step(node)
    if step is None and not anywhere:
        return None
    url = fields.get("url", text)
    return Matcher(kind="click" if kind == "click" else "open", step=step, url=url)


def _reply(node: Node, outline: Outline) -> Matcher | None:
    said = truth(node, outline.findings)
    if said is False:
        outline.findings.add(node.at, "false", "a reply cannot be waited for not to come")
    return Matcher(kind="reply") if said else None


def _event(node: Node, fields: Fields, outline: Outline) -> Matcher | None:
    named = read_named(node, outline)
    where = _where(fields, outline)
    return None if named is None else named.model_copy(update={"where": where})


def _where(fields: Fields, outline: Outline) -> object:
    return fields.get("where", lambda condition, _: outline.condition(condition, WHERE))


ONE_OF_KEYS = keys(MATCHER_KEYS, elsewhere=NOT_BY)
_ENDS = "it ends the enrollment by itself"
_MEND_BY_WORD = {
    "click": "say of which mail: `{click: case-study}`, or `{click: any}`",
    "open": "say of which mail: `{open: intro}`",
    "replied": "did you mean `reply`?",
    **dict.fromkeys(ALWAYS_ENDING, _ENDS),
}
