import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from activities.zones import zone_table
from authoring.loading import load_version
from authoring.simulation.simulate import Scenario, simulate
from devstack.demo.deeds import QUIET, TOLD_BY_DOES, Beside
from devstack.demo.script import deeds
from devstack.emulator.actions import ActionKind
from schemas.sequence import Sequence
from schemas.steps import EmailStep, TaskStep
from schemas.version import Version

ROOT = Path(__file__).parents[3]
NAMES = ("outbound-vp-ops", "outbound-priority")
ENDS = {
    ActionKind.REPLY,
    ActionKind.ONE_CLICK_UNSUBSCRIBE,
    ActionKind.SPAM_REPORT,
    ActionKind.LATE_BOUNCE,
    Beside.UNSUBSCRIBE_PAGE,
    Beside.MEETING,
}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
A_MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def sequence(name: str) -> Sequence:
    loaded = load_version(ROOT / "sequences" / name)
    assert isinstance(loaded, Version)
    return loaded.sequence


def rows() -> list[dict[str, str]]:
    with (ROOT / "devstack" / "demo" / "contacts.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def people() -> set[str]:
    return {row["Email"].partition("@")[0] for row in rows()}


def zones() -> set[str]:
    return {row["Time Zone"] for row in rows() if row["Country/Region"] in {"US", "CA"}}


def starts() -> Iterator[datetime]:
    for hours in range(0, 7 * 24, 3):
        yield A_MONDAY + timedelta(hours=hours, minutes=23)


def test_everybody_in_it_is_in_the_file_of_contacts() -> None:
    assert {deed.who for deed in deeds()} <= people()


def test_every_mail_and_task_in_it_is_a_step_of_the_sequences() -> None:
    steps = [step for name in NAMES for step in sequence(name).steps]
    mails = {step.id for step in steps if isinstance(step, EmailStep)}
    tasks = {step.task for step in steps if isinstance(step, TaskStep)}

    assert {deed.mail for deed in deeds()} == mails
    assert {deed.to for deed in deeds() if deed.to} <= mails
    assert {deed.words for deed in deeds() if deed.does is Beside.TASK} <= tasks


def test_every_deed_that_anyone_notices_can_be_told_of() -> None:
    assert {deed.does for deed in deeds()} - QUIET <= TOLD_BY_DOES.keys()


def test_whoever_ends_it_does_so_within_three_hours_of_a_mail() -> None:
    late = [deed for deed in deeds() if deed.does in ENDS and not _is_soon(deed.after)]

    assert late == []


def test_whoever_does_anything_does_so_by_the_third_hour_of_some_day() -> None:
    late = [deed for deed in deeds() if not _is_soon(deed.after % DAY)]

    assert late == []


@pytest.mark.parametrize("zone", sorted(zones()))
def test_no_mail_goes_between_a_deed_and_the_end_of_its_slice_whenever_it_starts(
    zone: str,
) -> None:
    outbound = sequence("outbound-vp-ops")
    longest = max(deed.after for deed in deeds() if deed.does in ENDS)
    contact = {"role": "vp-ops", "country": "US"}

    for start in starts():
        table = zone_table(zone or None, "America/New_York", start)
        mails = [one.at for one in simulate(outbound, Scenario(start, table, {**contact})).sends]

        assert len(mails) == 4
        for mail in mails:
            end = max(_first_end(mail + longest, minute) for minute in range(60))
            assert not [one for one in mails if mail < one <= end], (start, mail)


def _is_soon(after: timedelta) -> bool:
    return timedelta() < after <= 3 * HOUR


def _first_end(after: datetime, minute: int) -> datetime:
    marks = (
        after.replace(hour=hour, minute=minute) + days * DAY
        for days in range(2)
        for hour in (8, 20)
    )
    return next(mark for mark in marks if mark >= after)
