"""Two contacts found to be one: what triggers wait for is that one's."""

from datetime import timedelta

from starter.incoming.merging import Merger, merge_contacts
from tests.builders import MONDAY, days
from tests.triggers.app import ADA, App, becoming, near, silent, triggered

DAY = timedelta(days=1)
OTHER = "a.lovelace@example.com"


def merge(app: App) -> None:
    merge_contacts(app.engine, Merger(keep=ADA, other=OTHER, by="sam", at=MONDAY + 30 * DAY))


def test_the_last_event_of_either_counts_for_the_silence(app: App) -> None:
    app.publish(triggered(silent(days(60))), at=MONDAY - DAY)
    app.contact()
    app.contact(OTHER)
    app.report(at=MONDAY)
    app.report(of=OTHER, at=MONDAY + 10 * DAY)

    merge(app)
    app.sweep(MONDAY + 300 * DAY)

    assert app.moments() == [MONDAY + 70 * DAY]


def test_a_date_that_the_other_had_enrolls_the_one(app: App) -> None:
    app.publish(triggered(near(days(7), "contact.birthday")), at=MONDAY - DAY)
    kept = app.contact()
    app.contact(OTHER, attributes={"birthday": "2026-05-20"})

    merge(app)
    app.sweep(MONDAY + 300 * DAY)

    assert [start.contact_id for start in app.starts()] == [kept.id]


def test_a_condition_that_the_others_attributes_make_true_enrolls(app: App) -> None:
    app.contact()
    app.contact(OTHER, attributes={"stage": "customer"})
    app.publish(triggered(becoming("stage", "customer")), at=MONDAY + 20 * DAY)

    merge(app)

    assert app.moments() == [MONDAY + 30 * DAY]


def test_events_of_before_anybody_knew_whose_they_were_count_for_the_silence(app: App) -> None:
    app.publish(triggered(silent(days(60))), at=MONDAY - DAY)
    app.report(at=MONDAY)

    app.contact(at=MONDAY + DAY)

    assert app.waiting() == [MONDAY + 60 * DAY]
