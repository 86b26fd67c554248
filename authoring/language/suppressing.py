"""Reading `suppress_while`: the fact that keeps every mail back while it is true (rule 30)."""

from typing import NamedTuple

from authoring.language.outline import Outline
from authoring.text.documents import Mapping, Node
from authoring.text.faults import Findings, did_you_mean
from authoring.text.fields import Fields, Reader, entries_of, fields_of, keys, shown
from authoring.text.readers import choice, name, one_or_more, text
from schemas.conditions import Fact
from schemas.policies import Suppressor

FACT_KEYS = keys("opens closes id")
SUPPRESSOR_KEYS = keys("fact then match except opens closes id")
THEN = ("resume", "exit")


class OpenFact(NamedTuple):
    """What makes a fact true and what ends it: events that share the value of the field `id`."""

    opens: tuple[str, ...]
    closes: tuple[str, ...]
    id: str


def read_facts(node: Node, outline: Outline) -> dict[str, OpenFact] | None:
    """Read the project's `facts:`, by the names that sequences use."""
    if not isinstance(node, Mapping):
        problem = "`facts` must be a mapping of names to what opens and closes them"
        mend = "write `open_ticket: {opens: ticket_opened, closes: ticket_solved, id: ticket_id}`"
        outline.findings.add(node.at, shown(node), problem, mend)
        return None
    read: dict[str, OpenFact] = {}
    for key, value in entries_of(node, outline.findings):
        fields = fields_of(value, outline.findings, "a fact", FACT_KEYS)
        fact = None if fields is None else _fact(fields, outline)
        if name(key, outline.findings) is not None and fact is not None:
            read[key.written] = fact
    return read


def read_suppressor(
    node: Node, outline: Outline, facts: dict[str, OpenFact], key: Fact | None
) -> Suppressor | None:
    """Read `suppress_while:`; `facts` are those of the project, `key` what an enrollment is per."""
    fields = fields_of(node, outline.findings, "`suppress_while`", SUPPRESSOR_KEYS)
    if fields is None:
        return None
    called = fields.need("fact", name)
    then = fields.get("then", choice(*THEN))
    matched = fields.get("match", choice("key"))
    spares = fields.get("except", choice("transactional"))
    if matched and key is None:
        problem = "`match: key` compares with the enrollment's key, and this sequence has none"
        outline.findings.add(fields.key_at("match"), "match", problem, "add `key: data.order_id`")
    fact = None if called is None else _known(called, fields, outline, facts)
    if called is None or fact is None:
        return None
    return Suppressor(
        fact=called,
        opens=fact.opens,
        closes=fact.closes,
        id=fact.id,
        match=key.path.split(".")[-1] if matched and key else None,
        then="exit" if then == "exit" else "resume",
        spares_transactional=spares is not None,
    )


def _known(
    called: str, fields: Fields, outline: Outline, facts: dict[str, OpenFact]
) -> OpenFact | None:
    if any(key in fields for key in _OWN):
        return _fact(fields, outline)
    if called in facts:
        return facts[called]
    problem = f"nothing says when `{called}` is true"
    mend = did_you_mean(called, facts) if facts else ""
    other = "add `opens`, `closes` and `id` here, or under `facts` in postroad.yaml"
    node = fields.node("fact")
    outline.findings.add(node.at if node else fields.at, called, problem, mend or other)
    return None


def _fact(fields: Fields, outline: Outline) -> OpenFact | None:
    opens, closes = fields.need("opens", _events(outline)), fields.need("closes", _events(outline))
    shared = fields.need("id", text)
    for event in sorted({*(opens or ())} & {*(closes or ())}):
        problem = f"`{event}` both opens and closes the fact"
        outline.findings.add(fields.key_at("closes"), event, problem, "remove one of them")
    return OpenFact(opens, closes, shared) if opens and closes and shared else None


def _events(outline: Outline) -> Reader[tuple[str, ...]]:
    def read(node: Node, findings: Findings) -> tuple[str, ...] | None:
        events = one_or_more(node, findings, lambda one, _: outline.event(one))
        if not events:
            findings.add(node.at, "", "this names no event", "write `[ticket_opened]`, say")
        return tuple(dict.fromkeys(events)) or None

    return read


_OWN = ("opens", "closes", "id")
