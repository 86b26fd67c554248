import pytest

from schemas.decisions import Send
from schemas.outcomes import Held, Stopped
from schemas.progress import What
from tests.builders import a_progress
from tests.unit.decisions.living import (
    OFFICE,
    Late,
    World,
    at,
    away,
    happened,
    live,
    noted,
    paused,
    resumed,
    told,
    written,
)
from workflows.after.folding import after_event
from workflows.after.outcomes import after_send
from workflows.deciding.decisions import decide

DAYS = written("steps: [{email: one, day: 1}, {email: three, day: 3}]")
AWAITED = written(
    """
    steps:
      - email: one
      - wait_for: ping
        within: 1 day
        then: [{exit: came}]
        else: [{exit: silent}]
    """
)


@pytest.mark.parametrize(
    ("held", "went"),
    [
        (["03-02 11:00", "03-03 10:59"], "three 03-04 10:00"),
        (["03-02 11:00", "03-03 11:00"], "three 03-05 10:00"),
        (["03-02 11:00", "03-03 00:00", "03-03 01:00", "03-03 12:00"], "three 03-05 10:00"),
        (["03-02 11:00", "03-03 00:00", "03-03 01:00", "03-03 11:59"], "three 03-04 10:00"),
        (["03-02 11:00", "03-05 11:00"], "three 03-07 10:00"),
    ],
)
def test_days_move_by_the_whole_days_of_all_stops_together(held: list[str], went: str) -> None:
    commands = [paused(one) for one in held[::2]] + [resumed(one) for one in held[1::2]]

    assert told(live(DAYS, *commands))[1] == went


def test_a_pause_within_an_absence_counts_once() -> None:
    lived = live(
        DAYS, paused("03-02 11:00"), away("03-02 12:00", until="03-03"), resumed("03-03 07:00")
    )

    assert told(lived)[1] == "three 03-04 10:00"


def test_time_before_the_enrollment_moves_nothing() -> None:
    early = Late(away("03-01 09:00", until="03-06"), at("03-02 10:05"))

    assert told(live(DAYS, early))[:-1] == ["one 03-02 10:00", "three 03-04 10:00"]


def test_a_wait_stands_still_to_the_minute() -> None:
    sequence = written("steps: [email: one, wait: 1 day, email: two]")

    lived = live(sequence, paused("03-02 12:00"), resumed("03-02 15:17"))
    longer = live(sequence, away("03-02 12:00", until="03-05"), paused("03-04 12:00"))

    assert told(lived)[1] == "two 03-03 13:17"
    assert told(longer) == ["one 03-02 10:00", "= live"]


def test_a_second_stop_within_the_moved_wait_moves_it_again() -> None:
    sequence = written("steps: [email: one, wait: 1 day, email: two]")
    commands = (paused("03-03 09:00"), resumed("03-03 12:00"), paused("03-03 12:30"))

    lived = live(sequence, *commands, resumed("03-03 20:00"))

    assert told(lived)[1] == "two 03-03 20:30"


def test_a_wait_that_is_over_in_the_minute_of_a_pause_is_over() -> None:
    sequence = written("steps: [email: one, wait: 1 day, exit: enough]")

    lived = live(sequence, paused("03-03 10:00"))

    assert told(lived)[1] == "= enough 03-03 10:00"


@pytest.mark.parametrize(
    ("ping", "ending"),
    [("03-03 15:00", "= came 03-03 15:00"), ("03-03 15:01", "= silent 03-03 15:00")],
)
def test_within_stands_still_and_includes_its_last_minute(ping: str, ending: str) -> None:
    lived = live(AWAITED, paused("03-02 12:00"), resumed("03-02 17:00"), happened("ping", ping))

    assert told(lived)[1] == ending


def test_an_event_satisfies_a_wait_during_a_pause_and_only_the_mail_waits() -> None:
    sequence = written("steps: [email: one, {wait_for: ping, within: 1 day}, email: two]")
    ping = happened("ping", "03-02 13:00")

    lived = live(sequence, paused("03-02 12:00"), ping, resumed("03-04 11:00"))

    assert noted(lived, What.WAITED) == ["wait-for-1 03-02 13:00"]
    assert told(lived)[1] == "two 03-04 11:00"


