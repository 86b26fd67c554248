"""Whom a trigger would enroll at once, told before it is published."""

from datetime import datetime, timedelta

from activities.triggering.proposing import entrants
from schemas.policies import Trigger
from tests.builders import MONDAY, days
from tests.triggers.app import App, a_version, becoming, is_, near, on_event, silent, triggered

DAY = timedelta(days=1)


def counted(app: App, *triggers: Trigger, at: datetime = MONDAY, **fields: object) -> list[int]:
    version = a_version(triggered(*triggers, **fields))
    with app.engine.connect() as connection:
        found = entrants(connection, version, at)
    return [one.now for one in found]


def test_all_whom_a_trigger_fits_already_would_enter_if_it_looks_back(app: App) -> None:
    app.contact(attributes={"stage": "customer", "contract_end": "2026-03-20"})
    app.contact("bo@example.com", attributes={"stage": "lead", "contract_end": "2026-12-24"})
    app.report(at=MONDAY - 90 * DAY)

    found = counted(
        app,
        becoming("stage", "customer", backfill="all"),
        near(days(30), backfill="all"),
        silent(days(60), backfill="all"),
        on_event(backfill="all"),
    )

    assert found == [1, 1, 1, 1]


def test_nobody_would_enter_if_it_does_not_look_back(app: App) -> None:
    app.contact(attributes={"stage": "customer", "contract_end": "2026-03-20"})
    app.report(at=MONDAY - 90 * DAY)

    found = counted(
        app, becoming("stage", "customer"), near(days(30)), silent(days(60)), on_event()
    )

    assert found == [0, 0, 0, 0]


def test_who_is_not_in_the_audience_is_not_counted(app: App) -> None:
    app.contact(attributes={"stage": "customer", "country": "DE"})
    app.contact("bo@example.com", attributes={"stage": "customer", "country": "US"})
    wanted = becoming("stage", "customer", backfill="all")

    assert counted(app, wanted, audience=is_("contact", "country", "US")) == [1]


def test_a_trigger_that_stands_already_enrolls_nobody_anew(app: App) -> None:
    wanted = becoming("stage", "customer", backfill="all")
    app.publish(triggered(wanted))
    app.contact(attributes={"stage": "customer"})

    assert counted(app, wanted) == []


def test_those_counted_are_those_who_enter(app: App) -> None:
    for number in range(7):
        stage = "customer" if number % 2 else "lead"
        app.contact(f"p{number}@example.com", attributes={"stage": stage})
    wanted = becoming("stage", "customer", backfill="all")
    (told,) = counted(app, wanted, at=MONDAY + DAY)

    app.publish(triggered(wanted), at=MONDAY + DAY)
    app.sweep(MONDAY + DAY)

    assert told == len(app.starts()) == 3
