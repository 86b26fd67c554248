"""The sweep of triggers by time: what its workflow asks its activity, and what that answers."""

from abc import ABC, abstractmethod

from temporalio import activity

from schemas.names import ACTIVITY_SWEEP
from schemas.tides import Tide
from schemas.values import Moment, Value


class SweepRequest(Value):
    """Let enter who is due at `now`; without it, at the moment of the sweep itself."""

    now: Moment | None = None


class Swept(Value):
    """How many enrollments a sweep asked for, and whether more may be due.

    `tide` is how high it stood: so Temporal knows what PostgreSQL had committed by then.
    """

    entered: int = 0
    more: bool = False
    tide: Tide | None = None


class TriggerActivities(ABC):
    """What the sweep calls: the workflow names it, the worker brings the real one."""

    @abstractmethod
    @activity.defn(name=ACTIVITY_SWEEP)
    def sweep_triggers(self, request: SweepRequest) -> Swept:
        """Let enter one batch of those who are due."""
