import pytest

from schemas.events import Blocked, Bounce, Complaint, ContactChanged, Control, Event
from schemas.outcomes import Suppressed
from schemas.progress import What
from schemas.suppression import Reason
from schemas.values import Facts
from tests.unit.decisions.living import (
    Late,
    World,
    at,
    clicked,
    happened,
    live,
    noted,
    replied,
    resumed,
    told,
    unsubscribed,
    written,
)
from tests.unit.decisions.living import paused as pause_at

MAILS = "steps: [{email: one, day: 1}, {email: three, day: 3}]"
EXITS = "exit_on: [won, reply, {when: contact.stage == 'lost', as: lost}, lost_deal]"


def changed(when: str, **facts: str) -> ContactChanged:
    known: Facts = {**facts}
    return ContactChanged(id=f"changed {when}", at=at(when), facts=known)


IN_ORDER: list[Event] = [
    Bounce(id="1", at=at("03-03 10:00")),
    Complaint(id="2", at=at("03-03 10:00")),
    unsubscribed("03-03 10:00"),
    Blocked(id="4", at=at("03-03 10:00"), reason="left_company"),
    happened("won", "03-03 10:00"),
    replied("03-03 10:00"),
    changed("03-03 10:00", stage="lost"),
    happened("lost_deal", "03-03 10:00"),
    Control(id="9", at=at("03-03 10:00"), action="exit", who="ada"),
]
NAMES = [
    *("bounced", "complained", "unsubscribed", "left_company"),
    *("won", "replied", "lost", "lost_deal", "stopped"),
]


@pytest.mark.parametrize("place", range(len(NAMES)))
def test_of_the_endings_of_one_minute_the_gravest_counts(place: int) -> None:
    sequence = written(EXITS, MAILS)

    lived = live(sequence, *reversed(IN_ORDER[place:]))

    assert told(lived)[-1] == f"= {NAMES[place]} 03-03 10:00"


def test_the_first_in_time_counts_whatever_its_rank() -> None:
    sequence = written(EXITS, MAILS)

    lived = live(
        sequence,
        Late(Bounce(id="b", at=at("03-03 10:01")), at("03-03 10:05")),
        Late(replied("03-03 10:00"), at("03-03 10:05")),
    )

    assert told(lived)[-1] == "= replied 03-03 10:00"


def test_an_ending_heard_of_late_keeps_its_own_moment() -> None:
    sequence = written(EXITS, MAILS)

    lived = live(sequence, Late(replied("03-04 09:50"), at("03-04 10:10")))

    assert told(lived) == ["one 03-02 10:00", "three 03-04 10:00", "= completed 03-04 10:00"]
    assert told(live(sequence, Late(replied("03-03 09:50"), at("03-03 10:10"))))[-1] == (
        "= replied 03-03 09:50"
    )


def test_an_event_of_before_the_enrollment_ends_nothing() -> None:
    sequence = written(EXITS, MAILS)

    lived = live(sequence, Late(replied("03-02 09:59"), at("03-02 10:05")))

    assert told(lived)[-1] == "= completed 03-04 10:00"


def test_a_soft_bounce_ends_nothing() -> None:
    lived = live(written(MAILS), Bounce(id="b", at=at("03-03 10:00"), hard=False))

    assert told(lived)[-1] == "= completed 03-04 10:00"


def test_completed_is_the_moment_of_the_last_step() -> None:
    sequence = written("steps: [email: one, wait: 2 days]")

    assert told(live(sequence))[-1] == "= completed 03-04 10:00"


def test_an_exit_in_a_branch_ends_at_its_moment_and_its_siblings_do_not_come() -> None:
    sequence = written(
        """
        steps:
          - wait: 1 day
          - when: contact.vip
            then: [{exit: vip}]
            else: [wait: 1 day, exit: gave-up, email: never]
          - email: neither
        """
    )

    assert told(live(sequence)) == ["= gave-up 03-04 10:00"]
    assert told(live(sequence, contact={"vip": True})) == ["= vip 03-03 10:00"]


