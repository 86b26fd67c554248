"""What an enrollment does with a mail that a cap puts off (language rule 29)."""

from datetime import datetime

import pytest

from schemas.decisions import Send, Wait
from schemas.events import Event, Room
from schemas.outcomes import Braked, Deferred, Sent
from schemas.progress import Progress, What
from schemas.sequence import Sequence
from tests.builders import MONDAY, a_progress, an_enrolled
from tests.unit.decisions.living import (
    OFFICE,
    World,
    at,
    changed,
    live,
    noted,
    paused,
    replied,
    resumed,
    told,
    unsubscribed,
    written,
)
from workflows.after.folding import after_event
from workflows.after.outcomes import after_send
from workflows.deciding.decisions import decide
from workflows.showing import state_of, view

THREE = written(
    "exit_on: [reply]\nsteps: [{email: one}, {email: two, day: 2}, {email: three, day: 9}]"
)


def put_off(until: str, give_up: str = "03-09 10:00", asks: int = 1) -> Deferred:
    return Deferred(
        since=at("03-02 10:00"),
        until=at(until),
        give_up_at=at(give_up),
        why="over the cap of 1 a day",
        asks=asks,
    )


def room(when: str, step: str = "one", asks: int = 1) -> Room:
    return Room(id=f"room {when} {step} {asks}", at=at(when), step=step, asks=asks)


def lived(sequence: Sequence, deferred: Deferred, *events: Event, step: str = "one") -> Progress:
    return live(sequence, *events, world=World({step: deferred}))


def why(progress: Progress, what: What) -> str:
    return next(entry.why for entry in progress.timeline if entry.what == what)


def test_a_mail_that_is_put_off_goes_at_the_moment_reserved_for_it() -> None:
    progress = lived(THREE, put_off("03-04 12:30"))

    assert told(progress)[0] == "one 03-04 12:30"
    assert noted(progress, What.DEFERRED) == ["one 03-02 10:00"]
    assert why(progress, What.DEFERRED) == (
        "over the cap of 1 a day; the next room is Wed 04 Mar 2026 12:30 America/New_York"
    )
    assert why(progress, What.SENT) == (
        "due when it is reached; over the cap of 1 a day, so when there is room"
    )


def test_being_put_off_stops_no_clock() -> None:
    progress = lived(THREE, put_off("03-04 12:30"))

    assert told(progress)[1:] == ["two 03-05 12:30", "three 03-10 10:00", "= completed 03-10 10:00"]


def test_a_mail_without_room_in_time_is_skipped_as_capped_then() -> None:
    progress = lived(THREE, put_off("03-12 10:00"))

    assert told(progress)[0] == "two 03-09 10:00"
    assert noted(progress, What.SKIPPED) == ["one 03-09 10:00"]
    assert why(progress, What.DEFERRED) == (
        "over the cap of 1 a day; there is no room until Mon 09 Mar 2026 10:00 America/New_York,"
        " when it is given up"
    )
    assert why(progress, What.SKIPPED) == (
        "capped: over the cap of 1 a day, and no room since Mon 02 Mar 2026 10:00 America/New_York"
    )


def test_the_last_minute_before_it_is_given_up_is_included() -> None:
    progress = lived(THREE, put_off("03-09 10:00"))

    assert told(progress)[0] == "one 03-09 10:00"


def test_a_mail_that_is_no_longer_valid_is_skipped_before_it_is_given_up() -> None:
    sequence = written("steps: [{email: one, valid_for: 2 days}, exit: over]")

    progress = lived(sequence, put_off("03-06 10:00"))

    assert noted(progress, What.SKIPPED) == ["one 03-04 10:00"]
    assert why(progress, What.SKIPPED) == "not sent within 2 days of its moment"


def test_an_ending_comes_while_a_mail_is_put_off() -> None:
    progress = lived(THREE, put_off("03-04 12:30"), replied("03-03 08:00"))

    assert told(progress) == ["= replied 03-03 08:00"]


def test_room_that_comes_sooner_is_used_at_once() -> None:
    progress = lived(THREE, put_off("03-04 12:30"), room("03-03 08:00"))

    assert told(progress)[0] == "one 03-03 08:00"
    assert why(progress, What.SENT) == "due when it is reached; put off until there was room"


def test_room_that_comes_at_night_is_used_in_the_window() -> None:
    sequence = written(OFFICE, "steps: [email: one]")

    progress = lived(sequence, put_off("03-06 12:30"), room("03-03 21:00"))

    assert told(progress)[0] == "one 03-04 09:00"


