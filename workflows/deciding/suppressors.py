"""Facts that keep mails back while they are true: an open ticket, say (language rule 30)."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from schemas.events import AppEvent, Conversion, Event
from schemas.policies import Suppressor
from workflows.deciding.facts import moment
from workflows.moments.intervals import Interval

NOT_WHILE = "not while "
"""What the why of such a time begins with, before the name of the fact."""


def suppressing(
    suppressor: Suppressor, events: Iterable[Event], key: str | None
) -> Iterator[Interval]:
    """Give the times in which the fact is true; the last one has no end if it is true still.

    It is true while at least one opening with an id has had no closing with that id. In one
    moment openings come before closings (rule 13).
    """
    since, opened = None, set[str]()
    for at, closes, name in sorted(_turns(suppressor, events, key)):
        if closes:
            opened.discard(name)
        else:
            opened.add(name)
            since = since or at
        if since and not opened:
            yield _interval(suppressor, since, at)
            since = None
    if since:
        yield _interval(suppressor, since, None)


def _turns(
    suppressor: Suppressor, events: Iterable[Event], key: str | None
) -> Iterator[tuple[datetime, bool, str]]:
    for event in events:
        if not isinstance(event, AppEvent | Conversion):
            continue
        name = event.fields.get(suppressor.id)
        opens = event.name in suppressor.opens and _concerns(suppressor, event, key)
        if name is not None and (opens or event.name in suppressor.closes):
            yield moment(event), not opens, str(name)


def _concerns(suppressor: Suppressor, event: AppEvent | Conversion, key: str | None) -> bool:
    field = None if suppressor.match is None else event.fields.get(suppressor.match)
    return field is None or str(field) == key


def _interval(suppressor: Suppressor, since: datetime, until: datetime | None) -> Interval:
    return Interval(since, until, "suppressed", f"{NOT_WHILE}{suppressor.fact}")
