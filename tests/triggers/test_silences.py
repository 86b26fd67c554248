"""Silences: whoever did it once and not again for so long enters, from that moment."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from tests.builders import MONDAY, days, hours
from tests.triggers.app import App, silent, triggered

DAY = timedelta(days=1)
SIXTY = silent(days(60))


def test_whoever_was_silent_for_so_long_enters_from_that_moment(app: App) -> None:
    app.publish(triggered(SIXTY), at=MONDAY - DAY)
    app.contact()
    app.report(at=MONDAY)

    early = app.sweep(MONDAY + 60 * DAY - timedelta(minutes=1))
    entered = app.sweep(MONDAY + 60 * DAY)
    again = app.sweep(MONDAY + 90 * DAY)

    assert (early, entered, again) == (0, 1, 0)
    assert app.moments() == [MONDAY + 60 * DAY]


def test_each_event_begins_the_silence_anew(app: App) -> None:
    app.publish(triggered(SIXTY), at=MONDAY - DAY)
    app.contact()

    app.report(at=MONDAY)
    app.report(at=MONDAY + 30 * DAY)

    assert app.waiting() == [MONDAY + 90 * DAY]


def test_who_never_did_it_is_not_silent(app: App) -> None:
    app.publish(triggered(silent(days(60), backfill="all")), at=MONDAY - DAY)
    app.contact()

    entered = app.sweep(MONDAY + 900 * DAY)

    assert (entered, app.waiting()) == (0, [])


def test_a_silence_after_another_enrolls_again(app: App) -> None:
    app.publish(triggered(SIXTY), at=MONDAY - DAY)
    app.contact()
    app.report(at=MONDAY)
    app.sweep(MONDAY + 61 * DAY)

    app.report(at=MONDAY + 70 * DAY)
    app.sweep(MONDAY + 131 * DAY)

    assert app.moments() == [MONDAY + 60 * DAY, MONDAY + 130 * DAY]


def test_days_are_those_of_the_contacts_zone(app: App) -> None:
    app.publish(triggered(silent(days(7))), at=MONDAY - DAY)
    app.contact(timezone="Europe/Berlin")

    app.report(at=datetime(2026, 3, 25, 9, 0, tzinfo=UTC))

    # The clocks go forward on 29 March 2026, so that 10:00 is 08:00 UTC.
    assert app.waiting() == [datetime(2026, 4, 1, 8, 0, tzinfo=UTC)]


def test_a_contact_that_moves_takes_its_silence_along(app: App) -> None:
    app.publish(triggered(silent(days(7))), at=MONDAY - DAY)
    app.contact(timezone="UTC")
    app.report(at=datetime(2026, 3, 25, 9, 0, tzinfo=UTC))

    app.contact(timezone="Europe/Berlin")

    assert app.waiting() == [datetime(2026, 4, 1, 8, 0, tzinfo=UTC)]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_in_which_events_come_in_does_not_matter(app: App, seed: int) -> None:
    app.publish(triggered(silent(hours(60 * 24))), at=MONDAY - DAY)
    app.contact()
    told = [*range(0, 300, 20), *range(0, 300, 40)]
    Random(seed).shuffle(told)  # noqa: S311 a seed, no secret

    for day in told:
        app.report(at=MONDAY + day * DAY, mark=f"order-{day}")

    assert app.waiting() == [MONDAY + (280 + 60) * DAY]


def test_an_older_event_that_comes_late_wakes_nobody(app: App) -> None:
    app.publish(triggered(SIXTY), at=MONDAY - DAY)
    app.contact()
    app.report(at=MONDAY + 10 * DAY)
    app.sweep(MONDAY + 71 * DAY)

    app.report(at=MONDAY)
    app.sweep(MONDAY + 72 * DAY)

    assert app.moments() == [MONDAY + 70 * DAY]


@pytest.mark.parametrize(
    ("backfill", "entered"), [("none", []), ("all", [MONDAY])], ids=["none", "all"]
)
def test_who_is_silent_at_the_publishing_enters_then_or_never(
    app: App, backfill: str, entered: list[datetime]
) -> None:
    app.contact("long@example.com")
    app.contact("lately@example.com")
    app.report(of="long@example.com", at=MONDAY - 90 * DAY)
    app.report(of="lately@example.com", at=MONDAY - 30 * DAY)

    app.publish(triggered(silent(days(60), backfill=backfill)), at=MONDAY)
    app.sweep(MONDAY)
    at_once = app.moments()
    app.sweep(MONDAY + 300 * DAY)

    assert at_once == entered
    assert app.moments() == [*entered, MONDAY + 30 * DAY]


def test_whoever_passed_enters_after_the_next_silence(app: App) -> None:
    app.contact()
    app.report(at=MONDAY - 90 * DAY)
    app.publish(triggered(SIXTY), at=MONDAY)
    app.sweep(MONDAY + DAY)

    app.report(at=MONDAY + 2 * DAY)
    app.sweep(MONDAY + 62 * DAY)

    assert app.moments() == [MONDAY + 62 * DAY]
