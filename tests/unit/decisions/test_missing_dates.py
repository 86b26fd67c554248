import pytest
from pydantic import JsonValue

from schemas.decisions import Wait
from schemas.progress import What
from tests.unit.decisions.living import (
    OFFICE,
    at,
    changed,
    live,
    moved,
    noted,
    resumed,
    skipped,
    told,
    unsubscribed,
    written,
)
from workflows.deciding.decisions import decide

UNREADABLE: list[JsonValue] = ["soon", 20261201, 1e9, [], {}, True, "", None]
AHEAD = {"x": "2026-03-20"}


def dated(if_missing: str, if_past: str = "skip") -> str:
    more = f"if_missing: {if_missing}, if_past: {if_past}"
    return f"steps: [{{email: one, at: data.x, {more}}}, exit: over]"


def test_without_a_date_the_enrollment_is_held_when_the_step_is_reached() -> None:
    sequence = written("steps: [wait: 1 day, {email: one, at: data.x}]")

    lived = live(sequence)

    assert told(lived) == ["= live"]
    assert noted(lived, What.HELD) == ["one 03-03 10:00"]


def test_a_value_releases_the_hold() -> None:
    lived = live(written(dated("hold")), changed("03-05 12:00", x="2026-03-20"))

    assert told(lived) == ["one 03-20 09:00", "= over 03-20 09:00"]
    assert noted(lived, What.RESUMED) == ["one 03-05 12:00"]


@pytest.mark.parametrize(
    ("if_past", "lived"),
    [
        ("skip", ["= over 03-05 12:00"]),
        ("send_now", ["one 03-05 12:00", "= over 03-05 12:00"]),
        ("hold", ["= live"]),
    ],
)
def test_a_value_that_is_past_when_it_comes_is_judged_as_past(
    if_past: str, lived: list[str]
) -> None:
    sequence = written(dated("hold", if_past))

    assert told(live(sequence, changed("03-05 12:00", x="2026-03-01"))) == lived


def test_a_hold_for_want_of_a_date_becomes_one_for_a_past_date_and_says_so() -> None:
    sequence = written(dated("hold", "hold"))
    lived = live(sequence, changed("03-05 12:00", x="2026-03-01"))

    decision = decide(sequence, lived, at("03-05 12:00"))

    assert isinstance(decision, Wait)
    assert "was past already" in decision.why
    assert noted(lived, What.HELD) == ["one 03-02 10:00", "one 03-05 12:00"]


def test_a_hold_for_a_past_date_becomes_one_for_want_of_a_date_and_back() -> None:
    sequence = written(dated("hold", "hold"))
    gone, there = changed("03-05 12:00", x=None), changed("03-06 12:00", x="2026-02-21")

    lived = live(sequence, gone, there, resumed("03-09 12:00"), values={"x": "2026-02-20"})

    assert noted(lived, What.HELD) == ["one 03-02 10:00", "one 03-05 12:00", "one 03-06 12:00"]
    assert told(lived)[0] == "one 03-09 12:00"


def test_today_is_no_past_date() -> None:
    lived = live(written(OFFICE, dated("hold")), changed("03-05 12:00", x="2026-03-05"))

    assert told(lived)[0] == "one 03-05 12:00"


def test_a_resume_gives_no_date_and_the_hold_begins_anew() -> None:
    lived = live(written(dated("hold")), resumed("03-05 12:00"))

    assert told(lived) == ["= live"]
    assert noted(lived, What.HELD) == ["one 03-02 10:00", "one 03-05 12:00"]


def test_a_resume_for_want_of_a_date_is_none_for_a_date_that_is_past() -> None:
    past = changed("03-05 12:00", x="2026-03-01")

    lived = live(written(dated("hold", "hold")), resumed("03-05 12:00"), past)

    assert told(lived) == ["= live"]


