from datetime import timedelta
from uuid import UUID

import pytest

from schemas.activities import BeginRequest
from schemas.calendar import Window
from schemas.events import AppEvent, Control
from schemas.matchers import Matcher
from schemas.outcomes import Enrolled, Refused, Sent, Stopped
from schemas.steps import Path, WaitForStep
from storage import enrolled, enrollments, events
from storage.events import NewEvent
from tests.activities.world import WELCOME, World, a_start
from tests.builders import MONDAY, a_sequence, an_email, chained, days


def test_an_enrollment_brings_what_deciding_needs(world: World) -> None:
    sequence = WELCOME.model_copy(update={"contact_facts": ("role",)})
    version = world.publish(sequence)
    contact = world.contact(attributes={"role": "vp", "secret": "x"}, timezone="Europe/Berlin")

    answer = world.enrolled(contact, source="test")

    assert answer.version == version.hash
    assert answer.sequence == sequence
    assert answer.at == MONDAY
    assert answer.contact == {"role": "vp"}
    assert answer.zone.name == "Europe/Berlin"


def test_the_same_run_again_is_answered_the_same(world: World) -> None:
    world.publish()
    contact = world.contact()

    assert world.enrolled(contact) == world.enrolled(contact)


def test_the_same_run_again_goes_on_though_it_has_ended_since(world: World) -> None:
    world.publish()
    contact = world.contact()
    first = world.enrolled(contact)
    world.ended(first)

    assert world.enrolled(contact) == first


def test_an_enrollment_has_a_moment_of_its_own(world: World) -> None:
    world.publish()

    answer = world.enrolled(world.contact(), at=MONDAY - timedelta(days=2))

    assert answer.at == MONDAY - timedelta(days=2)


def test_the_version_asked_for_is_the_one(world: World) -> None:
    first = world.publish()
    world.publish(postal_address="2 Side St")

    assert world.enrolled(world.contact(), version=first.hash).version == first.hash


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"sequence": "unknown"}, "unknown_sequence"),
        ({"version": "f" * 64}, "unknown_version"),
        ({"contact": "nobody"}, "unknown_contact"),
    ],
)
def test_what_does_not_exist_is_refused(
    world: World, fields: dict[str, object], reason: str
) -> None:
    world.publish()
    start = a_start(world.contact()).model_copy(update=fields)

    assert world.refused(start).reason == reason


def test_a_version_of_another_sequence_is_refused(world: World) -> None:
    other = world.publish(WELCOME.model_copy(update={"name": "other"}))
    world.publish()

    assert world.refused(a_start(world.contact(), version=other.hash)).reason == "unknown_version"


def test_another_workflow_id_is_refused(world: World) -> None:
    world.publish()
    request = BeginRequest(
        start=a_start(world.contact()), workflow_id="my-own-id", run_id="run-1", now=MONDAY
    )

    answer = world.live.begin_enrollment(request)

    assert isinstance(answer, Refused)
    assert answer.message == (
        "the workflow id must be <sequence>.<contact id>, followed by .<key> if there is one"
    )


def test_what_a_terminated_workflow_left_live_is_ended(world: World) -> None:
    world.publish()
    contact = world.contact()
    left = world.enrolled(contact)

    answer = world.begin(a_start(contact), "run-2")

    assert isinstance(answer, Enrolled)
    with world.engine.connect() as connection:
        row = enrolled.get(connection, UUID(left.row))
    assert row.ending == "stopped"


@pytest.mark.parametrize(
    ("window", "timezone", "name"),
    [
        (None, "Asia/Tokyo", "Asia/Tokyo"),
        (None, "Mars/Base", "UTC"),
        (None, None, "UTC"),
        ({"zone": "Europe/Paris"}, "Asia/Tokyo", "Europe/Paris"),
        ({"fallback": "America/New_York"}, "Asia/Tokyo", "Asia/Tokyo"),
        ({"fallback": "America/New_York"}, "Mars/Base", "America/New_York"),
    ],
)
def test_an_enrollment_has_one_zone(
    world: World, window: dict[str, str] | None, timezone: str | None, name: str
) -> None:
    open_always = Window(days=(0,), ranges=((0, 1440),), **window) if window else None
    world.publish(WELCOME.model_copy(update={"window": open_always}))

    assert world.enrolled(world.contact(timezone=timezone)).zone.name == name


def test_events_before_it_come_along_for_a_wait_that_asks_for_them(world: World) -> None:
    shipped = Matcher(kind="event", name="shipped")
    wait = WaitForStep(
        id="wait", paths=(Path(on=shipped),), since="always", within=days(3), next="intro"
    )
    world.publish(a_sequence(wait, an_email("intro")))
    contact = world.contact()
    with world.engine.begin() as connection:
        for name in ("shipped", "ordered"):
            events.record(
                connection,
                NewEvent(
                    source="api",
                    natural_key=name,
                    kind="event",
                    name=name,
                    contact_id=contact.id,
                    at=MONDAY - timedelta(days=1),
                ),
            )

    (earlier,) = world.enrolled(contact).earlier

    assert isinstance(earlier, AppEvent)
    assert earlier.name == "shipped"


def test_one_that_begins_paused_is_paused_before_anything_can_be_claimed(world: World) -> None:
    world.publish()
    contact = world.contact()
    paused = {"who": "kim", "why": "until Monday"}

    answer = world.enrolled(contact, paused=paused)

    assert answer == world.enrolled(contact, paused=paused)
    assert [(one.kind, one.at) for one in answer.missed] == [("control", MONDAY)]
    with world.engine.connect() as connection:
        row = enrolled.get(connection, UUID(answer.row))
    assert (row.paused_at, row.paused_by, row.paused_why) == (MONDAY, "kim", "until Monday")


async def test_nothing_goes_from_one_that_begins_paused_until_it_is_resumed(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact(), paused={"who": "kim", "why": "until Monday"})
    resume = Control(id="r1", action="resume", who="kim")

    held = await world.send(row)
    with world.engine.begin() as connection:
        enrollments.resume(connection, UUID(row.row), resume, MONDAY)

    assert held == Stopped(at=MONDAY, who="kim", why="until Monday")
    assert isinstance(await world.send(row), Sent)


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("nots", "welcome has no step nots (did you mean note?)"),
        ("xyz", "welcome has no step xyz (known: intro, note)"),
    ],
)
def test_a_step_that_there_is_not_is_refused(world: World, step: str, message: str) -> None:
    world.publish()

    answer = world.refused(a_start(world.contact(), step=step))

    assert (answer.reason, answer.message) == ("unknown_step", message)


def test_a_step_of_a_branch_is_none_to_begin_at(world: World) -> None:
    path = Path(on=Matcher(kind="event", name="shipped"), first="inside")
    wait = WaitForStep(id="wait", paths=(path,), within=days(3), next="intro")
    inside = an_email("inside", next="intro")
    main = chained(wait, an_email("intro"))
    world.publish(a_sequence(wait, steps=(*main, inside)))

    answer = world.refused(a_start(world.contact(), step="inside"))

    assert answer.message == (
        "the step inside of welcome stands in a branch or in `on`: an enrollment begins at a "
        "step of the main list"
    )
