from datetime import timedelta

import pytest

from schemas.calendar import Duration, Unit
from schemas.conditions import Comparison, Constant, Fact
from schemas.outcomes import Enrolled, Refused
from schemas.policies import ExitRule
from schemas.progress import Ending
from schemas.suppression import Reason
from storage.results import results
from tests.activities.world import ORDER, VP, WELCOME, World, a_start
from tests.builders import MONDAY, a_sequence, an_email


def test_who_is_not_in_the_audience_is_refused(world: World) -> None:
    world.publish(a_sequence(an_email("intro"), audience=VP))

    assert world.refused(a_start(world.contact())).reason == "audience"


def test_the_audience_may_ask_for_the_data(world: World) -> None:
    paid = Comparison(by="eq", left=Fact(of="data", path="plan"), right=Constant(value="paid"))
    world.publish(a_sequence(an_email("intro"), audience=paid))

    assert world.refused(a_start(world.contact(), data={"plan": "free"})).reason == "audience"
    assert isinstance(world.begin(a_start(world.contact(), data={"plan": "paid"}), "2"), Enrolled)


def test_whom_a_condition_of_exit_on_would_end_at_once_is_refused(world: World) -> None:
    world.publish(a_sequence(an_email("intro"), exit_on=(ExitRule(name="is_vp", when=VP),)))

    answer = world.refused(a_start(world.contact(attributes={"role": "vp"})))

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
    assert is_let_in or (isinstance(answer, Refused) and answer.reason == "suppressed")


def test_each_key_has_an_enrollment_of_its_own(world: World) -> None:
    world.publish(WELCOME.model_copy(update={"key": ORDER}))
    contact = world.contact()
    world.enrolled(contact, key="a", data={"order": "a"})

    assert isinstance(world.begin(a_start(contact, key="b", data={"order": "b"})), Enrolled)


def test_never_again_is_the_policy_unless_another_is_written(world: World) -> None:
    world.publish(WELCOME.model_copy(update={"re_enroll": "never"}))
    contact = world.contact()
    world.ended(world.enrolled(contact))

    answer = world.refused(a_start(contact), "run-2")

    assert answer.reason == "re_enroll"


def test_the_policy_looks_at_each_key_by_itself(world: World) -> None:
    world.publish(WELCOME.model_copy(update={"re_enroll": "never", "key": ORDER}))
    contact = world.contact()
    world.ended(world.enrolled(contact, key="a", data={"order": "a"}))

    assert isinstance(world.begin(a_start(contact, key="b", data={"order": "b"})), Enrolled)


@pytest.mark.parametrize(("days_ago", "is_let_in"), [(89, False), (90, True)])
def test_again_after_a_time_counts_from_the_ending(
    world: World, days_ago: int, *, is_let_in: bool
) -> None:
    policy = Duration(count=90, unit=Unit.DAYS)
    world.publish(WELCOME.model_copy(update={"re_enroll": policy}))
    contact = world.contact()
    last = Ending(name="completed", at=MONDAY - timedelta(days=days_ago))
    world.ended(world.enrolled(contact, at=last.at), last)

    answer = world.begin(a_start(contact), "run-2")

    assert isinstance(answer, Enrolled) is is_let_in


def test_a_refusal_is_counted(world: World) -> None:
    world.publish(a_sequence(an_email("intro"), audience=VP))
    world.refused(a_start(world.contact()))

    with world.engine.connect() as connection:
        numbers = results(connection, "welcome")

    assert numbers.refused == {"audience": 1}