def test_room_for_another_mail_or_an_earlier_ask_changes_nothing() -> None:
    others = room("03-03 08:00", "two"), room("03-03 09:00", asks=1)

    progress = lived(THREE, put_off("03-04 12:30", asks=2), *others)

    assert told(progress)[0] == "one 03-04 12:30"


def test_room_that_was_told_of_before_the_answer_came_is_used() -> None:
    progress = a_progress(THREE)
    send = decide(THREE, progress, MONDAY)
    assert isinstance(send, Send)

    early = after_event(THREE, progress, room("03-02 10:00"), MONDAY)
    answered = after_send(THREE, early, send, put_off("03-04 12:30"), MONDAY)

    assert isinstance(decide(THREE, answered, MONDAY), Send)


def test_an_answer_that_says_nothing_new_adds_no_line() -> None:
    send, progress = decide(THREE, a_progress(THREE), MONDAY), a_progress(THREE)
    assert isinstance(send, Send)

    for asks in (1, 2):
        answer = put_off("03-04 12:30", asks=asks)
        progress = after_send(THREE, progress, send, answer, MONDAY)
    moved = after_send(THREE, progress, send, put_off("03-05 12:30", asks=3), at("03-04 12:30"))

    assert noted(progress, What.DEFERRED) == ["one 03-02 10:00"]
    assert noted(moved, What.DEFERRED) == ["one 03-02 10:00", "one 03-04 12:30"]
    assert until(moved) == at("03-05 12:30")


def until(progress: Progress) -> datetime | None:
    decision = decide(THREE, progress, at("03-04 12:30"))
    assert isinstance(decision, Wait)
    return decision.until


def test_a_pause_lasts_longer_than_the_room_that_was_reserved() -> None:
    progress = lived(THREE, put_off("03-04 12:30"), paused("03-03 10:00"), resumed("03-05 10:00"))

    assert told(progress)[0] == "one 03-05 10:00"


def test_a_mail_whose_date_moves_asks_anew_and_is_not_given_up() -> None:
    sequence = written("steps: [{email: one, at: data.x}]")
    world = World({"one": put_off("03-05 12:30")})

    progress = live(
        sequence,
        changed("03-03 09:00", x="2026-03-20T10:00"),
        world=world,
        values={"x": "2026-03-02T10:00"},
    )

    assert told(progress)[0] == "one 03-20 10:00"


def test_who_opts_out_is_skipped_when_the_mail_would_have_gone() -> None:
    receipt = "{email: receipt, kind: transactional, day: 9}"
    sequence = written(f"steps: [{{email: one}}, {receipt}]")

    progress = lived(sequence, put_off("03-04 12:30"), unsubscribed("03-03 08:00"))

    assert noted(progress, What.SKIPPED) == ["one 03-04 12:30"]
    assert told(progress)[0] == "receipt 03-10 10:00"


def braked() -> Braked:
    since = at("03-02 10:00")
    why = "its sequence is paused, by olga"
    return Braked(since=since, until=at("03-03 10:00"), why=why, shows=True)


def test_a_mail_that_a_brake_keeps_back_goes_when_it_is_told_so() -> None:
    progress = live(THREE, room("03-02 16:10"), world=World({"one": braked()}))

    assert told(progress)[0] == "one 03-02 16:10"
    assert why(progress, What.DEFERRED) == "its sequence is paused, by olga"
    assert why(progress, What.SENT) == "due when it is reached; put off until it might go"


def test_a_mail_that_a_brake_keeps_back_asks_again_a_day_later_if_it_is_told_nothing() -> None:
    progress = live(THREE, world=World({"one": braked()}))

    assert told(progress)[0] == "one 03-03 10:00"


def test_a_mail_whose_moment_has_passed_behind_a_brake_is_skipped() -> None:
    sequence = written("steps: [{email: one, valid_for: 2 hours}, {email: two, day: 2}]")

    progress = live(sequence, room("03-02 13:00"), world=World({"one": braked()}))

    assert noted(progress, What.SKIPPED) == ["one 03-02 12:00"]


@pytest.mark.parametrize(("shows", "state"), [(True, "braked"), (False, "live")])
def test_a_brake_shows_in_the_state_where_the_answer_says_so(*, shows: bool, state: str) -> None:
    progress, answer = a_progress(THREE), braked().model_copy(update={"shows": shows})
    send = decide(THREE, progress, MONDAY)
    assert isinstance(send, Send)

    kept = after_send(THREE, progress, send, answer, MONDAY)
    gone = after_send(THREE, kept, send, Sent(send="one.1", at=MONDAY), MONDAY)

    assert view(an_enrolled(THREE), kept, MONDAY).state == state
    assert state_of(THREE, gone, MONDAY) == "live"
