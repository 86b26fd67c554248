"""Reading the parts of `postroad.yaml`: caps, groups, events, attributes, texts, languages."""

import re

from authoring.language.matchers import ALWAYS_ENDING
from authoring.language.vocabulary import BUILT_IN, MAIL_EVENTS, AttributeType
from authoring.text.documents import Items, Mapping, Node
from authoring.text.faults import Findings
from authoring.text.fields import entries_of, fields_of, keys, shown
from authoring.text.readers import calendar_days, choice, each, name, paragraph, text, whole
from schemas.policies import Caps

CAP_KEYS = keys("per_day per_week defer_up_to")
ATTRIBUTE_TYPES: tuple[AttributeType, ...] = ("text", "number", "truth", "date", "list")
MOST_A_DAY = 100
"""The highest cap a day; seven times as much a week."""


def read_caps(node: Node, findings: Findings) -> Caps | None:
    """Read `{per_day: 1, per_week: 3, defer_up_to: 7 days}`."""
    fields = fields_of(node, findings, "`caps`", CAP_KEYS)
    if fields is None:
        return None
    day = fields.get("per_day", whole(1, MOST_A_DAY))
    week = fields.get("per_week", whole(1, 7 * MOST_A_DAY))
    if "per_day" not in fields and "per_week" not in fields:
        findings.add(fields.at, "", "`caps` names no cap", "add `per_week: 3`, say")
    if day and week and day > week:
        problem = f"{day} a day is more than the {week} a week that are allowed"
        findings.add(fields.key_at("per_day"), "per_day", problem, "lower it")
    defer = fields.get("defer_up_to", calendar_days)
    return Caps(per_day=day, per_week=week, **({} if defer is None else {"defer_up_to": defer}))


def read_groups(node: Node, findings: Findings) -> tuple[str, ...] | None:
    """Read the groups of `exclusive`: a list of names, or names with what each is for."""
    if not isinstance(node, Mapping):
        return _once(each(node, findings, name), node, findings)
    groups = [name(key, findings) for key, _ in node.of]
    for _, purpose in node.of:
        text(purpose, findings)
    return _once(tuple(group for group in groups if group), node, findings)


def read_events(node: Node, findings: Findings) -> tuple[str, ...] | None:
    """Read the names of the events that the app reports."""
    events = _once(each(node, findings, name), node, findings)
    for event in events:
        if event in (*MAIL_EVENTS, *ALWAYS_ENDING):
            problem = f"`{event}` is known of itself: the app does not report it"
            findings.add(node.at, event, problem, "remove it from `events`")
    return events


def read_attributes(node: Node, findings: Findings) -> dict[str, AttributeType] | None:
    """Read the attributes that contacts have, with their types."""
    if not isinstance(node, Mapping):
        problem = "`attributes` must be a mapping of names to types"
        findings.add(node.at, shown(node), problem, "write `role: text`, say")
        return None
    types = {key.written: _type(value, findings) for key, value in entries_of(node, findings)}
    for key, _ in node.of:
        if not key.written.isidentifier() or not key.written.isascii():
            problem = f"`{key.written}` cannot name an attribute"
            findings.add(key.at, key.written, problem, "use letters, digits and underscores")
        elif key.written in BUILT_IN:
            problem = f"every contact has `{key.written}` of itself"
            findings.add(key.at, key.written, problem, "remove it")
    return {called: kind for called, kind in types.items() if kind is not None}


def read_snippets(node: Node, findings: Findings) -> dict[str, str] | None:
    """Read short texts by name."""
    if not isinstance(node, Mapping):
        problem = "`snippets` must be a mapping of names to texts"
        findings.add(node.at, shown(node), problem, 'write `ps: "…"`, say')
        return None
    for key, _ in node.of:
        if not key.written.isidentifier():
            problem = f"`{key.written}` cannot name a snippet"
            findings.add(key.at, key.written, problem, "use letters, digits and underscores")
    entries = entries_of(node, findings)
    read = {key.written: paragraph(value, findings) for key, value in entries}
    return {called: said for called, said in read.items() if said is not None}


def read_languages(node: Node, findings: Findings) -> tuple[str, ...] | None:
    """Read the tags of the languages that mails are written in, such as `de` and `de-AT`."""
    tags = _once(each(node, findings, text), node, findings)
    for tag in tags:
        if not _TAG.fullmatch(tag):
            problem = f"`{tag}` is not the tag of a language"
            findings.add(node.at, tag, problem, "write one like `de` or `pt-BR`")
    return tags


def read_url_patterns(node: Node, findings: Findings) -> tuple[str, ...] | None:
    """Read patterns of the URLs that attachments may come from."""
    patterns = _once(each(node, findings, text), node, findings)
    for pattern in patterns:
        if not _PATTERN.match(pattern):
            problem = f"`{pattern}` must begin with `https://` and a host without `*`"
            findings.add(node.at, pattern, problem, "write `https://cdn.acme.example/*`, say")
    return patterns


def _type(node: Node, findings: Findings) -> AttributeType | None:
    word = choice(*ATTRIBUTE_TYPES)(node, findings)
    return next((kind for kind in ATTRIBUTE_TYPES if kind == word), None)


def _once(words: tuple[str, ...], node: Node, findings: Findings) -> tuple[str, ...]:
    for word in dict.fromkeys(one for one in words if words.count(one) > 1):
        findings.add(node.at, word, f"`{word}` stands here twice", "remove one of them")
    if isinstance(node, Items) and not node.of:
        findings.add(node.at, "", "this list is empty", "remove it, or name something")
    return tuple(dict.fromkeys(words))


# RFC 5646, section 2.1: a language, then a script and a region.
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?", re.ASCII)
_PATTERN = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]+)?/", re.ASCII)
