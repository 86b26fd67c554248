"""Faults that can be switched on: which of them strikes the next request."""

from enum import StrEnum
from random import Random

from pydantic import Field

from devstack.emulator.records import Record


class FaultKind(StrEnum):
    """What goes wrong. The last four strike after the mail is accepted: it will be delivered."""

    REFUSE = "refuse"
    SLOW = "slow"
    UNAUTHORIZED = "unauthorized"
    CREDITS_EXCEEDED = "credits_exceeded"
    FORBIDDEN = "forbidden"
    TOO_MANY_REQUESTS = "too_many_requests"
    BAD_REQUEST = "bad_request"
    UNAVAILABLE = "unavailable"
    HANG_AFTER_ACCEPT = "hang_after_accept"
    CLOSE_AFTER_ACCEPT = "close_after_accept"
    ERROR_AFTER_ACCEPT = "error_after_accept"
    CUT_AFTER_ACCEPT = "cut_after_accept"


class Fault(Record):
    """A fault for the next `count` requests (None: until it is cleared), struck by seeded dice.

    `seconds` is how long a slow or hanging answer takes, and when a rate limit resets;
    `status` is the status of an error after accepting.
    """

    kind: FaultKind
    count: int | None = Field(default=1, ge=1)
    probability: float = Field(default=1.0, gt=0, le=1)
    seed: int = 0
    seconds: float = Field(default=5.0, ge=0, le=3600)
    status: int = Field(default=500, ge=500, le=599)


class _Armed:
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.left = fault.count
        self.struck = 0
        self._dice = Random(fault.seed)  # noqa: S311 - dice that a test can seed

    def strikes(self) -> bool:
        if self.left == 0:
            return False
        self.left = None if self.left is None else self.left - 1
        hit = self._dice.random() < self.fault.probability
        self.struck += hit
        return hit


class FaultState(Record):
    """A fault, how many requests it still looks at, and how many it struck."""

    fault: Fault
    left: int | None
    struck: int


class Faults:
    """The faults that are switched on; the first that strikes is the one."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []

    def arm(self, fault: Fault) -> None:
        """Switch a fault on."""
        self._armed.append(_Armed(fault))

    def clear(self) -> None:
        """Switch all faults off."""
        self._armed.clear()

    def strike(self) -> Fault | None:
        """Tell which fault strikes the request that has just come in."""
        return next((armed.fault for armed in self._armed if armed.strikes()), None)

    def states(self) -> list[FaultState]:
        """Give the faults with how often they struck."""
        return [FaultState(fault=a.fault, left=a.left, struck=a.struck) for a in self._armed]
