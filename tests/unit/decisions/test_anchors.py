import pytest

from schemas.progress import What
from tests.unit.decisions.living import (
    OFFICE,
    Late,
    at,
    changed,
    live,
    moved,
    noted,
    paused,
    resumed,
    told,
    written,
)

RENEWAL = written(
    """
    steps:
      - {email: recap, at: data.end - 90 days}
      - {email: benchmark, at: data.end - 60 days}
      - {email: options, at: data.end - 30 days, if_past: send_now}
    """
)
END = {"end": "2026-06-30"}
RECAP, BENCHMARK, OPTIONS = "recap 04-01 09:00", "benchmark 05-01 09:00", "options 05-31 09:00"
MOVES = [
    (
        "03-20 12:00",
        "2026-07-10",
        ["recap 04-11 09:00", "benchmark 05-11 09:00", "options 06-10 09:00"],
    ),
    (
        "03-20 12:00",
        "2026-06-20",
        ["recap 03-22 09:00", "benchmark 04-21 09:00", "options 05-21 09:00"],
    ),
    (
        "03-20 12:00",
        "2026-06-18",
        ["recap 03-20 12:00", "benchmark 04-19 09:00", "options 05-19 09:00"],
    ),
    ("03-20 12:00", "2026-06-17", ["benchmark 04-18 09:00", "options 05-18 09:00"]),
    ("04-15 12:00", "2026-07-10", [RECAP, "benchmark 05-11 09:00", "options 06-10 09:00"]),
    ("04-15 12:00", "2026-06-20", [RECAP, "benchmark 04-21 09:00", "options 05-21 09:00"]),
    ("04-15 12:00", "2026-06-14", [RECAP, "benchmark 04-15 12:00", "options 05-15 09:00"]),
    ("04-15 12:00", "2026-06-13", [RECAP, "options 05-14 09:00"]),
    ("04-15 08:00", "2026-06-14", [RECAP, "benchmark 04-15 09:00", "options 05-15 09:00"]),
    ("05-15 12:00", "2026-07-10", [RECAP, BENCHMARK, "options 06-10 09:00"]),
    ("05-15 12:00", "2026-06-25", [RECAP, BENCHMARK, "options 05-26 09:00"]),
    ("05-15 12:00", "2026-06-14", [RECAP, BENCHMARK, "options 05-15 12:00"]),
    ("05-15 12:00", "2026-05-01", [RECAP, BENCHMARK, "options 05-15 12:00"]),
    ("05-31 09:01", "2026-07-10", [RECAP, BENCHMARK, OPTIONS]),
]


def test_mails_go_ninety_sixty_and_thirty_days_before_the_date() -> None:
    assert told(live(RENEWAL, values=END)) == [
        RECAP,
        BENCHMARK,
        OPTIONS,
        "= completed 05-31 09:00",
    ]


@pytest.mark.parametrize(("when", "end", "went"), MOVES)
def test_a_date_that_moves_takes_the_pending_mails_along_at_once(
    when: str, end: str, went: list[str]
) -> None:
    assert told(live(RENEWAL, changed(when, end=end), values=END))[:-1] == went


def test_what_was_skipped_stays_so_when_the_date_moves_back() -> None:
    there = changed("04-15 12:00", end="2026-06-10")
    back = changed("04-16 12:00", end="2026-06-30")

    lived = live(RENEWAL, there, back, values=END)

    assert told(lived)[:-1] == [RECAP, OPTIONS]
    assert noted(lived, What.SKIPPED) == ["benchmark 04-15 12:00"]


def test_a_change_in_the_minute_of_a_mail_comes_before_it() -> None:
    lived = live(RENEWAL, changed("04-01 09:00", end="2026-07-10"), values=END)

    assert told(lived)[:-1] == ["recap 04-11 09:00", "benchmark 05-11 09:00", "options 06-10 09:00"]


def test_a_date_moves_as_often_as_it_likes() -> None:
    changes = [
        changed(f"03-{day:02} 10:00", end=f"2026-0{month}-{day:02}")
        for day, month in ((5, 7), (9, 8), (15, 9), (16, 7))
    ]

    assert told(live(RENEWAL, *changes, values=END))[:-1] == [
        "recap 04-17 09:00",
        "benchmark 05-17 09:00",
        "options 06-16 09:00",
    ]


@pytest.mark.parametrize(
    ("end", "went"),
    [
        ("2026-04-16", "options 03-17 09:00"),
        ("2026-04-01", "options 03-02 10:00"),
        ("2026-03-12", "options 03-02 10:00"),
        ("2026-02-20", "options 03-02 10:00"),
        ("2026-04-16T15:00", "options 03-17 15:00"),
        ("2026-04-16T15:00Z", "options 03-17 11:00"),
        ("2026-04-16T15:00+05:45", "options 03-17 05:15"),
        ("2026-04-01T09:59", "options 03-02 10:00"),
        ("2026-03-12T15:00Z", "options 03-02 10:00"),
        ("2026-02-20T15:00-08:00", "options 03-02 10:00"),
    ],
)
def test_who_is_enrolled_near_the_date_gets_only_what_is_not_past(end: str, went: str) -> None:
    lived = live(RENEWAL, values={"end": end})

    assert told(lived)[:-1] == [went]
    assert noted(lived, What.SKIPPED) == ["recap 03-02 10:00", "benchmark 03-02 10:00"]


