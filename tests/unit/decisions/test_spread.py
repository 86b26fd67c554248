import hashlib
from datetime import timedelta

import pytest

from schemas.events import Event
from schemas.sequence import Sequence
from tests.unit.decisions.living import (
    OFFICE,
    at,
    away,
    changed,
    live,
    paused,
    resumed,
    shown,
    told,
    written,
)

WHO = "c1"
HALVES = """
send_window:
  days: mon-fri
  ranges: [{from: "09:00", to: "12:00"}, {from: "13:00", to: "17:00"}]
  timezone: America/New_York
"""


def lot(step: str, spread: int = 30, contact: str = WHO) -> int:
    """Reckon a step's minutes as rule 11 says, apart from the product."""
    digest = hashlib.sha256(f"welcome|{contact}|{step}".encode()).hexdigest()
    return int(digest[:16], 16) % spread


def after(moment: str, minutes: int) -> str:
    return shown(at(moment) + timedelta(minutes=minutes))


def first(
    sequence: Sequence,
    *events: Event,
    start: str = "03-02 10:00",
    values: dict[str, str] | None = None,
) -> str:
    return told(live(sequence, *events, start=start, values=values, contact_id=WHO))[0]


def test_a_mail_at_an_opening_goes_as_many_minutes_later_as_its_hash_says() -> None:
    sequence = written(OFFICE, "steps: [email: one]")

    assert lot("one") > 0
    assert first(sequence, start="03-07 12:00") == f"one {after('03-09 09:00', lot('one'))}"


def test_a_mail_at_any_other_minute_goes_on_time() -> None:
    sequence = written(OFFICE, "steps: [email: one]")

    assert first(sequence, start="03-09 09:00") == f"one {after('03-09 09:00', lot('one'))}"
    assert first(sequence, start="03-09 09:01") == "one 03-09 09:01"
    assert first(sequence, start="03-09 10:00") == "one 03-09 10:00"


def test_day_ones_moment_is_the_opening_itself_and_the_days_count_from_there() -> None:
    sequence = written(OFFICE, "steps: [wait: 2 days, {email: one, day: 3}]")

    lived = live(sequence, start="03-07 12:00", contact_id=WHO)

    assert told(lived)[0] == f"one {after('03-11 09:00', lot('one'))}"
    assert lived.first_moment == at("03-09 09:00")


def test_each_step_and_each_contact_has_its_own_lot() -> None:
    sequence = written(OFFICE, "steps: [{email: one, day: 1}, {email: two, day: 4}]")

    lived = live(sequence, start="03-07 12:00", contact_id="c2")

    assert told(lived)[:-1] == [
        f"one {after('03-09 09:00', lot('one', contact='c2'))}",
        f"two {after('03-12 09:00', lot('two', contact='c2'))}",
    ]


def test_no_spread_is_no_spread() -> None:
    sequence = written(OFFICE, "spread: 0 minutes", "steps: [email: one]")

    assert first(sequence, start="03-07 12:00") == "one 03-09 09:00"


def test_a_spread_of_its_own_length() -> None:
    sequence = written(OFFICE, "spread: 3 hours", "steps: [email: one]")

    assert first(sequence, start="03-07 12:00") == f"one {after('03-09 09:00', lot('one', 180))}"


@pytest.mark.parametrize(
    ("start", "opening"), [("03-09 12:00", "03-09 13:00"), ("03-09 08:00", "03-09 09:00")]
)
def test_every_range_has_an_opening(start: str, opening: str) -> None:
    sequence = written(HALVES, "steps: [email: one]")

    assert first(sequence, start=start) == f"one {after(opening, lot('one'))}"


def test_a_date_at_its_opening_is_spread_and_one_with_another_time_is_not() -> None:
    sequence = written(OFFICE, "steps: [{email: one, at: data.x}]")

    assert first(sequence, values={"x": "2026-03-12"}) == f"one {after('03-12 09:00', lot('one'))}"
    assert first(sequence, values={"x": "2026-03-12T09:01"}) == "one 03-12 09:01"


def test_a_date_of_today_that_becomes_known_in_the_evening_is_spread_tomorrow() -> None:
    sequence = written(OFFICE, "steps: [{email: one, at: data.x}]")
    today = {"x": "2026-03-09"}

    evening = first(sequence, start="03-09 18:00", values=today)
    noon = first(sequence, start="03-09 12:00", values=today)

    assert evening == f"one {after('03-10 09:00', lot('one'))}"
    assert noon == "one 03-09 12:00"


def test_a_date_that_is_moved_to_today_in_the_evening_is_spread_tomorrow() -> None:
    sequence = written(OFFICE, "steps: [{email: one, at: data.x}]")

    lived = first(sequence, changed("03-09 18:00", x="2026-03-09"), values={"x": "2026-03-20"})

    assert lived == f"one {after('03-10 09:00', lot('one'))}"


def test_a_mail_rolled_earlier_to_an_opening_is_spread() -> None:
    sequence = written(OFFICE, "steps: [{email: one, at: data.x, roll: earlier}]")

    assert first(sequence, values={"x": "2026-03-14"}) == f"one {after('03-13 09:00', lot('one'))}"


