from schemas.events import Complaint
from schemas.outcomes import Held, Suppressed
from schemas.progress import What
from schemas.suppression import Reason
from tests.unit.decisions.living import (
    Late,
    World,
    at,
    away,
    happened,
    live,
    noted,
    replied,
    resumed,
    told,
    unsubscribed,
    written,
)

BILL = "{email: bill, kind: transactional}"


def test_without_a_transactional_step_it_ends_at_once() -> None:
    sequence = written("steps: [email: one, wait: 9 days]")

    assert told(live(sequence, unsubscribed("03-03 12:00")))[-1] == "= unsubscribed 03-03 12:00"


def test_it_ends_at_once_when_the_last_transactional_mail_went_before() -> None:
    sequence = written(f"steps: [{BILL}, email: one, wait: 9 days]")

    late = Late(unsubscribed("03-03 12:00"), at("03-03 12:30"))

    assert told(live(sequence, late))[-1] == "= unsubscribed 03-03 12:00"


def test_it_ends_when_the_branch_with_the_transactional_mail_is_not_taken() -> None:
    sequence = written(
        f"steps: [wait: 3 days, {{when: contact.vip, then: [{BILL}]}}, wait: 9 days]"
    )

    assert told(live(sequence, unsubscribed("03-03 12:00"))) == ["= unsubscribed 03-05 10:00"]


def test_a_transactional_mail_after_a_tasks_timeout_cannot_come_any_more() -> None:
    sequence = written(
        f"steps: [wait: 3 days, {{task: call, within: 1 day, else: [{BILL}]}}, wait: 9 days]"
    )

    assert told(live(sequence, unsubscribed("03-03 12:00"))) == ["= unsubscribed 03-03 12:00"]


def test_a_transactional_mail_after_a_refused_hand_off_cannot_come_any_more() -> None:
    sequence = written(f"steps: [wait: 3 days, {{hand_off: other, else: [{BILL}]}}, wait: 9 days]")

    assert told(live(sequence, unsubscribed("03-03 12:00"))) == ["= unsubscribed 03-03 12:00"]


def test_a_transactional_mail_that_an_awaited_event_leads_to_may_come() -> None:
    paths = f"then: {{ping: [{BILL}], pong: [wait: 1 day]}}"
    sequence = written(
        f"steps: [{{wait_for: {{any: [ping, pong]}}, within: 9 days, {paths}}}, wait: 9 days]"
    )

    came = live(sequence, unsubscribed("03-03 12:00"), happened("ping", "03-04 12:00"))
    other = live(sequence, unsubscribed("03-03 12:00"), happened("pong", "03-04 12:00"))

    assert told(came) == ["bill 03-04 12:00", "= unsubscribed 03-04 12:00"]
    assert told(other) == ["= unsubscribed 03-04 12:00"]


def test_a_transactional_mail_behind_an_exit_cannot_come() -> None:
    sequence = written(f"steps: [wait: 3 days, exit: enough, {BILL}]")

    assert told(live(sequence, unsubscribed("03-03 12:00"))) == ["= unsubscribed 03-03 12:00"]


def test_an_unused_entry_of_on_may_still_bring_a_transactional_mail() -> None:
    sequence = written(f"on: [{{event: paid, do: [{BILL}]}}]", "steps: [wait: 9 days, email: one]")

    unpaid = live(sequence, unsubscribed("03-03 12:00"))
    paid = live(sequence, unsubscribed("03-03 12:00"), happened("paid", "03-05 20:00"))

    assert told(unpaid) == ["= unsubscribed 03-11 10:00"]
    assert told(paid) == ["bill 03-05 20:00", "= unsubscribed 03-05 20:00"]


def test_an_entry_that_repeats_is_never_used_up() -> None:
    sequence = written(
        f"on: [{{event: paid, repeat: true, do: [{BILL}]}}]", "steps: [wait: 9 days, email: one]"
    )

    lived = live(sequence, unsubscribed("03-03 12:00"), happened("paid", "03-05 20:00"))

    assert told(lived) == ["bill 03-05 20:00", "= unsubscribed 03-11 10:00"]


