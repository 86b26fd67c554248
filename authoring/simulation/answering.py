"""What PostgreSQL would answer to a sequence's questions, counted in a script's own events."""

from collections.abc import Iterable
from datetime import datetime

from authoring.simulation.scripts import at_first
from schemas.calendar import Duration, ZoneTable
from schemas.conditions import Count
from schemas.events import AppEvent, Conversion, Event
from workflows.deciding.facts import moment
from workflows.moments.calendar import earlier


def answers(
    questions: Iterable[Count], events: Iterable[Event], now: datetime, zone: ZoneTable
) -> dict[str, int]:
    """Count, for each question, the events up to and including `now`, by the question's mark.

    With `last` only those count that lie after the moment so long before `now`.
    """
    past = [(moment(event), name_of(event)) for event in events]
    counts: dict[str, int] = {}
    for question in questions:
        since = None if question.last is None else _before(now, question.last, zone)
        counts[question.mark] = sum(
            name == question.event and at <= now and (since is None or at > since)
            for at, name in past
        )
    return counts


def _before(now: datetime, last: Duration, zone: ZoneTable) -> datetime:
    # The zone's own table knows no offset of before the enrollment.
    return earlier(now, last, at_first(now, zone).zone)


def name_of(event: Event) -> str:
    """Give what a question calls the event: an app event's name, or `click`, `open`, `reply`."""
    return event.name if isinstance(event, AppEvent | Conversion) else event.kind