def test_transactional_mails_are_never_spread() -> None:
    sequence = written(OFFICE, "steps: [{email: one, kind: transactional, window: true}]")

    assert first(sequence, start="03-07 12:00") == "one 03-09 09:00"


def test_without_a_window_there_is_no_opening() -> None:
    sequence = written("steps: [{email: one, at: data.x}]")

    assert first(sequence, values={"x": "2026-03-12"}) == "one 03-12 09:00"


def test_what_the_gap_moves_to_an_opening_is_spread_and_what_it_moves_past_one_is_not() -> None:
    one, two = lot("one"), lot("two")
    sequence = written(OFFICE, "steps: [email: one, email: two]")
    friday = live(sequence, start="03-06 16:00", contact_id=WHO)
    opening = live(sequence, start="03-07 12:00", contact_id=WHO)

    assert told(friday)[1] == f"two {after('03-09 09:00', two)}"
    assert told(opening)[1] == f"two {after('03-10 09:00', one or two)}"


def test_mails_released_inside_the_window_are_spread_from_the_release() -> None:
    sequence = written(OFFICE, "steps: [{email: one, day: 8}]")

    lived = first(sequence, paused("03-09 08:00"), resumed("03-09 11:00"))

    assert lived == f"one {after('03-09 11:00', lot('one'))}"


def test_a_release_whose_spread_leaves_the_window_waits_for_the_next_opening() -> None:
    sequence = written(OFFICE, "steps: [{email: one, day: 8}]")
    late = f"03-09 16:{60 - lot('one')}"
    just = shown(at(late) - (at("03-09 16:01") - at("03-09 16:00")))
    pause = paused("03-09 08:00")

    over = first(sequence, pause, resumed(late))
    within = first(sequence, pause, resumed(just))

    assert over == f"one {after('03-10 09:00', lot('one'))}"
    assert within == "one 03-09 16:59"


def test_a_release_whose_spread_leaves_a_range_waits_for_the_next_one() -> None:
    sequence = written(HALVES, "steps: [{email: one, day: 8}]")
    near = f"03-09 11:{60 - lot('one')}"

    lived = first(sequence, paused("03-09 08:00"), resumed(near))

    assert lived == f"one {after('03-09 13:00', lot('one'))}"


def test_a_mail_whose_spread_outlasts_its_time_is_skipped() -> None:
    sequence = written(OFFICE, "steps: [{email: one, day: 1, valid_for: 1 minute}]")

    assert first(sequence, start="03-07 12:00") == "= completed 03-09 09:01"


def test_a_release_at_night_is_spread_from_the_opening_once() -> None:
    sequence = written(OFFICE, "steps: [{email: one, day: 8}]")

    lived = first(sequence, paused("03-09 08:00"), resumed("03-10 20:00"))

    assert lived == f"one {after('03-11 09:00', lot('one'))}"


def test_a_return_at_midnight_is_spread_from_the_opening() -> None:
    sequence = written(OFFICE, "steps: [{email: one, day: 8}]")

    lived = first(sequence, away("03-09 08:00", until="03-12"))

    assert lived == f"one {after('03-12 09:00', lot('one'))}"


def test_a_past_date_resumed_inside_the_window_is_spread_from_the_resume() -> None:
    sequence = written(OFFICE, "steps: [{email: one, at: data.x, if_past: hold}]")

    lived = first(sequence, resumed("03-10 10:00"), values={"x": "2026-02-02"})

    assert lived == f"one {after('03-10 10:00', lot('one'))}"


def test_a_date_of_today_that_ends_a_hold_is_spread_from_then() -> None:
    sequence = written(OFFICE, "steps: [{email: one, at: data.x}]")

    assert first(sequence, changed("03-10 10:00", x="2026-03-10")) == (
        f"one {after('03-10 10:00', lot('one'))}"
    )


def test_a_date_ahead_that_ends_a_hold_goes_at_its_own_moment() -> None:
    sequence = written(OFFICE, "steps: [{email: one, at: data.x}]")

    lived = first(sequence, changed("03-10 10:00", x="2026-03-12T11:00"))

    assert lived == "one 03-12 11:00"


def test_steps_after_a_spread_mail_count_from_when_it_went() -> None:
    sequence = written(OFFICE, "steps: [email: one, wait: 1 hour, exit: over]")

    lived = live(sequence, start="03-07 12:00", contact_id=WHO)

    assert told(lived)[-1] == f"= over {after('03-09 10:00', lot('one'))}"


def test_the_last_minute_of_a_spread_lies_inside_a_window_just_longer() -> None:
    narrow = OFFICE.replace("17:00", "09:31")
    sequence = written(narrow, "steps: [email: one]")

    for contact in (f"c{number}" for number in range(40)):
        lived = told(live(sequence, start="03-07 12:00", contact_id=contact))[0]
        assert lived == f"one {after('03-09 09:00', lot('one', contact=contact))}"
