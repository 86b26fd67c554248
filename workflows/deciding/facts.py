"""What is known about an enrollment at a moment, read off its progress."""

from collections.abc import Iterator
from datetime import datetime
from fnmatch import fnmatchcase

from pydantic import JsonValue

from schemas.calendar import ZoneTable
from schemas.conditions import Fact
from schemas.events import (
    AppEvent,
    Click,
    Colleague,
    ContactChanged,
    Conversion,
    DataChanged,
    Event,
    Open,
    Reply,
)
from schemas.matchers import Matcher
from schemas.progress import Progress
from schemas.values import Facts
from workflows.deciding.conditions import Known, holds, value_of


def moment(event: Event) -> datetime:
    """Give an event's own moment (set when the event was folded in)."""
    if event.at is None:
        raise ValueError("an event without a moment is not folded in yet")
    return event.at


def contact_at(progress: Progress, at: datetime) -> Facts:
    """Give the contact's facts after all changes up to `at`."""
    return _changed(progress.contact, ContactChanged, progress, at)


def data_at(progress: Progress, at: datetime) -> Facts:
    """Give what the enrollment was given, after all changes up to `at`."""
    return _changed(progress.values, DataChanged, progress, at)


def history(progress: Progress, fact: Fact) -> list[tuple[datetime, JsonValue]]:
    """Give a fact's values, each with the moment since which it is known, the latest last."""
    values: list[tuple[datetime, JsonValue]] = []
    for at, facts in _versions(progress, fact):
        value = value_of(fact, Known(contact=facts, data=facts))
        if values and values[-1][0] == at:
            values.pop()
        if not values or values[-1][1] != value:
            values.append((at, value))
    return values


def _versions(progress: Progress, fact: Fact) -> Iterator[tuple[datetime, Facts]]:
    kind = ContactChanged if fact.of == "contact" else DataChanged
    facts = progress.contact if fact.of == "contact" else progress.values
    yield progress.enrolled_at, facts
    for event in progress.events:
        if isinstance(event, kind):
            facts = {**facts, **event.facts}
            yield max(moment(event), progress.enrolled_at), facts


def zone_at(progress: Progress, at: datetime) -> ZoneTable:
    """Give the zone in which the contact was, for all that is known, at `at`."""
    changes = (event for event in progress.events if isinstance(event, ContactChanged))
    zones = [one.zone for one in changes if one.zone is not None and moment(one) <= at]
    return zones[-1] if zones else progress.first_zone or progress.zone


def known_at(progress: Progress, at: datetime) -> Known:
    """Give what a condition may name, as of `at`, its minute included."""
    past = [event for event in progress.events if progress.enrolled_at <= moment(event) <= at]
    return Known(
        contact=contact_at(progress, at),
        data=data_at(progress, at),
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
    fields = event.fields if isinstance(event, AppEvent | Conversion | Colleague) else {}
    return holds(matcher.where, Known(event=fields, key=key))


def _is_kind(matcher: Matcher, event: Event) -> bool:
    if isinstance(event, Colleague):
        wanted = (matcher.by, matcher.kind, matcher.name)
        return wanted == ("account", event.of, event.name)
    if isinstance(event, AppEvent | Conversion):
        wanted = (matcher.by, matcher.kind, matcher.name)
        return wanted == ("contact", "event", event.name)
    if isinstance(event, Click | Open):
        return matcher.kind == event.kind and _is_of(matcher, event)
    return isinstance(event, Reply) and (matcher.by, matcher.kind) == ("contact", "reply")


def _is_of(matcher: Matcher, event: Click | Open) -> bool:
    if matcher.step not in (None, event.step):
        return False
    url = event.url if isinstance(event, Click) else None
    return matcher.url is None or fnmatchcase(url or "", matcher.url)


def _changed(
    facts: Facts, kind: type[ContactChanged | DataChanged], progress: Progress, at: datetime
) -> Facts:
    for event in progress.events:
        if isinstance(event, kind) and moment(event) <= at:
            facts = {**facts, **event.facts}
    return facts