def test_a_pause_in_the_minute_of_a_mail_comes_first_and_a_resume_lets_it_go() -> None:
    assert told(live(DAYS, paused("03-04 10:00"))) == ["one 03-02 10:00", "= live"]
    assert told(live(DAYS, paused("03-04 09:00"), resumed("03-04 10:00")))[1] == "three 03-04 10:00"


def test_after_a_release_at_night_mails_wait_for_the_opening() -> None:
    sequence = written(OFFICE, "steps: [{email: one, day: 1}]")

    lived = live(sequence, paused("03-02 10:00"), resumed("03-02 21:00"))

    assert told(lived)[0] == "one 03-03 09:00"


def test_a_held_mail_goes_at_the_resume_and_the_hold_counts() -> None:
    world = World({"one": Held(reason="mend the template")})

    lived = live(DAYS, resumed("03-03 12:00"), world=world)

    assert told(lived)[:-1] == ["one 03-03 12:00", "three 03-05 10:00"]


def test_a_pause_that_only_postgresql_knew_lasts_until_the_resume() -> None:
    world = World({"one": Stopped(who="ada")})

    lived = live(DAYS, resumed("03-03 12:00"), world=world)

    assert told(lived)[0] == "one 03-03 12:00"


def test_a_pause_that_comes_after_its_resume_is_over() -> None:
    late = Late(paused("03-02 11:00"), at("03-03 13:00"))

    lived = live(DAYS, resumed("03-03 12:00"), late)

    assert told(lived)[1] == "three 03-05 10:00"


def test_a_later_answer_replaces_an_earlier_one_though_its_return_is_sooner() -> None:
    lived = live(DAYS, away("03-03 12:00", until="03-09"), away("03-04 12:00", until="03-05"))

    assert told(lived)[1] == "three 03-05 10:00"


def test_an_answer_that_the_contact_is_back_today_ends_the_absence() -> None:
    lived = live(DAYS, away("03-03 12:00"), away("03-04 11:00", until="03-04"))

    assert told(lived)[1] == "three 03-04 11:00"


@pytest.mark.parametrize(
    ("start", "until", "went"),
    [
        ("03-02 10:00", "05-31", "one 05-31 00:00"),
        ("03-02 10:00", "06-01", "one 03-07 10:00"),
        ("09-01 00:30", "11-30", "one 11-30 00:00"),
        ("03-02 10:00", "03-02", "one 03-02 10:00"),
        ("03-02 10:00", "03-02 15:00", "one 03-02 10:00"),
        ("03-02 10:00", "03-03", "one 03-03 00:00"),
        ("03-05 10:00", None, "one 03-10 10:00"),
    ],
)
def test_an_absence_lasts_till_the_return_if_that_is_at_most_ninety_days_ahead(
    start: str, until: str | None, went: str
) -> None:
    sequence = written("steps: [email: one]")

    assert told(live(sequence, away(start, until=until), start=start))[0] == went


def test_an_absence_neither_holds_nor_moves_a_transactional_mail() -> None:
    sequence = written(
        """
        steps:
          - {email: one, day: 1}
          - {email: bill, day: 3, kind: transactional}
          - {email: four, day: 4}
        """
    )

    lived = live(sequence, away("03-02 10:01", until="03-09"))

    assert told(lived)[1:-1] == ["bill 03-04 10:00", "four 03-11 10:00"]


def test_a_pause_holds_and_moves_a_transactional_mail() -> None:
    sequence = written("steps: [{email: bill, day: 2, kind: transactional}]")

    lived = live(sequence, paused("03-02 11:00"), resumed("03-03 12:00"))

    assert told(lived)[0] == "bill 03-04 10:00"


def test_a_pause_told_of_by_postgresql_after_its_resume_is_known_is_over() -> None:
    sequence = written("steps: [email: one]")
    now = at("03-02 10:00")
    progress = after_event(sequence, a_progress(sequence), resumed("03-02 10:00"), now)
    send = decide(sequence, progress, now)
    assert isinstance(send, Send)

    stopped = Stopped(at=at("03-02 09:59"), who="ada")
    after = after_send(sequence, progress, send, stopped, now)

    assert isinstance(decide(sequence, after, now), Send)
