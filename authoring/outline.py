"""What must be known of a whole file before its parts are read: mails, ids, and where we are."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from authoring.conditions import parse_condition
from authoring.documents import Items, Mapping, Node, Scalar
from authoring.faults import Findings, Slip, Spot, did_you_mean
from authoring.readers import name, parsed
from authoring.vocabulary import Allowed, whenever
from schemas.conditions import Condition
from schemas.matchers import StepId

DEEPEST = 5
"""How deep branches may lie in one another (language rule 17)."""


@dataclass(frozen=True)
class Outline:
    """The file's mail steps in the order written, the folder's mails, and what went wrong.

    `transactional` is the kind of a mail that does not say its own.
    """

    findings: Findings
    mail_steps: tuple[StepId, ...] = ()
    mails: frozenset[str] = frozenset()
    transactional: bool = False
    ids: dict[StepId, Spot] = field(default_factory=dict)
    keys: dict[StepId, dict[str, Spot]] = field(default_factory=dict)

    def condition(self, node: Node, allowed: Allowed | None = None) -> Condition | None:
        """Read a condition; without `allowed`, one that is asked while the enrollment runs."""
        words = allowed or whenever(self.mail_steps)

        def parse(text: str) -> tuple[Condition] | Slip:
            read = parse_condition(text, words)
            return read if isinstance(read, Slip) else (read,)

        found = parsed(node, self.findings, parse)
        return None if found is None else found[0]

    def mail_step(self, node: Node) -> StepId | None:
        """Read the id of a step that sends a mail."""
        step = name(node, self.findings)
        if step is None or step in self.mail_steps:
            return step
        problem = f"`{step}` is no step of this sequence that sends a mail"
        self.findings.add(node.at, step, problem, did_you_mean(step, self.mail_steps))
        return None

    def claim_id(self, step: StepId, at: Spot, keys: dict[str, Spot] | None = None) -> None:
        """Note that a step is called so, and where its keys stand; a fault if another one is."""
        self.keys.setdefault(step, keys or {})
        if step in self.ids:
            first = self.ids[step]
            problem = f"two steps are called `{step}`, the first in line {first.line}"
            self.findings.add(at, step, problem, "give one of them another `id: …`")
        self.ids.setdefault(step, at)

    def fresh_id(self, kind: str) -> StepId:
        """Make an id for a step of a kind that has no name of its own."""
        stem, number = kind.replace("_", "-"), 1
        while f"{stem}-{number}" in self.ids:
            number += 1
        return f"{stem}-{number}"


@dataclass(frozen=True)
class Place:
    """Where a list of steps lies: how deep, and whether in `on:`, beside the main steps."""

    depth: int = 0
    beside: bool = False

    def deeper(self) -> "Place":
        """Give the place of a branch here."""
        return Place(self.depth + 1, self.beside)


def mail_steps_in(node: Node | None) -> Iterator[StepId]:
    """Find the ids of all mail steps below `node`, in the order written, without judging them."""
    if isinstance(node, Items):
        for item in node.of:
            yield from mail_steps_in(item)
    if isinstance(node, Mapping):
        fields = {key.written: value for key, value in node.of}
        step = fields.get("id") or fields.get("email")
        if "email" in fields and isinstance(step, Scalar):
            yield step.written.strip()
        for value in fields.values():
            yield from mail_steps_in(value)
