"""A story: a sequence, what happens in it, and what must be explained of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.explained import Fate
from tests.acceptance.explaining.acting import Deed

Expected = Mapping[str, tuple[Fate, str]]
"""By step, its fate and what must stand in its reason."""


@dataclass(frozen=True)
class Story:
    """A sequence, what happens in it, how it ends, and what is told: in the end, and meanwhile.

    `seen` are the explanations of a moment, by the name under which a deed looked.
    """

    name: str
    sequence: str
    over: str
    told: Expected
    events: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    contact: str = ""
    data: str = ""
    refuses: str = ""
    deeds: Mapping[str, Deed] = field(default_factory=dict)
    seen: Mapping[str, Expected] = field(default_factory=dict)
    waits: Mapping[str, str] = field(default_factory=dict)
    alone: bool = False
