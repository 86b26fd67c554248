"""Goals: what counts as a conversion, against rows written one by one and a slow recount."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, update

from reports.goals import GoalNumbers, goals_of
from schemas.calendar import Duration, Unit
from schemas.conditions import Fact
from schemas.ledger import SendState
from schemas.policies import Goal
from schemas.progress import Ending
from schemas.sequence import Sequence
from schemas.values import Facts
from schemas.version import Version
from storage import enrollments
from storage.events import NewEvent, record
from storage.rows import EnrollmentRow
from storage.schema.tables import enrollments as enrolled
from tests.storage.given import MONDAY, a_version
from tests.storage.tested import enroll, mail, publish

_AMOUNT, _CURRENCY = Fact(of="event", path="amount"), Fact(of="event", path="deal.currency")
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


def _days(count: int) -> Duration:
    return Duration(count=count, unit=Unit.DAYS)


_WON = Goal(event="deal_won", within=_days(10))
_PAID = _WON.model_copy(update={"repeat": True, "value": _AMOUNT, "currency": _CURRENCY})


def _a_version(*goals: Goal) -> Version:
    plain = a_version()
    return Version.of(plain.sequence.model_copy(update={"goals": goals}), plain.content)


def _tell(
    connection: Connection, row: EnrollmentRow, at: datetime, fields: Facts | None = None
) -> None:
    told = NewEvent(
        source="api",
        natural_key=f"{row.contact_id}.{at.isoformat()}.{fields}",
        kind="event",
        name="deal_won",
        contact_id=row.contact_id,
        at=at,
        fields=fields or {},
    )
    assert record(connection, told) is not None


def _numbers(connection: Connection, goal: Goal) -> GoalNumbers:
    [numbers] = goals_of(connection, _a_version(goal).sequence)
    return numbers


@pytest.fixture
def ada(connection: Connection) -> EnrollmentRow:
    return enroll(connection, publish(connection, _a_version(_WON)), "ada")


# The enrollment is in New York, where clocks go an hour ahead on Sunday 8 March 2026.
@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (MONDAY + 2 * _DAY - _MINUTE, False),
        (MONDAY + 2 * _DAY, True),
        (MONDAY + 10 * _DAY - timedelta(hours=1), True),
        (MONDAY + 10 * _DAY - timedelta(hours=1) + timedelta(seconds=59), True),
        (MONDAY + 10 * _DAY - timedelta(hours=1) + _MINUTE, False),
        (MONDAY + 10 * _DAY, False),
        (MONDAY + 30 * _DAY, False),
    ],
)
def test_it_counts_from_the_first_mail_until_so_long_after_the_enrollment(
    connection: Connection, ada: EnrollmentRow, at: datetime, *, counts: bool
) -> None:
    mail(connection, ada, None, at=MONDAY + 2 * _DAY)
    mail(connection, ada, None, step="second", at=MONDAY + 4 * _DAY)
    _tell(connection, ada, at)

    assert _numbers(connection, _WON).converted == int(counts)


@pytest.mark.parametrize("state", ["claimed", "in_doubt", "refused", "retry"])
def test_without_an_accepted_mail_nothing_counts(
    connection: Connection, ada: EnrollmentRow, state: SendState
) -> None:
    mail(connection, ada, None, state=state)
    _tell(connection, ada, MONDAY + _DAY)

    numbers = _numbers(connection, _WON)

    assert (numbers.mailed, numbers.converted, numbers.rate) == (0, 0, None)


def test_it_counts_after_the_ending_too(connection: Connection, ada: EnrollmentRow) -> None:
    mail(connection, ada, None)
    enrollments.end(connection, ada.id, Ending(name="completed", at=MONDAY + _DAY), 10)
    _tell(connection, ada, MONDAY + 2 * _DAY)

    assert _numbers(connection, _WON).converted == 1


def test_the_first_conversion_counts_or_with_repeat_every_one(
    connection: Connection, ada: EnrollmentRow
) -> None:
    mail(connection, ada, None)
    worths: list[Facts] = [
        {"amount": 100.1, "deal": {"currency": "USD"}},
        {"amount": "0.2", "deal": {"currency": "USD"}},
        {"amount": 7, "deal": {"currency": "EUR"}},
        {"amount": 5},
        {"amount": "plenty"},
        {"amount": True},
        {"amount": "NaN"},
        {},
    ]
    for hour, fields in enumerate(worths, start=1):
        _tell(connection, ada, MONDAY + timedelta(hours=hour), fields)

    once = _numbers(connection, _PAID.model_copy(update={"repeat": False}))
    every = _numbers(connection, _PAID)

    assert (once.converted, once.conversions, once.unvalued) == (1, 1, 0)
    assert once.values == {"USD": Decimal("100.1")}
    assert (every.converted, every.conversions, every.unvalued) == (1, 8, 4)
    assert every.values == {"": 5, "EUR": 7, "USD": Decimal("100.3")}


def test_the_rate_is_of_those_who_were_mailed(connection: Connection, ada: EnrollmentRow) -> None:
    version = _a_version(_WON)
    mail(connection, ada, None)
    _tell(connection, ada, MONDAY + _DAY)
    for number in range(3):
        mail(connection, enroll(connection, version, f"other-{number}"), None)
    enroll(connection, version, "never-mailed")

    numbers = _numbers(connection, _WON)

    assert (numbers.mailed, numbers.converted, numbers.rate) == (4, 1, 0.25)
    assert numbers.low < 0.25 < numbers.high


_ZONES = ("America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC")


def _deadline(enrolled_at: datetime, zone: str, days: int) -> datetime:
    wall = enrolled_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + days * _DAY
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def _a_history(connection: Connection, sequence: Sequence) -> list[int]:
    """Write a disorderly history, and count each enrollment's conversions while doing so."""
    version, chance = publish(connection, _a_version(*sequence.goals)), Random(25)  # noqa: S311 a seed, no secret
    return [_a_life(connection, version, number, chance) for number in range(120)]


def _a_life(connection: Connection, version: Version, number: int, chance: Random) -> int:
    zone, at = chance.choice(_ZONES), MONDAY + chance.randrange(40 * 24 * 60) * _MINUTE
    row = enroll(connection, version, f"contact-{number}")
    of_row = update(enrolled).where(enrolled.c.id == row.id)
    connection.execute(of_row.values(zone=zone, enrolled_at=at))
    mails = [
        at + chance.randrange(20 * 24) * timedelta(hours=1) for _ in range(chance.randrange(3))
    ]
    for step, moment in zip(("second", "intro"), mails, strict=False):
        mail(connection, row, None, step=step, at=moment)
    near = _deadline(at, zone, 10)
    moments = {near + chance.randrange(-90, 90) * _MINUTE for _ in range(3)}
    moments |= {at + chance.randrange(15 * 24 * 60) * _MINUTE for _ in range(3)}
    for moment in chance.sample(sorted(moments), len(moments)):
        _tell(connection, row, moment, {"amount": 1})
    first = min(mails, default=None)
    return 0 if first is None else sum(first <= moment <= near for moment in moments)


def test_a_disorderly_history_is_counted_as_one_by_one(connection: Connection) -> None:
    sequence = _a_version(_PAID, _WON).sequence
    expected = _a_history(connection, sequence)

    every, once = goals_of(connection, sequence)

    assert sum(expected) > 40
    assert (every.converted, every.conversions) == (sum(map(bool, expected)), sum(expected))
    assert (once.converted, once.conversions) == (every.converted, every.converted)
    assert every.values == {"": sum(expected)}
