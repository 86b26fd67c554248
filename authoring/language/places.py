"""Where the parts of a sequence's file stand, for whoever speaks of them later."""

from collections.abc import Mapping as Table

from pydantic import Field

from authoring.text.documents import Mapping, Node
from authoring.text.faults import Spot
from schemas.matchers import StepId
from schemas.values import Value


class Places(Value):
    """The places of a file's top-level keys, of its steps, and of the keys of each step."""

    file: str
    keys: dict[str, Spot] = Field(default_factory=dict)
    steps: dict[StepId, Spot] = Field(default_factory=dict)
    step_keys: dict[StepId, dict[str, Spot]] = Field(default_factory=dict)

    def key(self, name: str) -> Spot:
        """Give where a top-level key stands, or the file's beginning if it is not there."""
        return self.keys.get(name) or Spot(file=self.file)

    def step(self, step: StepId, key: str | None = None) -> Spot:
        """Give where a step stands, or one of its keys if it has that; else the list of steps."""
        within = self.step_keys.get(step, {}).get(key or "")
        return within or self.steps.get(step) or self.key("steps")


def places_of(
    file: str,
    node: Node,
    steps: Table[StepId, Spot],
    step_keys: Table[StepId, Table[str, Spot]],
) -> Places:
    """Gather the places of a file that has been read."""
    keys = {key.written: key.at for key, _ in node.of} if isinstance(node, Mapping) else {}
    inner = {step: dict(places) for step, places in step_keys.items()}
    return Places(file=file, keys=keys, steps=dict(steps), step_keys=inner)
