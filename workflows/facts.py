"""What is known about an enrollment at a moment, read off its progress."""

from datetime import datetime

from schemas.events import (
    AppEvent,
    Click,
    ContactChanged,
    Conversion,
    Event,
    Open,
    Reply,
)
from schemas.progress import Progress
from schemas.sequence import Matcher
from schemas.values import Facts
from workflows.conditions import Known, holds


def moment(event: Event) -> datetime:
    """Give an event's own moment (set when the event was folded in)."""
    if event.at is None:
        raise ValueError("an event without a moment is not folded in yet")
    return event.at


def contact_at(progress: Progress, at: datetime) -> Facts:
    """Give the contact's facts after all changes up to `at`."""
    facts = progress.contact
    for event in progress.events:
        if isinstance(event, ContactChanged) and moment(event) <= at:
            facts = {**facts, **event.facts}
    return facts


def known_at(progress: Progress, at: datetime) -> Known:
    """Give what a condition may name, as of `at`, its minute included."""
    past = [event for event in progress.events if progress.enrolled_at <= moment(event) <= at]
    return Known(
        contact=contact_at(progress, at),
        data=progress.values,
        key=progress.key,
        replied=any(isinstance(event, Reply) for event in past),
        steps={
            "sent": frozenset(mail.step for mail in progress.mails if mail.at <= at),
            "opened": frozenset(e.step for e in past if isinstance(e, Open)),
            "clicked": frozenset(e.step for e in past if isinstance(e, Click)),
        },
    )


def matches(matcher: Matcher, event: Event, key: str | None = None) -> bool:
    """Tell whether `event` is what `matcher` names; its `where` may name `event.…` and `key`."""
    if not _is_kind(matcher, event):
        return False
    fields = event.fields if isinstance(event, AppEvent | Conversion) else {}
    return holds(matcher.where, Known(event=fields, key=key))


def _is_kind(matcher: Matcher, event: Event) -> bool:
    if isinstance(event, AppEvent | Conversion):
        return matcher.kind == "event" and matcher.name == event.name
    if isinstance(event, Click | Open):
        return matcher.kind == event.kind and matcher.step in (None, event.step)
    return isinstance(event, Reply) and matcher.kind == "reply"
