"""Language rule 28 in an enrollment: what another sequence's turn keeps back, and what not."""

from schemas.events import Turn
from schemas.progress import What
from tests.builders import MONDAY, a_progress, an_enrolled
from tests.unit.decisions.living import at, clicked, live, noted, paused, told, turned, written
from workflows.after.folding import after_event
from workflows.deciding.decisions import decide
from workflows.deciding.stops import lost_turns
from workflows.showing import state_of, view

DAYS = written("steps: [{email: one, day: 1}, {email: three, day: 3}]")
MIXED = written(
    """
    on: [{click: one, do: [{task: ring-up, within: 1 day}, {email: details}]}]
    steps:
      - {email: one, day: 1}
      - {email: receipt, day: 3, kind: transactional}
      - {email: five, day: 5}
    """
)
EXITS = written("exclusive: sales", "on_lost: exit", "steps: [{email: one}, {email: two}]")


def lost(when: str) -> Turn:
    return turned(when, held=False)


def back(when: str) -> Turn:
    return turned(when, held=True)


def test_mails_wait_and_days_move_by_the_whole_days_without_the_turn() -> None:
    assert told(live(DAYS, lost("03-02 11:00"), back("03-04 10:59")))[1] == "three 03-05 10:00"
    assert told(live(DAYS, lost("03-02 11:00"), back("03-04 11:00")))[1] == "three 03-06 10:00"


def test_transactional_mails_and_what_is_no_mail_go_on() -> None:
    lived = live(MIXED, lost("03-02 11:00"), clicked("one", "03-02 12:00"), back("03-07 10:00"))

    assert told(lived) == [
        "one 03-02 10:00",
        "receipt 03-04 10:00",
        "details 03-07 10:00",
        "five 03-10 10:00",
        "= completed 03-10 10:00",
    ]
    assert noted(lived, What.TASK_OPENED) == ["ring-up 03-02 12:00"]


def test_the_timeline_tells_when_and_why_once() -> None:
    lived = live(DAYS, lost("03-02 11:00"), lost("03-02 12:00"), back("03-03 12:00"))

    assert noted(lived, What.TURN_LOST) == ["- 03-02 11:00"]
    assert noted(lived, What.TURN_BACK) == ["- 03-03 12:00"]
    assert [one.why for one in lived.timeline if one.what is What.TURN_LOST] == ["sales goes first"]


def test_a_turn_that_was_never_lost_is_not_told_of() -> None:
    lived = live(DAYS, back("03-02 10:00"), back("03-02 12:00"))

    assert noted(lived, What.TURN_LOST, What.TURN_BACK) == []
    assert told(lived)[1] == "three 03-04 10:00"


def test_what_was_lost_before_the_enrollment_is_not() -> None:
    progress = after_event(DAYS, a_progress(DAYS), lost("03-01 10:00"), MONDAY)

    assert list(lost_turns(progress)) == []


def test_one_that_begins_ahead_of_the_clock_loses_its_turn_at_its_own_moment() -> None:
    ahead = a_progress(DAYS, at("03-02 10:01"))

    progress = after_event(DAYS, ahead, lost("03-02 10:01"), MONDAY)

    assert [one.since for one in lost_turns(progress)] == [at("03-02 10:01")]


def test_lost_and_got_back_in_one_minute_the_ids_tell_the_order() -> None:
    when = at("03-02 11:00")
    first = Turn(id="turn-7-000002", held=False, at=when)
    second = Turn(id="turn-7-000003", held=True, at=when)

    assert told(live(DAYS, second, first)) == told(live(DAYS))


def test_it_waits_for_its_turn_without_an_end_until_it_is_told() -> None:
    progress = after_event(DAYS, a_progress(DAYS), lost("03-02 10:00"), MONDAY)

    decision = view(an_enrolled(DAYS), progress, MONDAY).next

    assert decision is not None
    assert decision.until is None
    assert decision.why == "day 1 of the sequence; sales goes first"
    assert state_of(DAYS, progress, MONDAY) == "waiting"


def test_a_pause_is_what_is_shown_of_both() -> None:
    progress = after_event(DAYS, a_progress(DAYS), lost("03-02 10:00"), MONDAY)
    progress = after_event(DAYS, progress, paused("03-02 10:00"), MONDAY)

    assert state_of(DAYS, progress, MONDAY) == "paused"


def test_one_that_is_to_exit_ends_at_the_minute_in_which_it_lost() -> None:
    lived = live(EXITS, lost("03-02 11:00"))

    assert told(lived) == ["one 03-02 10:00", "= lost_slot 03-02 11:00"]
    assert decide(EXITS, lived, at("03-09 10:00")).why == "ended: lost_slot"
