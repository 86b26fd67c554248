import pytest
from pydantic import JsonValue

from schemas.events import AppEvent
from schemas.progress import What
from tests.builders import UTC_ZONE, a_progress
from tests.unit.decisions.living import (
    OFFICE,
    Late,
    at,
    changed,
    happened,
    live,
    noted,
    reported,
    told,
    written,
)
from workflows.after.folding import after_event
from workflows.showing import state_of

FACT = "fact: ticket, opens: opened, closes: [closed, solved], id: id"
STEPS = "steps: [{email: one, day: 1}, {email: two, day: 3}]"
RESUMES = written(f"suppress_while: {{{FACT}}}", STEPS)
EXITS = written(f"suppress_while: {{{FACT}, then: exit}}", STEPS)


def opened(when: str, mark: JsonValue = 7, **fields: JsonValue) -> AppEvent:
    return reported("opened", when, id=mark, **fields)


def closed(when: str, mark: JsonValue = 7, name: str = "closed") -> AppEvent:
    return reported(name, when, id=mark)


def test_nothing_goes_while_the_fact_is_true_and_late_mails_go_at_the_release() -> None:
    lived = live(RESUMES, opened("03-03 12:00"), closed("03-04 13:00"))

    assert told(lived)[1] == "two 03-05 10:00"


def test_a_fact_that_is_never_closed_holds_for_ever() -> None:
    assert told(live(RESUMES, opened("03-03 12:00"))) == ["one 03-02 10:00", "= live"]


@pytest.mark.parametrize("name", ["closed", "solved"])
def test_any_of_the_closing_events_closes(name: str) -> None:
    lived = live(RESUMES, opened("03-03 12:00"), closed("03-04 12:00", name=name))

    assert told(lived)[1] == "two 03-05 10:00"


def test_an_opening_before_the_enrollment_counts() -> None:
    earlier = (opened("02-20 12:00"),)

    lived = live(RESUMES, closed("03-04 12:00"), earlier=earlier)

    assert told(lived)[0] == "one 03-04 12:00"


def test_the_time_before_the_enrollment_moves_no_day() -> None:
    lived = live(RESUMES, closed("03-03 09:59"), earlier=(opened("02-20 12:00"),))

    assert told(lived)[:2] == ["one 03-03 09:59", "two 03-04 10:00"]


def test_what_was_opened_and_closed_before_the_enrollment_is_over() -> None:
    earlier = (opened("02-20 12:00"), closed("02-21 12:00"))

    assert told(live(RESUMES, earlier=earlier))[0] == "one 03-02 10:00"
    assert told(live(EXITS, earlier=earlier))[0] == "one 03-02 10:00"


def test_with_two_ids_both_must_be_closed() -> None:
    events = (opened("03-03 12:00", 7), opened("03-03 13:00", 8), closed("03-03 14:00", 7))

    assert told(live(RESUMES, *events))[-1] == "= live"
    assert told(live(RESUMES, *events, closed("03-04 15:00", 8)))[1] == "two 03-05 10:00"


def test_with_two_ids_the_fact_is_true_since_the_first_opening() -> None:
    openings = (opened("03-03 00:00", 7), opened("03-04 09:00", 8))
    closings = (closed("03-04 11:00", 7), closed("03-04 11:00", 8))

    assert told(live(RESUMES, *openings, *closings))[1] == "two 03-05 10:00"


def test_one_id_opened_twice_is_closed_once() -> None:
    events = (opened("03-03 12:00", 7), opened("03-03 13:00", 7), closed("03-03 14:00", 7))

    assert told(live(RESUMES, *events))[1] == "two 03-04 10:00"


def test_it_may_be_opened_again() -> None:
    events = (opened("03-03 12:00"), closed("03-03 13:00"), opened("03-04 09:00"))

    assert told(live(RESUMES, *events))[-1] == "= live"


def test_a_closing_without_an_opening_changes_nothing() -> None:
    before = live(RESUMES, closed("03-03 11:00"), opened("03-03 12:00"))
    another = live(RESUMES, opened("03-03 12:00", 7), closed("03-03 13:00", 8))

    assert told(before)[-1] == "= live"
    assert told(another)[-1] == "= live"


def test_what_counts_is_when_it_happened_and_not_when_it_was_heard_of() -> None:
    late = Late(opened("03-03 12:00"), at("03-03 15:00"))

    assert told(live(RESUMES, late, closed("03-03 13:00")))[1] == "two 03-04 10:00"


def test_opened_and_closed_in_one_minute_is_over() -> None:
    both = (closed("03-04 10:00"), opened("03-04 10:00"))

    assert told(live(RESUMES, *both))[1] == "two 03-04 10:00"
    assert told(live(EXITS, *both))[-1] == "= suppressed 03-04 10:00"


def test_an_opening_in_the_minute_of_a_mail_comes_first() -> None:
    assert told(live(RESUMES, opened("03-04 10:00"))) == ["one 03-02 10:00", "= live"]


