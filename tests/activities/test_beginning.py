from datetime import timedelta
from uuid import UUID

import pytest

from schemas.activities import BeginRequest
from schemas.calendar import Duration, Unit, Window
from schemas.conditions import Comparison, Constant, Fact
from schemas.contact import Contact
from schemas.enrollment import EnrollmentStart
from schemas.events import AppEvent
from schemas.outcomes import Enrolled, Refused
from schemas.progress import Ending
from schemas.sequence import ExitRule, Matcher, Path, WaitForStep
from schemas.suppression import Reason
from storage import enrolled, enrollments, events
from storage.events import NewEvent
from storage.results import results
from tests.activities.world import WELCOME, World
from tests.builders import MONDAY, a_sequence, an_email, days

VP = Comparison(by="eq", left=Fact(of="contact", path="role"), right=Constant(value="vp"))
OVER = Ending(name="completed", at=MONDAY)


def a_start(contact: Contact, **fields: object) -> EnrollmentStart:
    given = {"sequence": "welcome", "contact": contact.id, **fields}
    return EnrollmentStart.model_validate(given)


def refused(world: World, start: EnrollmentStart, run: str = "run-1") -> Refused:
    answer = world.begin(start, run)
    assert isinstance(answer, Refused)
    return answer


def ended(world: World, row: Enrolled, ending: Ending = OVER) -> None:
    with world.engine.begin() as connection:
        enrollments.end(connection, UUID(row.row), ending, 1000)


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
    ended(world, first)

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

    assert refused(world, start).reason == reason


def test_a_version_of_another_sequence_is_refused(world: World) -> None:
    other = world.publish(WELCOME.model_copy(update={"name": "other"}))
    world.publish()

    assert refused(world, a_start(world.contact(), version=other.hash)).reason == "unknown_version"


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


def test_who_is_not_in_the_audience_is_refused(world: World) -> None:
    world.publish(a_sequence(an_email("intro"), audience=VP))

    assert refused(world, a_start(world.contact())).reason == "audience"


def test_the_audience_may_ask_for_the_data(world: World) -> None:
    paid = Comparison(by="eq", left=Fact(of="data", path="plan"), right=Constant(value="paid"))
    world.publish(a_sequence(an_email("intro"), audience=paid))

    assert refused(world, a_start(world.contact(), data={"plan": "free"})).reason == "audience"
    assert isinstance(world.begin(a_start(world.contact(), data={"plan": "paid"}), "2"), Enrolled)


def test_whom_a_condition_of_exit_on_would_end_at_once_is_refused(world: World) -> None:
    world.publish(a_sequence(an_email("intro"), exit_on=(ExitRule(name="is_vp", when=VP),)))

    answer = refused(world, a_start(world.contact(attributes={"role": "vp"})))

    assert answer.reason == "is_vp"


@pytest.mark.parametrize(
    ("reason", "transactional", "is_let_in"),
    [
        (Reason.UNSUBSCRIBED, False, False),
        (Reason.UNSUBSCRIBED, True, True),
        (Reason.BOUNCED, True, False),
    ],
)
def test_whom_no_mail_may_reach_is_refused(
    world: World, reason: Reason, *, transactional: bool, is_let_in: bool
) -> None:
    world.publish(a_sequence(an_email("intro"), an_email("note", transactional=transactional)))
    contact = world.contact()
    world.suppress(contact, reason)

    answer = world.begin(a_start(contact))

    assert isinstance(answer, Enrolled) is is_let_in
    assert isinstance(answer, Enrolled) or answer.reason == "suppressed"


def test_each_key_has_an_enrollment_of_its_own(world: World) -> None:
    world.publish()
    contact = world.contact()
    world.enrolled(contact, key="a")

    assert isinstance(world.begin(a_start(contact, key="b")), Enrolled)


def test_never_again_is_the_policy_unless_another_is_written(world: World) -> None:
    world.publish(WELCOME.model_copy(update={"re_enroll": "never"}))
    contact = world.contact()
    ended(world, world.enrolled(contact))

    answer = refused(world, a_start(contact), "run-2")

    assert answer.reason == "re_enroll"


def test_the_policy_looks_at_each_key_by_itself(world: World) -> None:
    world.publish(WELCOME.model_copy(update={"re_enroll": "never"}))
    contact = world.contact()
    ended(world, world.enrolled(contact, key="a"))

    assert isinstance(world.begin(a_start(contact, key="b")), Enrolled)


@pytest.mark.parametrize(("days_ago", "is_let_in"), [(89, False), (90, True)])
def test_again_after_a_time_counts_from_the_ending(
    world: World, days_ago: int, *, is_let_in: bool
) -> None:
    policy = Duration(count=90, unit=Unit.DAYS)
    world.publish(WELCOME.model_copy(update={"re_enroll": policy}))
    contact = world.contact()
    last = Ending(name="completed", at=MONDAY - timedelta(days=days_ago))
    ended(world, world.enrolled(contact, at=last.at), last)

    answer = world.begin(a_start(contact), "run-2")

    assert isinstance(answer, Enrolled) is is_let_in


def test_what_a_terminated_workflow_left_live_is_ended(world: World) -> None:
    world.publish()
    contact = world.contact()
    left = world.enrolled(contact)

    answer = world.begin(a_start(contact), "run-2")

    assert isinstance(answer, Enrolled)
    with world.engine.connect() as connection:
        row = enrolled.get(connection, UUID(left.row))
    assert row.ending == "stopped"


def test_a_refusal_is_counted(world: World) -> None:
    world.publish(a_sequence(an_email("intro"), audience=VP))
    refused(world, a_start(world.contact()))

    with world.engine.connect() as connection:
        numbers = results(connection, "welcome")

    assert numbers.refused == {"audience": 1}


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
