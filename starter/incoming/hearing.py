"""What the app's events mean: whom they suppress, and what they tell enrollments."""

from datetime import datetime

from activities.telling import Telling
from schemas.events import (
    AppEvent,
    Blocked,
    Complaint,
    Conversion,
    Event,
    Reply,
    Unsubscribe,
)
from schemas.sequence import Sequence
from schemas.suppression import SCOPE_BY_REASON, Reason, Suppression
from schemas.values import Facts
from starter.incoming.intake import everywhere, listens
from storage.rows import LiveEnrollment

OWN_BY_NAME: dict[str, type[Reply | Unsubscribe | Complaint | Blocked]] = {
    "reply": Reply,
    "unsubscribe": Unsubscribe,
    "complaint": Complaint,
    "blocked": Blocked,
}
"""Names that mean what they mean everywhere: the app heard of it before we did."""

_REASON_BY_NAME = {
    "unsubscribe": Reason.UNSUBSCRIBED,
    "complaint": Reason.COMPLAINED,
    "blocked": Reason.BLOCKED,
}


def suppression_by(name: str, target: str, source: str, at: datetime) -> Suppression | None:
    """Give what an event of this name enters against an address, if anything."""
    reason = _REASON_BY_NAME.get(name)
    if reason is None:
        return None
    scope = SCOPE_BY_REASON[reason]
    return Suppression(target=target, reason=reason, scope=scope, source=source, at=at)


def telling_of(name: str, mark: str, at: datetime, fields: Facts) -> Telling:
    """Tell each enrollment that listens to the event; a sequence's goal is told as one."""
    own = OWN_BY_NAME.get(name)
    if own is not None:
        return everywhere(own(id=mark, at=at))
    event = AppEvent(id=mark, at=at, name=name, fields=fields)
    goal = Conversion(id=mark, at=at, name=name, fields=fields)

    def tell(_: LiveEnrollment, sequence: Sequence) -> Event | None:
        told = goal if is_goal(sequence, name) else event
        return told if listens(sequence, told) else None

    return tell


def is_goal(sequence: Sequence, name: str) -> bool:
    """Tell whether the event is what the sequence is for, or ends it."""
    goals = {goal.event for goal in sequence.goals}
    ends = {rule.on.name for rule in sequence.exit_on if rule.on is not None}
    return name in goals | ends