def test_a_condition_of_exit_on_ends_when_the_contact_changes() -> None:
    sequence = written(EXITS, MAILS)

    lived = live(
        sequence, changed("03-03 12:00", stage="new"), changed("03-03 13:00", stage="lost")
    )

    assert told(lived)[-1] == "= lost 03-03 13:00"


def test_a_condition_that_no_change_of_the_contact_made_true_ends_before_the_next_mail() -> None:
    sequence = written("exit_on: [{when: clicked('one'), as: keen}]", MAILS)

    lived = live(sequence, clicked("one", "03-03 12:00"))

    assert told(lived) == ["one 03-02 10:00", "= keen 03-04 10:00"]


def test_of_two_conditions_that_are_true_the_first_written_counts() -> None:
    first = "{when: clicked('one'), as: keen}"
    second = "{when: contact.vip, as: eager}"
    sequence = written(f"exit_on: [{first}, {second}]", MAILS)
    known = changed("03-02 12:00", vip="")

    lived = live(sequence, known, clicked("one", "03-03 12:00"), changed("03-04 10:00", vip="yes"))

    assert told(lived)[-1] == "= keen 03-04 10:00"


def test_before_a_mail_the_first_condition_written_counts() -> None:
    sequence = written(
        "exit_on: [{when: clicked('one'), as: keen}, {when: sent('one'), as: begun}]", MAILS
    )

    assert told(live(sequence, clicked("one", "03-03 12:00")))[-1] == "= keen 03-04 10:00"
    assert told(live(sequence))[-1] == "= begun 03-04 10:00"


def test_who_leaves_the_audience_is_out_when_the_next_marketing_mail_is_due() -> None:
    steps = "steps: [{email: bill, day: 2, kind: transactional}, {email: three, day: 3}]"
    sequence = written("audience: contact.role == 'ops'", steps)

    lived = live(sequence, changed("03-02 12:00", role="cfo"), contact={"role": "ops"})

    assert told(lived) == ["bill 03-03 10:00", "= left_audience 03-04 10:00"]


def test_who_returns_to_the_audience_in_time_stays() -> None:
    sequence = written("audience: contact.role == 'ops'", MAILS)
    changes = [changed("03-02 12:00", role="cfo"), changed("03-04 10:00", role="ops")]

    lived = live(sequence, *changes, contact={"role": "ops"})

    assert told(lived)[-1] == "= completed 03-04 10:00"


def test_an_ending_that_comes_while_a_mail_is_on_its_way_keeps_the_mail_on_record() -> None:
    sequence = written(EXITS, MAILS)
    world = World({"one": Suppressed(reason=Reason.LEFT_COMPANY)})

    assert told(live(sequence, world=world)) == ["= left_company 03-02 10:00"]


@pytest.mark.parametrize(
    ("reason", "ending"),
    [
        (Reason.BOUNCED, "= bounced 03-04 10:00"),
        (Reason.BLOCKED, "= suppressed 03-04 10:00"),
        (Reason.LEFT_COMPANY, "= left_company 03-04 10:00"),
        (Reason.COMPLAINED, "= complained 03-04 10:00"),
        (Reason.UNSUBSCRIBED, "= unsubscribed 03-04 10:00"),
    ],
)
def test_a_suppression_found_by_the_claim_ends_it_there(reason: Reason, ending: str) -> None:
    lived = live(written(MAILS), world=World({"three": Suppressed(reason=reason)}))

    assert told(lived) == ["one 03-02 10:00", ending]
    assert noted(lived, What.SKIPPED) == ["three 03-04 10:00"]


def test_a_pause_does_not_keep_an_ending_back() -> None:
    lived = live(written(EXITS, MAILS), pause_at("03-02 12:00"), replied("03-03 12:00"))

    assert told(lived)[-1] == "= replied 03-03 12:00"


def test_a_resume_without_a_pause_changes_nothing() -> None:
    lived = live(written(MAILS), resumed("03-02 12:00"))

    assert told(lived)[-1] == "= completed 03-04 10:00"
