"""Events that enroll: once each, from their own moments, by their fields."""

from datetime import timedelta
from itertools import chain
from random import Random

import pytest
from pydantic import JsonValue
from sqlalchemy import Engine

from storage.entering import triggers
from storage.people import contacts
from tests.builders import MONDAY
from tests.triggers.app import ADA, PER_ORDER, App, is_, on_event, triggered

DAY = timedelta(days=1)
BEFORE = MONDAY - DAY


def test_an_event_asks_for_an_enrollment_from_its_own_moment(app: App) -> None:
    app.publish(triggered(on_event()), at=BEFORE)
    contact = app.contact()

    taken = app.report(at=MONDAY, fields={"total": 12})

    (start,) = app.starts()
    assert taken.enrolls == 1
    assert (start.sequence, start.contact_id, start.key) == ("orders", contact.id, None)
    assert (start.at, start.data) == (MONDAY, {"total": 12})
    assert start.source == "trigger: event order_placed"


def test_a_repeated_event_asks_for_nothing_more(app: App) -> None:
    app.publish(triggered(on_event()), at=BEFORE)
    app.contact()

    app.report(mark="1007")
    app.report(mark="1007")

    assert len(app.starts()) == 1


@pytest.mark.parametrize("total", [12, 13, None])
def test_only_an_event_with_the_fields_that_are_asked_for_enrolls(
    app: App, total: JsonValue
) -> None:
    app.publish(triggered(on_event(where=is_("event", "total", 12))), at=BEFORE)
    app.contact()

    app.report(fields={"total": total})

    assert len(app.starts()) == (1 if total == 12 else 0)


def test_two_triggers_that_see_one_event_enroll_once(app: App) -> None:
    app.publish(triggered(on_event(), on_event(where=is_("event", "total", 12))), at=BEFORE)
    app.contact()

    taken = app.report(fields={"total": 12})

    assert taken.enrolls == len(app.starts()) == 1


def test_each_sequence_that_an_event_concerns_is_asked_for(app: App) -> None:
    app.publish(triggered(on_event()), at=BEFORE)
    app.publish(triggered(on_event(), name="reviews"), at=BEFORE)
    app.publish(triggered(on_event("signed_up"), name="welcome"), at=BEFORE)
    app.contact()

    app.report()

    assert sorted(start.sequence for start in app.starts()) == ["orders", "reviews"]


def test_the_key_is_read_off_the_event(app: App) -> None:
    app.publish(triggered(on_event(), key=PER_ORDER), at=BEFORE)
    app.contact()

    app.report(fields={"order_id": 1007})
    app.report(fields={"order_id": "a-1"})

    assert app.keys() == ["1007", "a-1"]


@pytest.mark.parametrize("odd", [None, "", "a/b", "ada@example.com", "x" * 101, True, 1.5, ["1"]])
def test_an_event_with_an_odd_key_is_put_down_as_refused(app: App, odd: JsonValue) -> None:
    app.publish(triggered(on_event(), key=PER_ORDER), at=BEFORE)
    app.contact()

    app.report(fields={"order_id": odd})

    (start,) = app.starts()
    assert (start.refused, start.key) == ("missing_key", None)
    assert start.message is not None
    assert start.message.startswith("orders is per data.order_id, ")


def test_an_event_of_before_the_publishing_enrolls_nobody(app: App) -> None:
    app.publish(triggered(on_event()), at=MONDAY)
    app.contact()

    app.report(at=BEFORE)

    assert app.starts() == []


def test_where_those_of_before_are_wanted_they_enter_from_the_publishing_on(app: App) -> None:
    app.publish(triggered(on_event(backfill="all")), at=MONDAY)
    app.contact()

    app.report(at=BEFORE)

    assert [start.at for start in app.starts()] == [MONDAY]


def test_a_trigger_stands_since_it_was_published_first(app: App) -> None:
    app.publish(triggered(on_event()), at=BEFORE)
    app.publish(triggered(on_event(), spread=5), at=MONDAY)
    app.contact()

    app.report(at=BEFORE)

    assert len(app.starts()) == 1


def test_a_trigger_that_the_latest_version_has_not_enrolls_nobody(app: App) -> None:
    app.publish(triggered(on_event()), at=BEFORE)
    app.publish(triggered(), at=BEFORE)
    app.contact()

    app.report()

    assert app.starts() == []
    with app.engine.connect() as connection:
        assert triggers.listed(connection) == []


def test_an_unknown_contact_is_made_where_the_trigger_says_so(app: App) -> None:
    app.publish(triggered(on_event(creates=True)), at=BEFORE)

    taken = app.report(of="New@Example.com", mark="1")
    again = app.report(of="new@example.com", mark="1")

    (start,) = app.starts()
    assert (taken.new, again.new) == (True, False)
    with app.engine.connect() as connection:
        made = contacts.find(connection, "new@example.com")
    assert made is not None
    assert start.contact_id == taken.contact == made.id


@pytest.mark.parametrize(
    ("creates", "ref", "total"),
    [(False, ADA, 12), (True, "crm-17", 12), (True, ADA, 13)],
    ids=["not-said", "no-address", "another-event"],
)
def test_else_an_unknown_contacts_event_is_put_on_record_alone(
    app: App, engine: Engine, *, creates: bool, ref: str, total: int
) -> None:
    app.publish(triggered(on_event(creates=creates, where=is_("event", "total", 12))), at=BEFORE)

    taken = app.report(of=ref, fields={"total": total})

    assert (taken.new, taken.contact, app.starts()) == (True, None, [])
    with engine.connect() as connection:
        assert contacts.every_id(connection) == []


def test_a_years_events_in_any_order_and_repeated_enroll_once_each(app: App) -> None:
    app.publish(triggered(on_event(), key=PER_ORDER), at=BEFORE)
    people = [f"c{number}@example.com" for number in range(5)]
    for person in people:
        app.contact(person)
    told = [(person, number) for person in people for number in range(40)]
    dice = Random(31)  # noqa: S311 a seed, no secret
    replayed = [*told, *dice.sample(told, 80)]
    dice.shuffle(replayed)

    for person, number in replayed:
        order = f"{person[:2]}-{number}"
        at = MONDAY + number * 9 * DAY
        app.report(of=person, at=at, mark=order, fields={"order_id": order})

    assert sorted(app.keys(), key=str) == sorted(
        chain.from_iterable([f"{person[:2]}-{n}" for n in range(40)] for person in people)
    )


def test_an_event_of_a_clock_that_is_ahead_is_not_lost_by_the_publishing(app: App) -> None:
    app.contact()
    app.report(at=MONDAY + timedelta(minutes=2))
    app.publish(triggered(on_event(backfill="all")), at=MONDAY)

    app.sweep(MONDAY + timedelta(minutes=3))

    assert app.moments() == [MONDAY + timedelta(minutes=2)]
