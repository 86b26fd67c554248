"""Who has, or wants, one contact's turn in a group of sequences (language rule 28)."""

from typing import Literal
from uuid import UUID

from schemas.values import Moment, Value

TurnState = Literal["holds", "waits", "over"]
"""Whether it has the turn, waits for it, or neither any more."""


class Contender(Value):
    """An enrollment, or one that would be, that has or wants its contact's turn in its group.

    It stands so since `since_at`; until it has begun, it waits from `asked_at` to `until_at` at
    most. `changes` counts how often it got, lost or gave up the turn; `why` says it of the last
    time. `ended_as` is what became of one that is over.
    """

    id: int
    exclusive: str
    contact_id: str
    workflow_id: str
    run_id: str | None = None
    sequence: str
    key: str | None = None
    priority: int = 0
    on_lost: Literal["wait", "exit"] = "wait"
    state: TurnState
    asked_at: Moment
    since_at: Moment
    until_at: Moment | None = None
    enrollment_id: UUID | None = None
    changes: int = 0
    why: str = ""
    ended_as: str | None = None