def test_marketing_mails_are_skipped_when_they_would_have_gone() -> None:
    sequence = written(
        """
        steps:
          - {email: two, day: 2}
          - wait: 1 day
          - {email: bill, kind: transactional}
          - {email: nine, day: 9}
          - {email: again, kind: transactional}
        """
    )

    lived = live(sequence, unsubscribed("03-02 12:00"), away("03-02 12:00", until="03-04"))

    assert noted(lived, What.SKIPPED) == ["two 03-04 10:00", "nine 03-11 10:00"]
    assert told(lived) == ["bill 03-05 10:00", "again 03-11 10:00", "= unsubscribed 03-11 10:00"]


def test_a_task_that_is_open_is_passed_over_at_once() -> None:
    sequence = written(f"steps: [{{task: call, within: 9 days}}, wait: 1 day, {BILL}]")

    lived = live(sequence, unsubscribed("03-03 12:00"))

    assert noted(lived, What.SKIPPED) == ["call 03-03 12:00"]
    assert told(lived) == ["bill 03-04 12:00", "= unsubscribed 03-04 12:00"]


def test_a_hand_off_is_passed_over() -> None:
    sequence = written(f"steps: [wait: 1 day, hand_off: other, {BILL}]")

    assert told(live(sequence, unsubscribed("03-02 12:00")))[0] == "bill 03-03 10:00"


def test_the_unsubscribe_names_the_ending_though_an_exit_is_reached() -> None:
    sequence = written(
        f"steps: [wait: 1 day, {{when: contact.vip, then: [{BILL}], else: [exit: enough]}}]"
    )

    assert told(live(sequence, unsubscribed("03-02 12:00"))) == ["= unsubscribed 03-03 10:00"]


def test_a_reply_ends_it_before_the_transactional_mail() -> None:
    sequence = written("exit_on: [reply]", f"steps: [wait: 9 days, {BILL}]")

    lived = live(sequence, unsubscribed("03-03 12:00"), replied("03-04 12:00"))

    assert told(lived) == ["= replied 03-04 12:00"]


def test_in_one_minute_an_unsubscribe_that_ends_it_outranks_a_reply() -> None:
    sequence = written("exit_on: [reply]", f"steps: [{BILL}, email: one, wait: 9 days]")

    lived = live(sequence, replied("03-03 12:00"), unsubscribed("03-03 12:00"))

    assert told(lived)[-1] == "= unsubscribed 03-03 12:00"


def test_in_one_minute_a_complaint_outranks_an_unsubscribe() -> None:
    sequence = written(f"steps: [wait: 1 day, {BILL}]")
    complaint = Complaint(id="z", at=at("03-02 12:00"))

    assert told(live(sequence, unsubscribed("03-02 12:00"), complaint))[-1] == (
        "= complained 03-03 10:00"
    )


def test_only_the_topic_that_was_chosen_ends() -> None:
    sequence = written("topic: product-news", "steps: [wait: 1 day, email: one]")

    other = live(sequence, unsubscribed("03-02 12:00", topic="events"))
    own = live(sequence, unsubscribed("03-02 12:00", topic="product-news"))

    assert told(other)[-1] == "= completed 03-03 10:00"
    assert told(own) == ["= unsubscribed 03-02 12:00"]


def test_an_unsubscribe_of_before_the_enrollment_counts_from_its_beginning() -> None:
    sequence = written(f"steps: [wait: 1 day, {BILL}]")

    lived = live(sequence, Late(unsubscribed("03-01 12:00"), at("03-02 10:05")))

    assert told(lived) == ["bill 03-03 10:00", "= unsubscribed 03-03 10:00"]


def test_an_unsubscribe_found_by_the_claim_leaves_the_transactional_mails() -> None:
    sequence = written(f"steps: [email: one, wait: 1 day, {BILL}]")

    lived = live(sequence, world=World({"one": Suppressed(reason=Reason.UNSUBSCRIBED)}))

    assert told(lived) == ["bill 03-03 10:00", "= unsubscribed 03-03 10:00"]


def test_a_mail_that_a_hold_kept_is_skipped_when_the_hold_ends() -> None:
    sequence = written(f"steps: [email: one, {BILL}]")
    world = World({"one": Held(reason="mend the template")})

    lived = live(sequence, unsubscribed("03-02 11:00"), resumed("03-02 12:00"), world=world)

    assert noted(lived, What.SKIPPED) == ["one 03-02 12:00"]
