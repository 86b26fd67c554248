"""Language rule 28: whoever shares a contact has it by turns."""

from datetime import timedelta

import pytest

from schemas.outcomes import Enrolled, Refused, Waiting
from schemas.policies import Turns
from schemas.steps import EmailStep
from schemas.suppression import Reason
from tests.activities.turning import (
    ask,
    contenders,
    end,
    enroll,
    on_record,
    publish,
    refuses,
    standing,
    told,
    unsubscribe,
)
from tests.activities.world import World
from tests.builders import MONDAY, a_sequence, an_email

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
UNTIL = MONDAY + timedelta(days=3)
SAME = "first has this contact already, with the same priority 1"


def test_who_comes_second_waits_or_is_refused(world: World) -> None:
    publish(world, "first")
    publish(world, "second")
    refuses(world, "third")
    contact = world.contact()
    enroll(world, "first", contact)

    assert ask(world, "second", contact) == Waiting(until=UNTIL, why=SAME)
    assert ask(world, "third", contact) == Refused(reason="busy", message=SAME)
    assert standing(world, contact) == [("first", "holds"), ("second", "waits")]


def test_asked_again_the_answer_is_the_same(world: World) -> None:
    publish(world, "first")
    publish(world, "second")
    contact = world.contact()
    first = enroll(world, "first", contact)

    again = [ask(world, "second", contact, MONDAY + HOUR) for _ in range(2)]

    assert enroll(world, "first", contact, MONDAY + HOUR) == first
    assert again == [Waiting(until=UNTIL + HOUR, why=SAME)] * 2


def test_other_contacts_and_other_groups_are_free(world: World) -> None:
    publish(world, "first")
    publish(world, "second")
    publish(world, "other", exclusive="service")
    ada, bob = world.contact(), world.contact(email="bob@customer.example")
    enroll(world, "first", ada)

    assert isinstance(ask(world, "second", bob), Enrolled)
    assert isinstance(ask(world, "other", ada), Enrolled)


def test_the_turn_comes_a_minute_after_the_ending_and_is_the_moment_of_its_own(
    world: World,
) -> None:
    publish(world, "first")
    publish(world, "second")
    contact = world.contact()
    first = enroll(world, "first", contact)
    ask(world, "second", contact)

    end(world, first, MONDAY + HOUR, "replied")
    second = enroll(world, "second", contact, MONDAY + 2 * HOUR)

    why = "first is done with this contact (replied)"
    assert told(world, "second", contact) == [(True, MONDAY + HOUR + MINUTE, why)]
    assert second.at == MONDAY + HOUR + MINUTE
    assert standing(world, contact) == [("second", "holds")]


def test_the_highest_priority_comes_next_then_who_asked_first(world: World) -> None:
    contact = world.contact()
    for name, priority in (("first", 3), ("low", 1), ("high", 2), ("late-high", 2)):
        publish(world, name, priority)
    first = enroll(world, "first", contact)
    for minutes, name in enumerate(("low", "high", "late-high")):
        ask(world, name, contact, MONDAY + timedelta(minutes=minutes))

    end(world, first, MONDAY + HOUR)
    end(world, enroll(world, "high", contact, MONDAY + HOUR), MONDAY + 2 * HOUR)
    end(world, enroll(world, "late-high", contact, MONDAY + 2 * HOUR), MONDAY + 3 * HOUR)

    assert standing(world, contact) == [("low", "holds")]


def test_who_has_waited_long_enough_is_refused_and_passed_over(world: World) -> None:
    contact = world.contact()
    for name in ("first", "second", "third"):
        publish(world, name)
    first = enroll(world, "first", contact)
    ask(world, "second", contact)
    ask(world, "third", contact, MONDAY + HOUR)

    end(world, first, UNTIL + timedelta(minutes=1))

    assert standing(world, contact) == [("second", "waits"), ("third", "holds")]
    assert ask(world, "second", contact, UNTIL + HOUR) == Refused(
        reason="busy",
        message="waited as long as `if_busy` says, and third has this contact already, with the "
        "same priority 1",
    )


def test_the_last_minute_of_waiting_still_counts(world: World) -> None:
    contact = world.contact()
    publish(world, "first")
    publish(world, "second")
    first = enroll(world, "first", contact)
    ask(world, "second", contact)

    end(world, first, UNTIL)

    assert enroll(world, "second", contact, UNTIL).at == UNTIL + MINUTE


def test_who_is_refused_when_its_turn_comes_leaves_it_to_the_next(world: World) -> None:
    contact = world.contact()
    for name in ("first", "second", "third"):
        publish(world, name)
    first = enroll(world, "first", contact)
    ask(world, "second", contact)
    ask(world, "third", contact)
    world.suppress(contact, Reason.BLOCKED)

    end(world, first, MONDAY + HOUR)
    answer = ask(world, "second", contact, MONDAY + HOUR)

    assert isinstance(answer, Refused)
    assert answer.reason == "suppressed"
    assert standing(world, contact) == [("third", "holds")]
    assert len(told(world, "third", contact)) == 1


def test_a_run_that_was_cut_short_leaves_no_turn_behind(world: World) -> None:
    contact = world.contact()
    for name in ("first", "second"):
        publish(world, name)
    first = enroll(world, "first", contact)
    ask(world, "second", contact)

    ask(world, "second", contact, MONDAY + HOUR, run="run-2")
    end(world, first, MONDAY + 2 * HOUR)

    assert [(one.run_id, one.state) for one in contenders(world)] == [
        ("run-1", "over"),
        ("run-1", "over"),
        ("run-2", "holds"),
    ]


@pytest.mark.parametrize(
    ("marketing", "fields"),
    [
        ((), {}),
        ((an_email("intro"),), {"holdout": 10_000}),
        ((an_email("intro"),), {"turns": Turns(priority=9)}),
    ],
    ids=["transactional", "held out", "no group"],
)
def test_without_a_marketing_mail_to_send_nobody_is_kept_waiting(
    world: World, marketing: tuple[EmailStep, ...], fields: dict[str, object]
) -> None:
    contact = world.contact()
    receipt = an_email("note", transactional=True)
    free = {"turns": Turns(exclusive="sales"), "name": "free", **fields}
    world.publish(a_sequence(*marketing, receipt, **free))
    refuses(world, "second")
    enroll(world, "free", contact)

    assert isinstance(ask(world, "second", contact), Enrolled)


def test_a_turn_ends_with_the_marketing_part(world: World) -> None:
    contact = world.contact()
    publish(world, "first")
    publish(world, "second")
    first = enroll(world, "first", contact)
    ask(world, "second", contact)

    unsubscribe(world, contact, MONDAY + HOUR)

    assert on_record(world, first.row).ended_at is None
    assert standing(world, contact) == [("second", "holds")]


def test_the_clock_of_waiting_is_the_contacts(world: World) -> None:
    contact = world.contact(timezone="America/New_York")
    publish(world, "first")
    publish(world, "second")
    enroll(world, "first", contact)
    friday = MONDAY + timedelta(days=4)

    answer = ask(world, "second", contact, friday)

    # Clocks go forward on Sunday 8 March 2026.
    assert answer == Waiting(until=friday + timedelta(days=3) - HOUR, why=SAME)
