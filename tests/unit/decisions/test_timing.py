from datetime import datetime, timedelta

from schemas.decisions import Send, Wait
from schemas.events import (
    AutoReply,
    Control,
)
from schemas.steps import WaitStep
from tests.builders import (
    MONDAY,
    NEW_YORK,
    OFFICE,
    a_progress,
    a_sequence,
    an_email,
    hours,
    run_until,
)
from workflows.after.folding import after_event
from workflows.deciding.decisions import decide
from workflows.moments.calendar import local

FAR = MONDAY + timedelta(days=60)
DAYS = (an_email("intro", day=1), an_email("case", day=3), an_email("video", day=6))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_mails_of_days_go_at_day_ones_local_time_rolled_into_the_window() -> None:
    sequence = a_sequence(*DAYS, window=OFFICE)

    done, _ = run_until(sequence, a_progress(sequence), MONDAY)

    assert [str(local(mail.at, NEW_YORK)) for mail in done.mails] == [
        "2026-03-02 10:00:00",
        "2026-03-04 10:00:00",
        "2026-03-09 09:00:00",
    ]


def test_enrolled_on_a_saturday_day_one_is_monday_and_day_three_wednesday() -> None:
    sequence = a_sequence(*DAYS, window=OFFICE)
    saturday = at("2026-02-28T20:00+00:00")

    done, _ = run_until(sequence, a_progress(sequence, saturday), saturday)

    assert [str(local(mail.at, NEW_YORK)) for mail in done.mails][:2] == [
        "2026-03-02 09:00:00",
        "2026-03-04 09:00:00",
    ]


def test_when_day_ones_own_time_has_passed_day_one_is_the_next_open_date() -> None:
    early = an_email("intro", day=1, at_time=9 * 60 + 30)
    sequence = a_sequence(early, an_email("case", day=2), window=OFFICE)

    done, _ = run_until(sequence, a_progress(sequence), MONDAY)

    assert [str(local(mail.at, NEW_YORK)) for mail in done.mails] == [
        "2026-03-03 09:30:00",
        "2026-03-04 09:30:00",
    ]


def test_two_marketing_mails_are_a_day_apart_whatever_delayed_the_first() -> None:
    sequence = a_sequence(an_email("one"), an_email("two"), an_email("bill", transactional=True))

    done, _ = run_until(sequence, a_progress(sequence), MONDAY)

    assert [mail.at - MONDAY for mail in done.mails] == [
        timedelta(0),
        timedelta(days=1),
        timedelta(days=1),
    ]


def test_a_first_wait_counts_from_day_ones_moment() -> None:
    sequence = a_sequence(WaitStep(id="w", wait=hours(1)), an_email("one"), window=OFFICE)
    saturday = at("2026-02-28T20:00+00:00")

    done, _ = run_until(sequence, a_progress(sequence, saturday), saturday)

    assert str(local(done.mails[0].at, NEW_YORK)) == "2026-03-02 10:00:00"


def test_a_pause_stops_the_clock_of_a_wait_and_whole_days_move_the_days() -> None:
    sequence = a_sequence(an_email("one", day=1), an_email("two", day=3))
    progress, _ = run_until(sequence, a_progress(sequence), MONDAY, MONDAY)

    pause = Control(id="p", action="pause", who="ada", at=MONDAY + timedelta(hours=1))
    resume = Control(id="r", action="resume", who="ada", at=MONDAY + timedelta(hours=31))
    for event in (pause, resume):
        progress = after_event(sequence, progress, event, FAR)
    done, _ = run_until(sequence, progress, MONDAY + timedelta(hours=31))

    assert done.mails[1].at == MONDAY + timedelta(days=3)


def test_an_absence_holds_marketing_until_the_return_and_not_what_is_transactional() -> None:
    sequence = a_sequence(an_email("bill", transactional=True), an_email("one"))
    back = at("2026-03-06T05:00+00:00")
    away = AutoReply(id="a", at=MONDAY, until=back)

    progress = after_event(sequence, a_progress(sequence), away, MONDAY)
    done, _ = run_until(sequence, progress, MONDAY)

    assert [mail.at for mail in done.mails] == [MONDAY, back]


def test_an_absence_without_a_readable_date_holds_for_five_days() -> None:
    sequence = a_sequence(an_email("one"))

    progress = after_event(sequence, a_progress(sequence), AutoReply(id="a", at=MONDAY), MONDAY)
    decision = decide(sequence, progress, MONDAY)

    assert isinstance(decision, Wait)
    assert decision.until == MONDAY + timedelta(days=5)


def test_a_return_date_of_today_holds_nothing() -> None:
    sequence = a_sequence(an_email("one"))
    away = AutoReply(id="a", at=MONDAY, until=at("2026-03-02T05:00+00:00"))

    progress = after_event(sequence, a_progress(sequence), away, MONDAY)

    assert isinstance(decide(sequence, progress, MONDAY), Send)
