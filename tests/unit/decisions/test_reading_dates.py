from datetime import UTC, datetime

import pytest
from pydantic import JsonValue

from schemas.calendar import ZoneTable
from schemas.steps import EmailStep
from tests.builders import NEW_YORK, a_progress, a_zone
from tests.unit.decisions.living import written
from workflows.moments.anchors import aimed
from workflows.moments.calendar import local


def due(written_at: str, value: JsonValue, zone: ZoneTable = NEW_YORK, more: str = "") -> str:
    """Give when a mail is due by a date, in local time and in UTC."""
    sequence = written(f"steps: [{{email: one, at: {written_at}{more}}}]")
    step = sequence.steps[0]
    assert isinstance(step, EmailStep)
    assert step.at is not None
    progress = a_progress(sequence, zone=zone, values={"x": value})
    moment = aimed(sequence, progress, step.at, step.at_time).due
    return "none" if moment is None else f"{local(moment, zone):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("written_at", "value", "moment"),
    [
        ("data.x - 365 days", "2028-02-29", "2027-03-01 09:00"),
        ("data.x - 366 days", "2028-02-29", "2027-02-28 09:00"),
        ("data.x + 365 days", "2028-02-29", "2029-02-28 09:00"),
        ("data.x + 1461 days", "2024-02-29", "2028-02-29 09:00"),
        ("data.x + 1 day", "2027-02-28", "2027-03-01 09:00"),
        ("data.x + 1 day", "2028-02-28", "2028-02-29 09:00"),
        ("data.x - 2 weeks", "2026-03-10", "2026-02-24 09:00"),
        ("data.x", "2026-03-10", "2026-03-10 09:00"),
        ("data.x + 36 hours", "2026-03-10", "2026-03-11 21:00"),
        ("data.x - 36 hours", "2026-03-10", "2026-03-08 21:00"),
        ("data.x - 90 minutes", "2026-03-10T08:00", "2026-03-10 06:30"),
    ],
)
def test_days_are_counted_from_the_date_and_hours_from_its_moment(
    written_at: str, value: str, moment: str
) -> None:
    zone = a_zone("UTC", datetime(2026, 1, 1, tzinfo=UTC))

    assert due(written_at, value, zone) == moment


@pytest.mark.parametrize(
    ("written_at", "value", "moment"),
    [
        ("data.x - 3 days", "2026-03-10T15:00", "2026-03-07 09:30"),
        ("data.x - 3 days", "2026-03-10", "2026-03-07 09:30"),
        ("data.x - 3 days", "2026-03-11T03:00Z", "2026-03-07 09:30"),
        ("data.x + 30 hours", "2026-03-10T20:00", "2026-03-12 09:30"),
        ("data.x", "2026-03-10T08:00", "2026-03-10 09:30"),
    ],
)
def test_a_time_of_the_steps_own_wins_over_that_of_the_date(
    written_at: str, value: str, moment: str
) -> None:
    assert due(written_at, value, more=', at_time: "09:30"') == moment


@pytest.mark.parametrize(
    "value",
    ["soon", "", " ", 20261201, 1e9, True, None, [], {}, ["2026-12-01"], {"date": "2026-12-01"},
     "2026-13-01", "2026-02-29", "31.12.2026", "12/31/2026", "1969-12-31", "3000-01-01",
     "0001-01-01T00:00+23:59", "9999-12-31T23:59-23:59", "2026-12-01T25:00", "2026-12", "\ud800",
     "tomorrow", "2026-12-01T09:30 CET", "x" * 10_000, "\x00"],
)  # fmt: skip
def test_what_cannot_be_read_as_a_date_is_none(value: JsonValue) -> None:
    assert due("data.x - 90 days", value) == "none"
