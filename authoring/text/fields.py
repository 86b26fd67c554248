"""Reading a mapping's fields strictly: known keys, right types, and where it went wrong."""

from collections.abc import Callable
from collections.abc import Mapping as Table
from typing import TypeVar

from authoring.text.documents import Mapping, Node, Scalar
from authoring.text.faults import Findings, Slip, Spot, did_you_mean

T = TypeVar("T")

Reader = Callable[[Node, Findings], T | None]
"""Reads one value; None if it is wrong, which the findings then explain."""


class Fields:
    """The known fields of one mapping; whatever else stands there is a fault."""

    def __init__(self, mapping: Mapping, findings: Findings, known: Table[str, str]) -> None:
        self.at: Spot = mapping.at
        self.findings = findings
        self._known = known
        self._fields: dict[str, tuple[Scalar, Node]] = {}
        for key, node in mapping.of:
            self._take(key, node)

    def __contains__(self, key: str) -> bool:
        return key in self._fields

    def node(self, key: str) -> Node | None:
        """Give what stands under `key`."""
        return self._fields[key][1] if key in self._fields else None

    def key_at(self, key: str) -> Spot:
        """Give where `key` stands, or where the mapping begins if it is not there."""
        return self._fields[key][0].at if key in self._fields else self.at

    def spots(self) -> dict[str, Spot]:
        """Give where each of the keys stands."""
        return {key: written.at for key, (written, _) in self._fields.items()}

    def get(self, key: str, reader: Reader[T]) -> T | None:
        """Read the field, if it is there."""
        node = self.node(key)
        return None if node is None else reader(node, self.findings)

    def need(self, key: str, reader: Reader[T]) -> T | None:
        """Read the field; a fault if it is not there."""
        if key not in self._fields:
            self.findings.add(self.at, "", f"`{key}` is missing here", f"add `{key}: …`")
        return self.get(key, reader)

    def _take(self, key: Scalar, node: Node) -> None:
        name = key.written
        if name in self._fields:
            _twice(key, self.findings)
        elif name in self._known:
            self._judge(key, node)
        else:
            mend = did_you_mean(name, [k for k, later in self._known.items() if not later])
            self.findings.add(key.at, name, f"`{name}` is not a key that is known here", mend)

    def _judge(self, key: Scalar, node: Node) -> None:
        words = self._known[key.written]
        if words:
            self.findings.add(key.at, key.written, f"`{key.written}` {words}")
        else:
            self._fields[key.written] = (key, node)


def keys(now: str, later: str = "", elsewhere: Table[str, str] | None = None) -> dict[str, str]:
    """Tabulate keys: those known `now`, those of the `later` language, those that stand elsewhere.

    The words beside a key say why it is refused; there are none for one that is known.
    """
    unknown = dict.fromkeys(later.split(), "is not known to this version of the language yet")
    return {**unknown, **(elsewhere or {}), **dict.fromkeys(now.split(), "")}


def fields_of(node: Node, findings: Findings, what: str, known: Table[str, str]) -> Fields | None:
    """Open a mapping's fields; a fault if `node` is none."""
    if isinstance(node, Mapping):
        return Fields(node, findings, known)
    findings.add(node.at, shown(node), f"{what} must be a mapping of keys", _an_example(known))
    return None


def entries_of(mapping: Mapping, findings: Findings) -> tuple[tuple[Scalar, Node], ...]:
    """Give the entries of a mapping with keys of one's own; a fault if one is repeated."""
    seen: set[str] = set()
    for key, _ in mapping.of:
        if key.written in seen:
            _twice(key, findings)
        seen.add(key.written)
    return mapping.of


def _twice(key: Scalar, findings: Findings) -> None:
    findings.add(key.at, key.written, f"`{key.written}` stands here twice", "remove one of them")


def report(node: Node, slip: Slip, findings: Findings) -> None:
    """Put down a fault found within a single value, at its own column where that can be told."""
    inside = node.inside if isinstance(node, Scalar) else None
    at = node.at if inside is None else inside
    if inside is not None:
        at = inside.model_copy(update={"column": inside.column + slip.offset})
    findings.add(at, slip.text, slip.problem, slip.mend)


def shown(node: Node) -> str:
    """Give a node as a short text for a message."""
    return node.written if isinstance(node, Scalar) else ""


def _an_example(known: Table[str, str]) -> str:
    now = [key for key, later in known.items() if not later]
    return f"known keys: {', '.join(f'`{key}`' for key in now[:6])}" if now else ""
