"""Whom not to write to, why, and how far that reaches."""

from enum import StrEnum
from typing import Literal

from schemas.values import Moment, Value


class Reason(StrEnum):
    """Why someone is suppressed."""

    UNSUBSCRIBED = "unsubscribed"
    COMPLAINED = "complained"
    BOUNCED = "bounced"
    BLOCKED = "blocked"
    LEFT_COMPANY = "left_company"


class Suppression(Value):
    """One entry: an address or a whole domain; scope "marketing" lets transactional mails go."""

    of: Literal["address", "domain"] = "address"
    target: str
    reason: Reason
    scope: Literal["all", "marketing"]
    topic: str | None = None
    source: str
    at: Moment


SCOPE_BY_REASON: dict[Reason, Literal["all", "marketing"]] = {
    Reason.UNSUBSCRIBED: "marketing",
    Reason.COMPLAINED: "marketing",
    Reason.BOUNCED: "all",
    Reason.BLOCKED: "all",
    Reason.LEFT_COMPANY: "all",
}
