from schemas.progress import What
from tests.unit.decisions.living import (
    clicked,
    happened,
    live,
    noted,
    replied,
    told,
    unsubscribed,
    written,
)
from workflows.deciding.variants import held_out

BILL = "{email: bill, kind: transactional, day: 3}"


def test_who_is_held_out_gets_no_marketing_mail() -> None:
    assert told(live(written("steps: [email: one, wait: 1 day]"), held_out=True)) == [
        "= holdout 03-02 10:00"
    ]


def test_who_is_held_out_gets_what_is_transactional_when_it_is_due() -> None:
    sequence = written(f"steps: [email: one, {BILL}, email: two]")

    assert told(live(sequence, held_out=True)) == ["bill 03-04 10:00", "= holdout 03-04 10:00"]


def test_tasks_hand_offs_and_effects_are_passed_over_for_who_is_held_out() -> None:
    sequence = written(
        f"""
        steps:
          - {{task: call, within: 2 days}}
          - notify: "look here"
          - set: {{engaged: true}}
          - {BILL}
          - hand_off: other
        """
    )

    lived = live(sequence, held_out=True)

    assert told(lived)[0] == "bill 03-04 10:00"
    assert noted(lived, What.TASK_OPENED, What.EFFECT, What.HANDED_OFF) == []


def test_who_is_held_out_of_the_control_group_goes_on_through_waits_and_branches() -> None:
    sequence = written(
        f"steps: [{{wait_for: ping, within: 5 days, then: [{BILL}], else: [email: sorry]}}]"
    )

    pinged = live(sequence, happened("ping", "03-03 12:00"), held_out=True)
    silent = live(sequence, held_out=True)

    assert told(pinged)[0] == "bill 03-04 10:00"
    assert told(silent)[:-1] == []


def test_an_exit_ends_it_for_who_is_held_out_as_for_all() -> None:
    sequence = written("exit_on: [reply]", f"steps: [wait: 1 day, {BILL}]")

    lived = live(sequence, replied("03-03 12:00"), held_out=True)

    assert told(lived) == ["= replied 03-03 12:00"]


def test_an_unsubscribe_changes_nothing_for_who_is_held_out() -> None:
    sequence = written(f"steps: [wait: 1 day, email: one, {BILL}]")

    lived = live(
        sequence, unsubscribed("03-03 12:00"), clicked("one", "03-03 13:00"), held_out=True
    )

    assert told(lived)[0] == "bill 03-04 10:00"


def test_no_more_than_the_share_are_held_out_and_a_larger_share_holds_out_the_same_people() -> None:
    people = [f"c{number}" for number in range(4000)]

    few = {who for who in people if held_out("welcome", who, 500)}
    more = {who for who in people if held_out("welcome", who, 1000)}

    assert few < more
    assert 140 <= len(few) <= 260
    assert not any(held_out("welcome", who, 0) for who in people)
    assert all(held_out("welcome", who, 10_000) for who in people)
