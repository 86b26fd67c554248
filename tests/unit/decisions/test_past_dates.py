from schemas.decisions import Send, Wait
from schemas.progress import What
from tests.unit.decisions.living import (
    OFFICE,
    at,
    changed,
    happened,
    live,
    noted,
    paused,
    replied,
    resumed,
    skipped,
    told,
    unsubscribed,
    written,
)
from workflows.after.folding import after_event
from workflows.deciding.decisions import decide

PAST = {"x": "2026-02-20"}


def dated(if_past: str, more: str = "") -> str:
    return f"steps: [{{email: one, at: data.x, if_past: {if_past}{more}}}, exit: over]"


def test_a_past_date_is_skipped_by_default_when_its_step_is_reached() -> None:
    sequence = written("steps: [wait: 1 day, {email: one, at: data.x}, exit: over]")

    lived = live(sequence, values=PAST)

    assert told(lived) == ["= over 03-03 10:00"]
    assert noted(lived, What.SKIPPED) == ["one 03-03 10:00"]


def test_a_past_date_is_sent_now_where_the_step_says_so() -> None:
    lived = live(written(OFFICE, dated("send_now")), start="03-07 12:00", values=PAST)

    assert told(lived) == ["one 03-09 09:00", "= over 03-09 09:00"]


def test_several_overdue_mails_never_go_together() -> None:
    sequence = written(
        """
        if_past: send_now
        steps:
          - {email: one, at: data.x}
          - {email: two, at: data.x + 1 day}
          - {email: three, at: data.x + 2 days}
        """
    )

    lived = live(sequence, values=PAST)

    assert told(lived)[:-1] == ["one 03-02 10:00", "two 03-03 10:00", "three 03-04 10:00"]


def test_a_past_date_holds_until_an_operator_resumes_and_is_sent_then() -> None:
    lived = live(written(dated("hold")), resumed("03-09 12:00"), values=PAST)

    assert told(lived) == ["one 03-09 12:00", "= over 03-09 12:00"]
    assert noted(lived, What.HELD) == ["one 03-02 10:00"]


def test_a_resume_outside_the_window_lets_it_go_at_the_next_opening() -> None:
    lived = live(written(OFFICE, dated("hold")), resumed("03-06 20:00"), values=PAST)

    assert told(lived)[0] == "one 03-09 09:00"


def test_a_past_date_that_holds_is_given_up_by_an_operators_skip() -> None:
    lived = live(written(dated("hold")), skipped("03-09 12:00"), values=PAST)

    assert told(lived) == ["= over 03-09 12:00"]
    assert noted(lived, What.SKIPPED) == ["one 03-09 12:00"]


def test_a_new_value_that_lies_ahead_ends_the_hold_and_the_mail_goes_by_it() -> None:
    lived = live(written(dated("hold")), changed("03-09 12:00", x="2026-03-20"), values=PAST)

    assert told(lived) == ["one 03-20 09:00", "= over 03-20 09:00"]
    assert noted(lived, What.RESUMED) == ["one 03-09 12:00"]


def test_a_new_value_of_today_ends_the_hold_and_the_mail_goes_at_once() -> None:
    lived = live(written(dated("hold")), changed("03-09 12:00", x="2026-03-09"), values=PAST)

    assert told(lived)[0] == "one 03-09 12:00"


def test_a_new_value_that_is_past_too_holds_on() -> None:
    sequence = written(dated("hold"))
    another = changed("03-09 12:00", x="2026-03-08")

    held = live(sequence, another, values=PAST)
    freed = live(sequence, another, resumed("03-10 12:00"), values=PAST)

    assert told(held) == ["= live"]
    assert noted(held, What.HELD) == ["one 03-02 10:00"]
    assert told(freed)[0] == "one 03-10 12:00"


def test_a_resume_before_another_past_value_does_not_count_for_that() -> None:
    sequence = written("steps: [{email: zero}, {email: one, at: data.x, if_past: hold}]")
    events = (resumed("03-02 11:00"), changed("03-02 12:00", x="2026-02-22"))

    lived = live(sequence, *events, values=PAST)

    assert told(lived) == ["zero 03-02 10:00", "= live"]
    assert noted(lived, What.HELD) == ["one 03-02 10:00", "one 03-02 12:00"]


def test_a_date_moved_into_the_past_by_a_change_is_judged_then() -> None:
    sequence = written(dated("hold"))
    ahead = {"x": "2026-03-20"}

    lived = live(sequence, changed("03-09 12:00", x="2026-03-05"), values=ahead)

    assert noted(lived, What.HELD) == ["one 03-09 12:00"]


