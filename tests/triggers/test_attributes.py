"""Attributes that become a value: the change enrolls, not the value."""

from datetime import timedelta

from sqlalchemy import Engine

from activities.effects import Effects
from activities.published import Library
from schemas.activities import EffectRequest
from schemas.content import Content, Mailbox
from schemas.steps import SetStep
from schemas.version import Version
from storage import enrollments, versions
from storage.enrollments import NewEnrollment
from storage.rows import EnrollmentRow
from tests.builders import MONDAY, a_sequence
from tests.triggers.app import App, becoming, triggered

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
STAGE = becoming("stage", "customer")


def test_an_attribute_that_becomes_the_value_enrolls_from_that_moment(app: App) -> None:
    app.publish(triggered(STAGE), at=MONDAY - DAY)
    app.contact(attributes={"stage": "lead"})

    app.contact(attributes={"stage": "customer"}, at=MONDAY + DAY)
    app.contact(attributes={"stage": "customer"}, at=MONDAY + 2 * DAY)

    assert app.moments() == [MONDAY + DAY]
    assert [start.source for start in app.starts()] == ['trigger: when contact.stage == "customer"']


def test_each_time_that_it_becomes_so_counts(app: App) -> None:
    app.publish(triggered(STAGE), at=MONDAY - DAY)

    for day, stage in enumerate(["customer", "lead", "customer"]):
        app.contact(attributes={"stage": stage}, at=MONDAY + day * DAY)

    assert app.moments() == [MONDAY, MONDAY + 2 * DAY]


def test_a_new_contact_with_the_value_enters(app: App) -> None:
    app.publish(triggered(STAGE), at=MONDAY - DAY)

    app.contact(attributes={"stage": "customer"})
    app.contact("bob@example.com", attributes={"stage": "lead"})

    assert app.moments() == [MONDAY]


def test_who_has_the_value_already_stays_out_unless_those_are_wanted(app: App) -> None:
    app.contact(attributes={"stage": "customer"}, at=MONDAY - DAY)
    app.publish(triggered(STAGE))
    app.publish(triggered(becoming("stage", "customer", backfill="all"), name="all"))

    app.contact(first_name="Ada", at=MONDAY + DAY)
    app.sweep(MONDAY + DAY)

    assert [(start.sequence, start.at) for start in app.starts()] == [("all", MONDAY)]


def test_who_gets_the_value_before_the_first_look_enters_once(app: App) -> None:
    app.contact(at=MONDAY - DAY)
    app.publish(triggered(becoming("stage", "customer", backfill="all")))

    app.contact(attributes={"stage": "customer"}, at=MONDAY + MINUTE)
    app.sweep(MONDAY + 2 * MINUTE)

    assert app.moments() == [MONDAY + MINUTE]


def test_who_had_the_value_at_the_publishing_and_is_changed_before_the_first_look_enters(
    app: App,
) -> None:
    app.contact(attributes={"stage": "customer"}, at=MONDAY - DAY)
    app.publish(triggered(becoming("stage", "customer", backfill="all")))

    app.contact(first_name="Ada", at=MONDAY + MINUTE)
    app.sweep(MONDAY + 2 * MINUTE)

    assert app.moments() == [MONDAY]


def test_an_attribute_that_a_step_sets_enrolls(app: App, engine: Engine) -> None:
    app.publish(triggered(STAGE), at=MONDAY - DAY)
    contact = app.contact()
    setting = a_sequence(SetStep(id="set", values={"stage": "customer"}))
    version = Version.of(setting, Content(files={}, sender=Mailbox(email="sam@us.example")))
    new = NewEnrollment(
        workflow_id=f"welcome.{contact.id}",
        run_id="run-1",
        sequence="welcome",
        version=version.hash,
        contact_id=contact.id,
        source="test",
        zone="UTC",
        enrolled_at=MONDAY,
    )
    with engine.begin() as connection:
        versions.publish(connection, version, by="test", at=MONDAY)
        row = enrollments.begin(connection, new)
    assert isinstance(row, EnrollmentRow)

    asked = EffectRequest(row=str(row.id), step="set", occurrence=1, now=MONDAY + DAY)
    Effects(engine, Library()).carry_out(asked)
    Effects(engine, Library()).carry_out(asked)

    assert app.moments() == [MONDAY + DAY]
