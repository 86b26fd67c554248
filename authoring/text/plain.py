"""A node as the plain value that JSON would have for it."""

from pydantic import JsonValue

from authoring.text.documents import Items, Mapping, Node
from authoring.text.faults import Findings
from schemas.values import Facts


def plain(node: Node) -> JsonValue:
    """Give a node's value: text, number, truth, none, or a list or mapping of these."""
    if isinstance(node, Mapping):
        return {key.written: plain(value) for key, value in node.of}
    if isinstance(node, Items):
        return [plain(item) for item in node.of]
    return node.value


def facts_in(mapping: Mapping, findings: Findings) -> Facts:
    """Give a mapping's values by their names; a name that stands twice is a fault."""
    facts: Facts = {}
    for key, value in mapping.of:
        if key.written in facts:
            problem = f"`{key.written}` stands here twice"
            findings.add(key.at, key.written, problem, "remove one of them")
        facts[key.written] = plain(value)
    return facts
