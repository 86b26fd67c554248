"""A published version of a sequence: what it decides by, and what it says."""

import hashlib
import json
from datetime import date
from typing import Self

from pydantic import Field

from schemas.content import Content
from schemas.sequence import Sequence
from schemas.values import Value


class Version(Value):
    """A sequence as it was published once; `hash` names it and never another content.

    `holidays` are those by country that its window may name, as they were known at publishing;
    they do not come into the hash.
    """

    hash: str
    sequence: Sequence
    content: Content
    holidays: dict[str, tuple[date, ...]] = Field(default_factory=dict)

    @classmethod
    def of(cls, sequence: Sequence, content: Content) -> Self:
        """Make the version whose hash follows from all that it holds (SHA-256, 64 hex digits)."""
        held = {
            "sequence": sequence.model_dump(mode="json"),
            "content": content.model_dump(mode="json"),
        }
        written = json.dumps(held, sort_keys=True, separators=(",", ":"))
        return cls(
            hash=hashlib.sha256(written.encode()).hexdigest(), sequence=sequence, content=content
        )
