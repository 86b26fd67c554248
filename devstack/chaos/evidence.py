"""What the verdict looks at: the same run as SendGrid, the ledger and Temporal each tell it."""

from datetime import datetime
from uuid import UUID

from schemas.values import Value


class Accepted(Value):
    """A mail that the emulator took at `at`: of which send."""

    mail: str
    send: UUID | None
    at: datetime


class Posted(Value):
    """A mail on the ledger; `claimed` by PostgreSQL's own clock."""

    send: UUID
    enrollment: UUID
    workflow_id: str
    step: str
    occurrence: int
    state: str
    claimed: datetime


class Run(Value):
    """A workflow's run: how it ended in PostgreSQL; None while it lives."""

    workflow_id: str
    run_id: str | None
    ending: str | None


class History(Value):
    """A workflow's run as Temporal has it: whether it closed well, its ending, the mails sent."""

    workflow_id: str
    run_id: str
    is_closed: bool
    ending: str | None
    sent: tuple[UUID, ...]


class Expected(Value):
    """What must have become of somebody, by the simulator.

    `ending` is None if it does not end; `steps` are the mails of a whole way through it, which a
    completed one must have on the ledger; `over` is when we acknowledged that nothing more goes.
    """

    workflow_id: str
    ending: str | None
    steps: tuple[str, ...] = ()
    over: datetime | None = None


class Evidence(Value):
    """All of it; `withheld` are the sends of whose delivery nobody was told."""

    expected: tuple[Expected, ...]
    accepted: tuple[Accepted, ...]
    ledger: tuple[Posted, ...]
    runs: tuple[Run, ...]
    refused: tuple[Run, ...]
    histories: tuple[History, ...]
    doubted: int
    withheld: frozenset[UUID]
    unbrought: int
    unrecorded: tuple[str, ...] = ()
