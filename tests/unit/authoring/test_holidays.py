"""Public holidays as a window names them, and as a version keeps them."""

from datetime import UTC, date, datetime

import pytest

from authoring.language.holidays import expanded, with_holidays_known
from schemas.version import Version
from tests.unit.authoring.written import Folder

AT = datetime(2026, 3, 1, tzinfo=UTC)


def version(folder: Folder, holidays: str, audience: str = "") -> Version:
    window = f"send_window: {{timezone: UTC, holidays: {holidays}}}\n"
    found = folder.load(f"{audience}\n{window}steps: [{{email: intro}}]\n")
    assert isinstance(found, Version), str(found)
    return found


@pytest.mark.parametrize("code", ["US", "US-CA"])
def test_a_country_or_a_part_of_one_is_named_by_its_code(folder: Folder, code: str) -> None:
    read = version(folder, code)

    assert read.sequence.window is not None
    assert (read.sequence.window.holidays_of, read.sequence.window.holidays) == (code, ())
    assert set(with_holidays_known(read, AT).holidays) == {code}


def test_dates_are_kept_in_order_and_need_no_list_of_a_country(folder: Folder) -> None:
    read = version(folder, "[2026-12-24, 2026-01-02, 2026-12-24]")

    assert read.sequence.window is not None
    assert read.sequence.window.holidays == (date(2026, 1, 2), date(2026, 12, 24))
    assert with_holidays_known(read, AT) == read


def test_holidays_of_each_contact_are_those_of_the_audiences_countries(folder: Folder) -> None:
    audience = 'audience: contact.role == "vp" and contact.country in ["US", "DE", "Mars"]'

    read = with_holidays_known(version(folder, "contact.country", audience), AT)

    assert set(read.holidays) == {"DE", "US"}


def test_they_reach_five_years_ahead_and_change_no_hash(folder: Folder) -> None:
    read = version(folder, "US")

    filled = with_holidays_known(read, AT)

    assert filled.hash == read.hash
    assert {day.year for day in filled.holidays["US"]} == set(range(2020, 2032))


# opm.gov/policy-data-oversight/pay-leave/federal-holidays: 4 July 2026 is a Saturday, so the
# Friday before is the day off.
def test_observed_days_are_among_them() -> None:
    found = expanded(["US", "DE"], [2026])

    assert date(2026, 7, 3) in found["US"]
    assert date(2026, 10, 3) in found["DE"]
    assert found["US"] == tuple(sorted(found["US"]))
