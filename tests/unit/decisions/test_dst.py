from datetime import UTC, datetime

import pytest

from schemas.calendar import ZoneTable
from tests.builders import a_zone
from tests.unit.decisions.living import at, changed, live, moved, told, written

BERLIN = a_zone("Europe/Berlin")
KATHMANDU = a_zone("Asia/Kathmandu")
SANTIAGO = a_zone("America/Santiago")
LORD_HOWE = a_zone("Australia/Lord_Howe")
LORD_HOWE_SPRING = a_zone("Australia/Lord_Howe", datetime(2026, 9, 1, 0, 30, tzinfo=UTC))

NIGHT = 'send_window: {from: "00:00", to: "06:00", timezone: contact, fallback: UTC}'


def lived(zone: ZoneTable, start: str, step: str, **values: str) -> str:
    sequence = written(f"steps: [{step}]")

    return told(live(sequence, start=at(start, zone), zone=zone, values=values), zone)[0]


@pytest.mark.parametrize(
    ("zone", "start", "third_day"),
    [
        (BERLIN, "03-28 02:30", "03-30 02:30"),
        (BERLIN, "03-27 02:30", "03-29 03:00"),
        (BERLIN, "10-23 02:30", "10-25 02:30"),
        (SANTIAGO, "04-03 23:30", "04-05 23:30"),
        (SANTIAGO, "09-04 00:30", "09-06 01:00"),
        (LORD_HOWE, "04-03 01:45", "04-05 01:45"),
        (LORD_HOWE_SPRING, "10-02 02:15", "10-04 02:30"),
        (LORD_HOWE_SPRING, "10-02 02:30", "10-04 02:30"),
        (LORD_HOWE_SPRING, "10-03 02:15", "10-05 02:15"),
        (KATHMANDU, "03-08 09:15", "03-10 09:15"),
    ],
)
def test_the_third_day_keeps_the_local_time_where_it_exists(
    zone: ZoneTable, start: str, third_day: str
) -> None:
    assert lived(zone, start, "{email: one, day: 3}") == f"one {third_day}"


@pytest.mark.parametrize(
    ("zone", "start", "after_a_day"),
    [
        (BERLIN, "03-28 12:00", "03-29 13:00"),
        (BERLIN, "10-24 12:00", "10-25 11:00"),
        (SANTIAGO, "04-04 12:00", "04-05 11:00"),
        (SANTIAGO, "09-05 12:00", "09-06 13:00"),
        (LORD_HOWE, "04-04 12:00", "04-05 11:30"),
        (LORD_HOWE_SPRING, "10-03 12:00", "10-04 12:30"),
        (KATHMANDU, "03-08 12:00", "03-09 12:00"),
    ],
)
def test_hours_elapse_over_a_change(zone: ZoneTable, start: str, after_a_day: str) -> None:
    sequence = written("steps: [wait: 24 hours, email: one]")

    gone = live(sequence, start=at(start, zone), zone=zone)

    assert told(gone, zone)[0] == f"one {after_a_day}"


@pytest.mark.parametrize(
    ("zone", "offset", "x", "due"),
    [
        (BERLIN, "- 1 day", "2026-03-30T02:30", "03-29 03:00"),
        (BERLIN, "- 24 hours", "2026-03-30T02:30", "03-29 01:30"),
        (BERLIN, "- 36 hours", "2026-03-30", "03-28 20:00"),
        (BERLIN, "- 2 days", "2026-03-30T09:00", "03-28 09:00"),
        (BERLIN, "+ 1 day", "2026-03-28T23:30Z", "03-30 00:30"),
        (BERLIN, "+ 1 day", "2026-03-29T02:30", "03-30 03:00"),
        (BERLIN, "+ 2 hours", "2026-03-29T01:30", "03-29 04:30"),
        (BERLIN, "- 30 days", "2026-04-20T10:00+09:00", "03-21 03:00"),
        (SANTIAGO, "- 1 day", "2026-04-05T23:30", "04-04 23:30"),
        (SANTIAGO, "+ 24 hours", "2026-04-04T12:00", "04-05 11:00"),
        (LORD_HOWE, "+ 24 hours", "2026-04-04T12:00", "04-05 11:30"),
        (LORD_HOWE, "+ 1 day", "2026-04-04T12:00", "04-05 12:00"),
        (KATHMANDU, "- 3 days", "2026-03-20T18:30Z", "03-18 00:15"),
        (KATHMANDU, "+ 36 hours", "2026-03-20", "03-21 21:00"),
    ],
)
def test_a_date_with_an_offset_of_days_keeps_local_time_and_one_of_hours_elapses(
    zone: ZoneTable, offset: str, x: str, due: str
) -> None:
    gone = lived(zone, "03-04 10:00", f"{{email: one, at: data.x {offset}}}", x=x)

    assert gone == f"one {due}"