@pytest.mark.parametrize(
    ("end", "first"),
    [
        ("2026-06-30T15:30", "recap 04-01 15:30"),
        ("2026-06-30T15:30:59", "recap 04-01 15:30"),
        ("2026-06-30T15:30Z", "recap 04-01 11:30"),
        ("2026-06-30T15:30:00.999Z", "recap 04-01 11:30"),
        ("2026-06-30T15:30+02:00", "recap 04-01 09:30"),
        ("2026-06-30T01:30Z", "recap 03-31 21:30"),
        ("2026-06-30 15:30", "recap 04-01 15:30"),
        (" 2026-06-30 ", RECAP),
    ],
)
def test_a_date_with_a_time_keeps_its_local_time(end: str, first: str) -> None:
    assert told(live(RENEWAL, values={"end": end}))[0] == first


@pytest.mark.parametrize(
    ("end", "skipped"),
    [
        ("2026-05-31T10:00", []),
        ("2026-05-31T09:59", ["recap 03-02 10:00"]),
        ("2026-05-31T14:00Z", []),
        ("2026-05-31T13:59Z", ["recap 03-02 10:00"]),
        ("2026-05-31", []),
    ],
)
def test_with_a_time_past_is_to_the_minute_and_without_by_the_date(
    end: str, skipped: list[str]
) -> None:
    lived = live(RENEWAL, values={"end": end})

    assert noted(lived, What.SKIPPED) == skipped


def test_on_the_day_itself_the_mail_goes_in_what_is_left_of_the_window() -> None:
    sequence = written(OFFICE, "steps: [{email: one, at: data.x}]")

    today = {"x": "2026-03-02"}

    assert told(live(sequence, start="03-02 16:59", values=today))[0] == "one 03-02 16:59"
    assert told(live(sequence, start="03-02 17:00", values=today))[0] == "one 03-03 09:00"
    assert told(live(sequence, start="03-03 00:00", values=today)) == ["= completed 03-03 00:00"]


def test_a_date_of_the_contact_is_as_live_as_one_of_the_enrollment() -> None:
    sequence = written("steps: [{email: one, at: contact.birthday}]")

    lived = live(
        sequence, moved("03-05 10:00", birthday="2026-03-20"), contact={"birthday": "2026-03-10"}
    )

    assert told(lived)[0] == "one 03-20 09:00"


def test_a_mail_that_is_late_stays_late_when_its_date_is_written_anew_as_the_same_moment() -> None:
    sequence = written("steps: [{email: one, at: data.x}]")
    again = changed("03-12 10:00", x="2026-03-10T15:00:00+00:00")

    lived = live(
        sequence,
        paused("03-09 10:00"),
        again,
        resumed("03-13 10:00"),
        values={"x": "2026-03-10T11:00"},
    )

    assert told(lived)[0] == "one 03-13 10:00"


def test_a_moment_that_passes_while_an_earlier_step_is_not_done_makes_the_mail_late() -> None:
    sequence = written("steps: [wait: 10 days, {email: one, at: data.x}]")

    lived = live(sequence, values={"x": "2026-03-05"})

    assert told(lived)[0] == "one 03-12 10:00"


def test_a_change_is_known_at_its_own_moment_however_late_it_is_heard_of() -> None:
    sequence = written("steps: [{email: one, at: data.x}]")
    known_in_time = Late(changed("03-05 10:00", x="2026-03-06"), at("03-09 12:00"))
    known_too_late = Late(changed("03-07 10:00", x="2026-03-06"), at("03-09 12:00"))

    assert told(live(sequence, known_in_time, values={"x": "2026-03-20"}))[0] == "one 03-09 12:00"
    assert told(live(sequence, known_too_late, values={"x": "2026-03-20"}))[:-1] == []


def test_a_change_of_before_the_enrollment_is_known_at_the_enrollment() -> None:
    sequence = written("steps: [{email: one, at: data.x}]")
    early = changed("03-01 10:00", x="2026-03-02T09:00")

    lived = live(sequence, Late(early, at("03-02 10:05")), values={"x": "2026-03-20"})

    assert noted(lived, What.SKIPPED) == ["one 03-02 10:00"]


def test_steps_after_a_dated_mail_are_reached_when_it_has_gone() -> None:
    sequence = written(
        "steps: [{email: one, at: data.x}, wait: 1 day, {email: two, day: 3}, exit: over]"
    )

    lived = live(sequence, values={"x": "2026-03-10"})

    assert told(lived) == ["one 03-10 09:00", "two 03-11 09:00", "= over 03-11 09:00"]


def test_an_exit_is_looked_at_when_what_the_enrollment_was_given_changes() -> None:
    sequence = written(
        'exit_on: [{when: data.status == "renewed", as: renewed}]',
        "steps: [{email: one, at: data.end}]",
    )

    lived = live(sequence, changed("03-05 12:00", status="renewed"), values=END)

    assert told(lived) == ["= renewed 03-05 12:00"]


def test_a_window_that_opens_at_another_hour_is_the_hour_of_a_date_without_time() -> None:
    sequence = written(OFFICE.replace("09:00", "11:15"), "steps: [{email: one, at: data.x}]")

    assert told(live(sequence, values={"x": "2026-03-10"}))[0] == "one 03-10 11:15"
