"""Which events count as a goal's conversions (language rule 25)."""

from datetime import timedelta

from sqlalchemy import Connection

from activities.zones import UNIVERSAL, zone_table
from schemas.calendar import Duration, Unit
from schemas.policies import Goal
from schemas.sequence import Sequence
from storage import goals
from storage.goals import Candidate, Whose
from workflows.moments.calendar import later

_LENGTH = {
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.DAYS: timedelta(days=1),
    Unit.WEEKS: timedelta(weeks=1),
}
# The same local time so many dates on is at most so far from so many times 24 hours: Samoa moved
# its offset by a whole day in 2011, and no zone ever by more (tz database).
_SHIFT = timedelta(hours=25)


def conversions(
    connection: Connection, sequence: str, goal: Goal, whose: Whose | None = None
) -> list[Candidate]:
    """Give the events from an enrollment's first mail on that came in a goal's time, in order."""
    longest = goal.within.count * _LENGTH[goal.within.unit] + _SHIFT
    found = goals.candidates(connection, sequence, goal.event, longest, whose)
    return [one for one in found if _is_timely(one, goal.within)]


def reached(connection: Connection, sequence: Sequence, whose: Whose) -> str | None:
    """Give a goal that somebody reached in an enrollment of theirs, if there is one."""
    for goal in sequence.goals:
        if conversions(connection, sequence.name, goal, whose):
            return goal.event
    return None


def _is_timely(one: Candidate, within: Duration) -> bool:
    length = within.count * _LENGTH[within.unit]
    if one.at <= one.enrolled_at + length - _SHIFT:
        return True
    return one.at <= later(
        one.enrolled_at, within, zone_table(one.zone, UNIVERSAL, one.enrolled_at)
    )
