"""A step that is being read: its fields, where it lies, and how its branches are read."""

from collections.abc import Callable
from dataclasses import dataclass

from authoring.language.drafts import Draft
from authoring.language.outline import Outline, Place
from authoring.text.documents import Node
from authoring.text.fields import Fields
from authoring.text.readers import name
from schemas.matchers import StepId

Branch = tuple[Draft, ...]


@dataclass(frozen=True)
class StepFields:
    """One step's fields, and what is known around them; `read` reads a list of steps."""

    fields: Fields
    outline: Outline
    place: Place
    read: Callable[[Node, Outline, Place], Branch]

    def id(self, otherwise: StepId) -> StepId:
        """Read the step's id, or give it the one that it has by its kind, and claim it."""
        step = self.fields.get("id", name) or otherwise
        self.outline.claim_id(step, self.fields.key_at("id"), self.fields.spots())
        return step

    def fresh_id(self, kind: str) -> StepId:
        """Read the id of a step that has no name of its own, or make one."""
        return self.id(self.outline.fresh_id(kind))

    def branch(self, key: str) -> Branch:
        """Read the steps that lie under `key`."""
        node = self.fields.node(key)
        return () if node is None else self.steps(node)

    def steps(self, node: Node) -> Branch:
        """Read a list of steps that lies in this one."""
        return self.read(node, self.outline, self.place.deeper())

    def refuse_beside(self, *refused: str) -> None:
        """Put down a fault for each of these keys if the step lies in `on:`."""
        for key in refused:
            if self.place.beside and key in self.fields:
                self.fault(key, f"`{key}` cannot stand in `on:`, which acts at once", _TO_STEPS)

    def fault(self, key: str, problem: str, mend: str = "") -> None:
        """Put a fault down at one of the keys."""
        self.fields.findings.add(self.fields.key_at(key), key, problem, mend)


_TO_STEPS = "move it to `steps:`"
