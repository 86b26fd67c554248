"""When a date or a silence is to enroll somebody (language rule 31), by the enrollment's zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from pydantic import JsonValue
from sqlalchemy import Connection

from activities.holidays import holiday_country, with_holidays
from activities.triggering.standing import Standing
from activities.zones import UNIVERSAL, zone_name, zone_table
from schemas.calendar import Duration, Unit, ZoneTable
from schemas.contact import Contact
from schemas.policies import Trigger
from schemas.sequence import Sequence
from schemas.steps import EmailStep
from schemas.values import cut
from storage import versions
from workflows.moments.anchors import date_of, due_by, read_date
from workflows.moments.business import lasting
from workflows.moments.calendar import local, moment_of, start_of
from workflows.moments.windows import earlier_open

Holidays = Mapping[str, tuple[date, ...]]
"""Public holidays by country, as a version knows them."""

_NO_DAYS = Duration(count=0, unit=Unit.DAYS)
_LOOK_BACK = timedelta(days=30)
_DAY_BY_UNIT = {Unit.DAYS: timedelta(days=1), Unit.WEEKS: timedelta(weeks=1)}


@dataclass(frozen=True)
class Case:
    """A trigger and somebody whom it may enroll."""

    sequence: Sequence
    trigger: Trigger
    contact: Contact
    holidays: Holidays = field(default_factory=dict)

    @property
    def zone(self) -> str:
        """The name of the zone that the enrollment will have."""
        return zone_name(self.sequence, self.contact)


class Cases:
    """Makes cases of one trigger; holidays are looked up once a country, and only if needed."""

    def __init__(
        self, connection: Connection, standing: Standing, known: Holidays | None = None
    ) -> None:
        self._connection = connection
        self._standing = standing
        self._known = dict(known or {})

    def of(self, contact: Contact) -> Case:
        """Make that of a contact."""
        standing = self._standing
        code = holiday_country(standing.sequence, contact.facts())
        if code is not None and _rolling(standing.sequence, standing.trigger) is not None:
            self._learn(code)
        return Case(standing.sequence, standing.trigger, contact, self._known)

    def _learn(self, code: str) -> None:
        if code not in self._known:
            version = self._standing.row.version
            self._known[code] = versions.holidays(self._connection, version, code)


def after_silence(case: Case, last: datetime) -> datetime:
    """Give when it has been silent long enough since the `last` event."""
    zone = _zone(case, last)
    return lasting(case.sequence, cut(last), case.trigger.by or _NO_DAYS, zone)


def before_date(case: Case, value: JsonValue) -> datetime | None:
    """Give local 00:00 of the date so long before a date; None if the value is no date.

    Where the first step rolls earlier, it is the date to which that rolls, if that lies before.
    """
    read, by = read_date(value), _length(case.trigger.by or _NO_DAYS)
    if read is None:
        return None
    around = datetime(read.year, read.month, read.day, tzinfo=UTC) - by - _LOOK_BACK
    zone = _zone(case, around)
    day = date_of(value, zone)
    if day is None:
        return None
    return moment_of(start_of(min(day - by, *_rolled(case, value, zone), day)), zone)


def has_passed(case: Case, value: JsonValue, at: datetime) -> bool:
    """Tell whether a date lies before today; what is no date has passed, too."""
    zone = zone_table(case.zone, UNIVERSAL, at)
    day = date_of(value, zone)
    return day is None or day < local(at, zone).date()


def _zone(case: Case, around: datetime) -> ZoneTable:
    # Of one month all have the same table: making one costs more than all the rest.
    return zone_table(case.zone, UNIVERSAL, around.astimezone(UTC).replace(day=1))


def _rolled(case: Case, value: JsonValue, zone: ZoneTable) -> list[date]:
    first = _rolling(case.sequence, case.trigger)
    if first is None:
        return []
    around, facts = zone.offsets[0].since, case.contact.facts()
    closed = with_holidays(case.sequence, case.holidays, facts, around)
    due = due_by(closed, first, value, zone)
    opened = None if due is None else earlier_open(due, closed.window, zone)
    return [] if opened is None else [local(opened, zone).date()]


def _rolling(sequence: Sequence, trigger: Trigger) -> EmailStep | None:
    first = sequence.step_by_id.get(sequence.first or "")
    if not isinstance(first, EmailStep) or first.at is None or first.at.anchor != trigger.anchor:
        return None
    return first if first.roll == "earlier" and first.waits_for_window else None


def _length(duration: Duration) -> timedelta:
    return duration.count * _DAY_BY_UNIT[duration.unit]