def test_the_time_held_moves_days_and_waits_but_no_date() -> None:
    sequence = written(
        """
        steps:
          - {email: one, at: data.x, if_past: skip}
          - {email: two, at: data.y, if_past: hold}
          - wait: 1 day
          - {email: three, day: 4}
          - {email: four, at: data.z}
        """
    )
    values = {**PAST, "y": "2026-02-25", "z": "2026-03-12"}

    lived = live(sequence, resumed("03-05 09:59"), values=values)

    assert told(lived)[:-1] == ["two 03-05 09:59", "three 03-07 10:00", "four 03-12 09:00"]


def test_a_mail_that_becomes_late_while_held_is_late_and_not_past() -> None:
    sequence = written("steps: [{email: one, at: data.x, if_past: hold}, {email: two, at: data.y}]")

    lived = live(sequence, resumed("03-09 12:00"), values={**PAST, "y": "2026-03-05"})

    assert told(lived)[:-1] == ["one 03-09 12:00", "two 03-10 12:00"]


def test_an_unsubscribe_ends_the_hold_of_a_mail_that_nobody_wants_any_more() -> None:
    sequence = written(
        """
        steps:
          - {email: one, at: data.x, if_past: hold}
          - {email: bill, kind: transactional, day: 3}
        """
    )

    lived = live(sequence, unsubscribed("03-02 15:00"), values=PAST)

    assert told(lived) == ["bill 03-04 10:00", "= unsubscribed 03-04 10:00"]
    assert noted(lived, What.SKIPPED) == ["one 03-02 15:00"]


def test_an_ending_comes_through_a_hold() -> None:
    sequence = written("exit_on: [reply]", dated("hold"))

    assert told(live(sequence, replied("03-05 12:00"), values=PAST)) == ["= replied 03-05 12:00"]


def test_a_pause_over_a_hold_ends_with_the_same_resume() -> None:
    lived = live(written(dated("hold")), paused("03-04 12:00"), resumed("03-09 12:00"), values=PAST)

    assert told(lived)[0] == "one 03-09 12:00"


def test_a_skip_leaves_a_pause_alone() -> None:
    sequence = written("steps: [{email: one, at: data.x, if_past: hold}, email: two]")

    lived = live(sequence, paused("03-04 12:00"), skipped("03-09 12:00"), values=PAST)

    assert told(lived) == ["= live"]
    assert noted(lived, What.SKIPPED) == ["one 03-09 12:00"]


def test_a_skip_while_nothing_is_held_for_its_date_changes_nothing() -> None:
    sequence = written("steps: [{email: one, day: 2}]")

    assert told(live(sequence, skipped("03-02 12:00")))[0] == "one 03-03 10:00"


def test_who_waits_for_an_operator_is_told_what_to_do() -> None:
    why = "data.x was past already when it became known: resume to send it now, or skip it"
    sequence = written(dated("hold"))
    held = live(sequence, values=PAST)

    decision = decide(sequence, held, at("03-02 10:00"))

    assert isinstance(decision, Wait)
    assert (decision.until, decision.why) == (None, why)


def test_a_past_date_counts_by_its_day_before_or_after() -> None:
    sequence = written("steps: [{email: one, at: data.x - 3 days}]")

    assert told(live(sequence, values={"x": "2026-03-05"}))[0] == "one 03-02 10:00"
    assert told(live(sequence, values={"x": "2026-03-04"}))[:-1] == []


def test_a_skipped_date_counts_from_when_it_became_known() -> None:
    sequence = written("steps: [{email: one, at: data.x}, wait: 1 day, exit: over]")

    lived = live(sequence, changed("03-05 12:00", x="2026-03-01"), values={"x": "2026-03-20"})

    assert told(lived) == ["= over 03-06 12:00"]


def test_what_a_hold_of_one_mail_keeps_back_is_every_mail() -> None:
    sequence = written(
        "on: [{event: ping, do: [{email: answer, kind: transactional}]}]", dated("hold")
    )
    ping = happened("ping", "03-03 12:00")

    lived = live(sequence, ping, resumed("03-05 12:00"), values=PAST)

    assert told(lived)[:2] == ["answer 03-05 12:00", "one 03-05 12:00"]


def test_a_resume_in_the_minute_of_the_hold_sends_it() -> None:
    sequence, now = written(dated("hold")), at("03-02 10:00")
    held = live(sequence, values=PAST)

    decision = decide(sequence, after_event(sequence, held, resumed("03-02 10:00"), now), now)

    assert isinstance(decision, Send)