def test_a_closing_in_the_minute_of_a_mail_lets_it_go() -> None:
    lived = live(RESUMES, opened("03-03 12:00"), closed("03-04 10:00"))

    assert told(lived)[1] == "two 03-04 10:00"


@pytest.mark.parametrize("mark", [None, "missing"])
def test_an_opening_without_an_id_opens_nothing(mark: str | None) -> None:
    event = reported("opened", "03-03 12:00", **({} if mark else {"id": None}))

    assert told(live(RESUMES, event))[1] == "two 03-04 10:00"


def test_ids_are_the_same_as_text_and_as_a_number() -> None:
    lived = live(RESUMES, opened("03-03 12:00", 7), closed("03-03 13:00", "7"))

    assert told(lived)[1] == "two 03-04 10:00"


@pytest.mark.parametrize(
    ("fields", "went"),
    [
        ({"order_id": "A1"}, "= live"),
        ({"order_id": "B2"}, "two 03-04 10:00"),
        ({}, "= live"),
        ({"order_id": None}, "= live"),
    ],
)
def test_with_match_only_openings_of_the_same_key_count_and_those_without_one(
    fields: dict[str, JsonValue], went: str
) -> None:
    sequence = written(f"key: data.order_id\nsuppress_while: {{{FACT}, match: key}}", STEPS)

    lived = live(sequence, opened("03-03 12:00", **fields), key="A1", values={"order_id": "A1"})

    assert told(lived)[1] == went


def test_without_match_the_tickets_of_other_keys_count_too() -> None:
    sequence = written(f"key: data.order_id\nsuppress_while: {{{FACT}}}", STEPS)

    lived = live(sequence, opened("03-03 12:00", order_id="B2"), key="A1")

    assert told(lived)[-1] == "= live"


def test_a_key_that_is_a_number_matches_its_text() -> None:
    sequence = written(f"key: data.order_id\nsuppress_while: {{{FACT}, match: key}}", STEPS)

    lived = live(sequence, opened("03-03 12:00", order_id=1001), key="1001")

    assert told(lived)[-1] == "= live"


def test_then_exit_ends_it_the_moment_the_fact_becomes_true() -> None:
    assert told(live(EXITS, opened("03-03 12:00"))) == [
        "one 03-02 10:00",
        "= suppressed 03-03 12:00",
    ]


def test_what_is_closed_in_the_minute_of_the_enrollment_does_not_end_it() -> None:
    lived = live(EXITS, closed("03-02 10:00"), earlier=(opened("02-20 12:00"),))

    assert told(lived)[0] == "one 03-02 10:00"


def test_then_exit_ends_it_at_once_where_the_fact_is_true_already() -> None:
    lived = live(EXITS, earlier=(opened("02-20 12:00"),))

    assert told(lived) == ["= suppressed 03-02 10:00"]


def test_it_keeps_transactional_mails_back_unless_they_are_spared() -> None:
    steps = "steps: [{email: bill, kind: transactional, day: 3}, {email: two, day: 3}]"
    all_mails = written(f"suppress_while: {{{FACT}}}", steps)
    spared = written(f"suppress_while: {{{FACT}, except: transactional}}", steps)
    events = (opened("03-03 12:00"), closed("03-04 13:00"))

    assert told(live(all_mails, *events))[0] == "bill 03-05 10:00"
    assert told(live(spared, *events))[:2] == ["bill 03-04 10:00", "two 03-05 10:00"]


def test_clocks_of_waits_stand_still_while_it_is_true() -> None:
    sequence = written(f"suppress_while: {{{FACT}}}", "steps: [wait: 2 days, exit: over]")

    lived = live(sequence, opened("03-03 12:00"), closed("03-03 15:30"))

    assert told(lived) == ["= over 03-04 13:30"]


def test_a_date_does_not_move_and_its_mail_goes_late() -> None:
    sequence = written(
        OFFICE,
        f"suppress_while: {{{FACT}}}",
        "steps: [{email: one, at: data.x, valid_for: 5 days}]",
    )
    events = (opened("03-09 12:00"), closed("03-12 19:00"))

    assert told(live(sequence, *events, values={"x": "2026-03-10"}))[0] == "one 03-13 09:00"
    moved = live(
        sequence, *events, changed("03-11 12:00", x="2026-03-11"), values={"x": "2026-03-10"}
    )
    assert told(moved)[0] == "one 03-13 09:00"


def test_events_are_taken_in_while_it_is_true() -> None:
    sequence = written(
        f"suppress_while: {{{FACT}}}",
        "steps: [{wait_for: ping, within: 9 days, then: [exit: came], else: [exit: silent]}]",
    )

    lived = live(sequence, opened("03-03 12:00"), happened("ping", "03-04 12:00"))

    assert told(lived) == ["= came 03-04 12:00"]


def test_its_state_is_told_and_never_raises() -> None:
    now = at("03-03 12:00")
    progress = after_event(RESUMES, a_progress(RESUMES, zone=UTC_ZONE), opened("03-03 12:00"), now)

    assert state_of(RESUMES, progress, now) == "suppressed"
    assert noted(progress, What.SKIPPED) == []