def test_a_local_time_that_exists_twice_is_the_first() -> None:
    sequence = written("steps: [{email: one, at: data.x - 1 day}]")
    zone = a_zone("Europe/Berlin", datetime(2026, 10, 1, tzinfo=UTC))
    start = at("10-20 10:00", zone)

    gone = live(sequence, start=start, zone=zone, values={"x": "2026-10-26T02:30"})

    assert gone.mails[0].at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "start", "went"),
    [
        (SANTIAGO, "09-05 12:00", "09-06 01:00"),
        (BERLIN, "03-28 12:00", "03-29 00:00"),
        (LORD_HOWE_SPRING, "10-03 12:00", "10-04 00:00"),
    ],
)
def test_a_window_that_opens_in_the_hour_that_is_left_out_opens_after_it(
    zone: ZoneTable, start: str, went: str
) -> None:
    gone = live(written(NIGHT, "steps: [email: one]"), start=at(start, zone), zone=zone)

    assert told(gone, zone)[0] == f"one {went}"


@pytest.mark.parametrize("zone", [BERLIN, SANTIAGO, LORD_HOWE, KATHMANDU])
def test_an_own_time_of_the_day_is_local_time_on_every_day(zone: ZoneTable) -> None:
    sequence = written(
        """
        min_gap: 0 minutes
        steps:
          - {email: one, at: data.x, at_time: "09:30"}
          - {email: two, at: data.x + 14 days, at_time: "09:30"}
        """
    )
    gone = live(sequence, start=at("03-20 10:00", zone), zone=zone, values={"x": "2026-03-26"})

    assert told(gone, zone)[:-1] == ["one 03-26 09:30", "two 04-09 09:30"]


def test_an_own_time_that_does_not_exist_that_day_is_the_first_that_does() -> None:
    step = '{email: one, at: data.x, at_time: "02:30"}'

    assert lived(BERLIN, "03-04 10:00", step, x="2026-03-29") == "one 03-29 03:00"


def test_a_contact_who_moves_takes_pending_dates_along() -> None:
    sequence = written("steps: [{email: one, at: data.x}, {email: two, at: data.y}]")
    values = {"x": "2026-03-05", "y": "2026-03-10"}

    gone = live(sequence, moved("03-06 12:00", zone=BERLIN), values=values)

    assert told(gone)[0] == "one 03-05 09:00"
    assert told(gone, BERLIN)[1] == "two 03-10 09:00"


def test_a_date_with_a_written_offset_stays_the_same_moment_when_the_contact_moves() -> None:
    sequence = written("steps: [{email: one, at: data.x}]")
    gone = live(
        sequence, moved("03-06 12:00", zone=KATHMANDU), values={"x": "2026-03-10T12:00-04:00"}
    )

    assert told(gone)[0] == "one 03-10 12:00"


def test_a_moment_that_moves_into_the_past_with_the_contact_is_late_and_goes_at_once() -> None:
    sequence = written("steps: [{email: one, at: data.x}]")

    gone = live(sequence, moved("03-10 08:00", zone=BERLIN), values={"x": "2026-03-10"})

    assert told(gone)[0] == "one 03-10 08:00"


@pytest.mark.parametrize("x", ["2026-03-02", "2026-03-02T20:00"])
def test_what_was_not_past_when_it_became_known_does_not_become_so_by_a_move(x: str) -> None:
    sequence = written(
        'send_window: {from: "09:00", to: "21:00", timezone: contact, fallback: UTC}',
        "steps: [wait: 2 hours, {email: one, at: data.x}]",
    )

    moves = (moved("03-02 19:00", zone=KATHMANDU), moved("03-02 19:30", zone=BERLIN))

    gone = live(sequence, *moves, start="03-02 18:30", values={"x": x})

    assert told(gone, BERLIN)[0] == "one 03-03 09:00"


@pytest.mark.parametrize("when", ["03-02 18:00", "03-02 19:00"])
def test_a_date_that_becomes_known_with_a_move_or_after_it_is_judged_in_the_new_zone(
    when: str,
) -> None:
    sequence = written("steps: [{email: one, at: data.x}]")
    move = moved(when, zone=BERLIN)

    gone = live(sequence, move, changed("03-02 19:00", x="2026-03-02"), values={"x": "2026-03-09"})

    assert told(gone)[:-1] == []


def test_a_contact_may_move_over_the_date_line_and_back() -> None:
    sequence = written("steps: [{email: one, at: data.x}]")
    there, back = moved("03-08 12:00", zone=LORD_HOWE), moved("03-09 01:00", zone=BERLIN)
    anew = changed("03-08 13:00", x="2026-03-11")

    gone = live(sequence, there, back, anew, values={"x": "2026-03-12"})

    assert told(gone, BERLIN)[0] == "one 03-11 09:00"
