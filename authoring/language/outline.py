"""What must be known of a whole file before its parts are read: mails, ids, and where we are."""

from collections.abc import Container, Iterable, Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from typing import Literal

from authoring.language.conditions import parse_condition
from authoring.language.vocabulary import MAIL_EVENTS, NOTHING_SAID, Allowed, AppNames, whenever
from authoring.text.documents import Items, Mapping, Node, Scalar
from authoring.text.faults import Findings, Slip, Spot, did_you_mean
from authoring.text.fields import shown
from authoring.text.readers import is_name, name, parsed
from schemas.calendar import Duration
from schemas.conditions import Condition
from schemas.content import Mailbox, Sender
from schemas.matchers import StepId
from schemas.values import Value

DEEPEST = 5
"""How deep branches may lie in one another (language rule 17)."""


class MailDefaults(Value):
    """What the file says for each mail that does not say it itself."""

    transactional: bool = False
    roll: Literal["later", "earlier"] | None = None
    valid_for: Duration | None = None
    if_past: Literal["skip", "send_now", "hold"] | None = None
    if_missing: Literal["hold", "skip", "exit"] | None = None


@dataclass(frozen=True)
class Outline:
    """The file's mail steps in the order written, the folder's mails, and what went wrong.

    `mailboxes` are those that the project names, `languages` those that it writes in.
    `unsure` are mails that a step which cannot be read may be meant to send: naming them is no
    fault of its own. Collected on the way: where the steps and their keys stand, and who single
    steps are from.
    """

    findings: Findings
    mail_steps: tuple[StepId, ...] = ()
    mails: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    names: AppNames = NOTHING_SAID
    mailboxes: Table[str, Mailbox] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    defaults: MailDefaults = field(default_factory=MailDefaults)
    ids: dict[StepId, Spot] = field(default_factory=dict)
    keys: dict[StepId, dict[str, Spot]] = field(default_factory=dict)
    senders: dict[StepId, Sender] = field(default_factory=dict)

    def condition(self, node: Node, allowed: Allowed | None = None) -> Condition | None:
        """Read a condition; without `allowed`, one that is asked while the enrollment runs."""
        words = (allowed or whenever((*self.mail_steps, *self.unsure)))._replace(names=self.names)

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
        if step in self.unsure:
            return None
        problem = f"`{step}` is no step of this sequence that sends a mail"
        self.findings.add(node.at, step, problem, did_you_mean(step, self.mail_steps))
        return None

    def event(self, node: Node) -> str | None:
        """Read the name of an event that the app reports."""
        word = name(node, self.findings)
        wrong = None if word is None else self.names.slip_of_event(word)
        if word is not None and wrong is not None:
            self.findings.add(node.at, word, *wrong)
        return word

    def countable(self, node: Node) -> str | None:
        """Read what happens to mails (`click`, `open`, `reply`), or the name of an event."""
        known = self.names.events
        if known is None or shown(node) in (*MAIL_EVENTS, *known):
            return name(node, self.findings)
        problem, _ = self.names.slip_of_event(shown(node)) or ("", "")
        mend = did_you_mean(shown(node), (*MAIL_EVENTS, *known))
        self.findings.add(node.at, shown(node), problem, mend)
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


def unsure_in(
    nodes: Iterable[Node | None], mails: frozenset[str], kinds: Container[str]
) -> frozenset[str]:
    """Find the mails that a step may be meant to send that is read as none, which is a fault.

    `kinds` are the keys of which a step has one.
    """
    steps = (step for node in nodes for step in _steps_in(node))
    broken = any(_is_broken(step, mails, kinds) for step in steps)
    return mails if broken else frozenset()


def _steps_in(node: Node | None) -> Iterator[Node]:
    for item in node.of if isinstance(node, Items) else ():
        yield item
        for key, value in item.of if isinstance(item, Mapping) else ():
            if key.written in _LISTS:
                paths = [path for _, path in value.of] if isinstance(value, Mapping) else [value]
                yield from (step for path in paths for step in _steps_in(path))


def _is_broken(step: Node, mails: frozenset[str], kinds: Container[str]) -> bool:
    if not isinstance(step, Mapping):
        return True
    fields = {key.written: value for key, value in step.of}
    words = {key: _word(fields[key]) for key in ("email", "id") if key in fields}
    known = words.get("email") in mails or "email" not in words
    of_a_kind = any(key in kinds for key in fields) or "do" in fields
    return not (known and of_a_kind and all(is_name(word) for word in words.values()))


def _word(node: Node) -> str:
    return node.written.strip() if isinstance(node, Scalar) else ""


_LISTS = ("then", "else", "do")