def test_an_operator_may_skip_a_mail_without_a_date() -> None:
    lived = live(written(dated("hold")), skipped("03-05 12:00"))

    assert told(lived) == ["= over 03-05 12:00"]
    assert noted(lived, What.SKIPPED) == ["one 03-05 12:00"]


def test_a_step_may_be_skipped_at_once_for_want_of_a_date() -> None:
    sequence = written("steps: [{email: zero}, {email: one, at: data.x, if_missing: skip}]")

    lived = live(sequence)

    assert told(lived) == ["zero 03-02 10:00", "= completed 03-02 10:00"]


def test_want_of_a_date_may_end_the_enrollment() -> None:
    sequence = written("steps: [wait: 1 day, {email: one, at: data.x, if_missing: exit}]")

    assert told(live(sequence)) == ["= missing_anchor 03-03 10:00"]


@pytest.mark.parametrize("value", UNREADABLE)
def test_what_cannot_be_read_as_a_date_is_missing(value: JsonValue) -> None:
    lived = live(written(dated("exit")), values={"x": value})

    assert told(lived) == ["= missing_anchor 03-02 10:00"]


@pytest.mark.parametrize("value", UNREADABLE)
def test_a_date_that_disappears_while_its_mail_waits_is_missing_from_then_on(
    value: JsonValue,
) -> None:
    gone = changed("03-05 12:00", x=value)

    exits = live(written(dated("exit")), gone, values=AHEAD)
    skips = live(written(dated("skip")), gone, values=AHEAD)
    holds = live(written(dated("hold")), gone, values=AHEAD)

    assert told(exits) == ["= missing_anchor 03-05 12:00"]
    assert told(skips) == ["= over 03-05 12:00"]
    assert noted(holds, What.HELD) == ["one 03-05 12:00"]


def test_a_date_that_disappears_and_comes_back_before_its_step_is_reached_was_never_missing() -> (
    None
):
    sequence = written("steps: [wait: 5 days, {email: one, at: data.x, if_missing: exit}]")
    gone, back = changed("03-03 12:00", x=None), changed("03-04 12:00", x="2026-03-20")

    assert told(live(sequence, gone, back, values=AHEAD))[0] == "one 03-20 09:00"


def test_a_past_date_that_disappears_leaves_no_hold_behind() -> None:
    sequence = written(
        "steps: [{email: one, at: data.x, if_past: hold, if_missing: skip}, email: two]"
    )

    lived = live(sequence, changed("03-05 12:00", x=None), values={"x": "2026-02-20"})

    assert told(lived) == ["two 03-05 12:00", "= completed 03-05 12:00"]


def test_a_missing_date_of_the_contact_is_given_by_a_change_of_the_contact() -> None:
    sequence = written("steps: [{email: one, at: contact.renewal}]")

    lived = live(sequence, moved("03-05 12:00", renewal="2026-03-09"))

    assert told(lived)[0] == "one 03-09 09:00"


def test_the_time_held_for_want_of_a_date_moves_the_days() -> None:
    sequence = written("steps: [{email: one, at: data.x}, {email: two, day: 3}]")

    lived = live(sequence, changed("03-07 12:00", x="2026-03-07"))

    assert told(lived)[:-1] == ["one 03-07 12:00", "two 03-09 10:00"]


def test_an_unsubscribe_ends_the_hold_of_a_marketing_mail_only() -> None:
    both = """
        steps:
          - {{email: one, at: data.x{kind}}}
          - {{email: bill, kind: transactional, day: 3}}
        """
    marketing = written(both.format(kind=""))
    transactional = written(both.format(kind=", kind: transactional"))

    first = live(marketing, unsubscribed("03-02 12:00"))
    second = live(
        transactional, unsubscribed("03-02 12:00"), changed("03-06 12:00", x="2026-03-06")
    )

    assert told(first) == ["bill 03-04 10:00", "= unsubscribed 03-04 10:00"]
    assert told(second)[:2] == ["one 03-06 12:00", "bill 03-08 10:00"]
