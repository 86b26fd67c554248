"""What the webhooks app is built from."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Engine
from typing_extensions import Unpack

from inbound.signature import PublicKeys
from inbound.tokens import Keys
from schemas.outcomes import Refused
from starter.adapters.loading import Adapters
from starter.data_changes import Change, Changed, Place
from starter.enrolling.enrollments import Started, Terms
from starter.explaining.explanations import Explanation
from webhooks.gate import Bound
from webhooks.moments import Moments


class Relay(Protocol):
    """What brings committed signals to Temporal, in the background."""

    def nudge(self) -> None:
        """Ask it to look for new ones now."""

    async def run(self) -> None:
        """Bring them until cancelled."""


class Enroll(Protocol):
    """What starts enrollments."""

    async def __call__(
        self, sequence: str, contact: str, **terms: Unpack[Terms]
    ) -> Started | Refused:
        """Start one, or say why not; raises RPCError or OSError if Temporal does not answer."""


class ExplainEnrollment(Protocol):
    """What explains an enrollment."""

    async def __call__(self, ref: str) -> Explanation | Refused:
        """Explain it, by its record alone if neither Temporal nor a worker answers."""


class ChangeData(Protocol):
    """What changes an enrollment's data."""

    async def __call__(self, whom: str | Place, change: Change) -> Changed | Refused:
        """Commit a change, or say why not; raises RPCError or OSError if Temporal is needed."""


@dataclass(frozen=True)
class Secrets:
    """What tells the genuine from the forged; None or empty closes the door in question."""

    keys: Keys
    public_keys: PublicKeys = ()
    inbound_path: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Deps:
    """Everything that the routes use."""

    engine: Engine
    relay: Relay
    enroll: Enroll
    change: ChangeData
    explain: ExplainEnrollment
    secrets: Secrets
    moments: Moments
    temporal_answers: Callable[[], Awaitable[bool]]
    adapters: Adapters = field(default_factory=Adapters)
    bound: Bound = field(default_factory=Bound)
