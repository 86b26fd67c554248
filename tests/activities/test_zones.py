from datetime import UTC, datetime, timedelta

import pytest

from activities.zones import is_zone, zone_table
from schemas.calendar import Offset
from tests.builders import MONDAY, a_zone
from workflows.moments.calendar import local


@pytest.mark.parametrize(
    "name",
    [
        "America/New_York",
        "Australia/Lord_Howe",
        "Antarctica/Troll",
        "Asia/Kathmandu",
        "Africa/Cairo",
    ],
)
def test_a_table_gives_local_time_as_the_tz_database_does(name: str) -> None:
    table, other = zone_table(name, "UTC", MONDAY), a_zone(name)

    moments = [MONDAY + timedelta(hours=hour) for hour in range(24 * 490)]

    assert [local(at, table) for at in moments] == [local(at, other) for at in moments]


def test_a_change_of_offset_is_known_to_the_minute() -> None:
    table = zone_table("America/New_York", "UTC", MONDAY)

    spring = datetime(2026, 3, 8, 7, 0, tzinfo=UTC)
    assert table.offsets[1] == Offset(since=spring, seconds=-4 * 3600)


def test_a_table_reaches_three_years_ahead() -> None:
    table = zone_table("America/New_York", "UTC", MONDAY)

    assert table.offsets[0].since < MONDAY
    assert table.offsets[-1].since > MONDAY + timedelta(days=3 * 365 - 180)


@pytest.mark.parametrize("name", [None, "Mars/Base", "", "../etc/passwd", "Europe", "nul\0"])
def test_an_unknown_zone_counts_as_none(name: str | None) -> None:
    assert zone_table(name, "Europe/Paris", MONDAY).name == "Europe/Paris"


def test_only_the_tz_database_names_zones() -> None:
    assert is_zone("Europe/Paris")
    assert not is_zone("Europe/Atlantis")
