"""What conditions ask of the database: how often a contact's events came."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from activities.zones import UNIVERSAL, zone_table
from schemas.calendar import Duration, Unit, ZoneTable
from schemas.conditions import Condition, Count
from schemas.sequence import Sequence
from storage import events
from workflows.deciding.conditions import questions
from workflows.moments.calendar import earlier

_LENGTH_BY_UNIT = {
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.DAYS: timedelta(days=1),
    Unit.WEEKS: timedelta(weeks=1),
}


def counted(
    connection: Connection, contact_id: str, zone: str, asked: Iterable[Count], now: datetime
) -> dict[str, int]:
    """Count a contact's events for each question, up to and with `now`, by its mark.

    Days and weeks are those of the time zone named `zone`.
    """
    return {
        one.mark: events.count(connection, contact_id, one.event, _since(now, one.last, zone), now)
        for one in asked
    }


def _since(now: datetime, last: Duration | None, zone: str) -> datetime | None:
    if last is None:
        return None
    here = zone_table(zone, UNIVERSAL, now)
    there = zone_table(zone, UNIVERSAL, now - last.count * _LENGTH_BY_UNIT[last.unit])
    # A table knows no offset of before it begins.
    before = [offset for offset in there.offsets if offset.since < here.offsets[0].since]
    return earlier(now, last, ZoneTable(name=zone, offsets=(*before, *here.offsets)))


def asked_at_each_mail(sequence: Sequence) -> tuple[Count, ...]:
    """Give what the audience and the conditions of `exit_on` ask of the database."""
    return tuple(one for test in _tests(sequence) for one in questions(test))


def _tests(sequence: Sequence) -> list[Condition]:
    tests = (sequence.audience, *(rule.when for rule in sequence.exit_on))
    return [test for test in tests if test is not None]
