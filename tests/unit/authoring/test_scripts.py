from datetime import UTC, datetime, timedelta

import pytest

from authoring.simulation.hearing import heard_in
from authoring.simulation.scripts import Line, Scripted, parse_event, parse_script, placed_before
from authoring.text.faults import Slip
from schemas.events import (
    AppEvent,
    AutoReply,
    Blocked,
    Bounce,
    Click,
    Colleague,
    Complaint,
    ContactChanged,
    Control,
    DataChanged,
    Event,
    Open,
    Reply,
    TaskDone,
    Unsubscribe,
)
from tests.builders import MONDAY, a_progress
from tests.unit.authoring.scripted import EASTERN, HEARD, SEQUENCE


def event(text: str) -> Event:
    scripted = parse_event(Line(text), HEARD)
    assert isinstance(scripted, Scripted), scripted
    return scripted.in_enrollment(a_progress(SEQUENCE))


def slip_in(text: str, *, is_before: bool = False) -> Slip:
    slip = parse_event(Line(text, is_before=is_before), HEARD)
    assert isinstance(slip, Slip)
    return slip


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("reply", Reply),
        ("click:case-study", Click),
        ("open:intro", Open),
        ("unsubscribe", Unsubscribe),
        ("unsubscribe:product-news", Unsubscribe),
        ("complaint", Complaint),
        ("bounce", Bounce),
        ("soft_bounce", Bounce),
        ("blocked", Blocked),
        ("left_company", Blocked),
        ("out_of_office", AutoReply),
        ("task_done:call", TaskDone),
        ("colleague:reply", Colleague),
        ("contact.country=DE", ContactChanged),
        ("contact.timezone=Europe/Berlin", ContactChanged),
        ("data.end=2027-09-01", DataChanged),
        ("pause", Control),
        ("resume", Control),
        ("skip", Control),
        ("exit", Control),
        ("meeting_booked", AppEvent),
        ("deal_closed", AppEvent),
        ("login", AppEvent),
        ("closed", AppEvent),
    ],
)
def test_each_event_can_be_scripted(written: str, kind: type) -> None:
    assert isinstance(event(f"{written}@+1h"), kind)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("click:intro@+1h: {url: https://us.example/a}", {"url": "https://us.example/a"}),
        ("opened@+1h {ticket: 7, by: a@b}", {"fields": {"ticket": 7, "by": "a@b"}}),
        ("soft_bounce@+1h", {"hard": False}),
        ("left_company@+1h", {"reason": "left_company"}),
        ("unsubscribe:news@+1h", {"topic": "news"}),
        ("contact.country=null@+1h", {"facts": {"country": None}}),
        ("contact.country=@+1h", {"facts": {"country": None}}),
        ("data@+1h: {end: 2027-09-01}", {"facts": {"end": "2027-09-01"}}),
        ("data.end=[1, a]@+1h", {"facts": {"end": [1, "a"]}}),
        ('data.end="5"@+1h', {"facts": {"end": "5"}}),
    ],
)
def test_an_event_says_what_it_is_about(written: str, expected: dict[str, object]) -> None:
    told = event(written).model_dump()

    assert {name: told[name] for name in expected} == expected


def test_an_absence_ends_at_local_midnight_of_the_date_of_return() -> None:
    away = event("out_of_office until 2026-03-10@day 2 10:00")

    assert isinstance(away, AutoReply)
    assert away.until == datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def test_a_contact_that_moves_has_another_zone() -> None:
    somewhere = SEQUENCE.model_copy(update={"window": None})

    moved = parse_event(Line("contact.timezone=Europe/Berlin@+1h"), heard_in(somewhere))

    assert isinstance(moved, Scripted)
    told = moved.in_enrollment(a_progress(somewhere))
    assert isinstance(told, ContactChanged)
    assert told.zone is not None
    assert told.zone.name == "Europe/Berlin"


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("day 1 10:00", MONDAY),
        ("day 8 10:00", datetime(2026, 3, 9, 14, 0, tzinfo=UTC)),
        ("2026-03-04T10:15", datetime(2026, 3, 4, 15, 15, tzinfo=UTC)),
        ("2026-03-04 10:15", datetime(2026, 3, 4, 15, 15, tzinfo=UTC)),
        ("Wed 2026-03-04 10:15", datetime(2026, 3, 4, 15, 15, tzinfo=UTC)),
        ("Wed 4 Mar 2026 10:15", datetime(2026, 3, 4, 15, 15, tzinfo=UTC)),
        ("04 Mar 2026 10:15", datetime(2026, 3, 4, 15, 15, tzinfo=UTC)),
        ("Wed 4 Mar 2026 10:15 Europe/Berlin", datetime(2026, 3, 4, 9, 15, tzinfo=UTC)),
        ("2026-03-04T10:15Z", datetime(2026, 3, 4, 10, 15, tzinfo=UTC)),
        ("2026-03-04T10:15+02:00", datetime(2026, 3, 4, 8, 15, tzinfo=UTC)),
        ("+5d3h", MONDAY + timedelta(days=5, hours=3)),
        ("+1w", datetime(2026, 3, 9, 14, 0, tzinfo=UTC)),
        ("+90m", MONDAY + timedelta(minutes=90)),
        ("-2d", MONDAY - timedelta(days=2)),
    ],
)
def test_a_time_is_a_day_of_the_sequence_a_date_or_a_distance(
    written: str, moment: datetime
) -> None:
    assert event(f"reply@{written}").at == moment


def test_an_event_of_before_is_placed_by_the_offset_of_its_time() -> None:
    before = parse_script(["reply@2025-07-01 10:00"], SEQUENCE, is_before=True)

    assert isinstance(before, tuple)
    (placed,) = placed_before(before, MONDAY, EASTERN)
    assert placed.at == datetime(2025, 7, 1, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "offset", "problem", "mend"),
    [
        ("reply", 0, "`reply` is no scripted event", "like `click:case-study@day 8 10:00`"),
        ("clik:intro@+1h", 0, "`clik` changes nothing in this sequence", "did you mean `click`?"),
        (
            "meeting_boked@+1h",
            0,
            "`meeting_boked` changes nothing in this sequence",
            "did you mean `meeting_booked`?",
        ),
        ("click@+1h", 0, "`click` must name its step: `click:STEP`", "known here"),
        (
            "click:case-studdy@+1h",
            6,
            "`case-studdy` is no step of the sequence that `click` can be about",
            "did you mean `case-study`?",
        ),
        (
            "task_done:intro@+1h",
            10,
            "`intro` is no step of the sequence that `task_done` can be about",
            "known here: `call`",
        ),
        ("reply:intro@+1h", 6, "`reply` is not about one step", "write `reply@…`"),
        ("login:intro@+1h", 6, "`login` is not about one step", "write `login@…`"),
        ("reply@soon", 6, "`soon` is no moment", "write `day 8 10:00`"),
        ("reply@ soon", 7, "`soon` is no moment", "write `day 8 10:00`"),
        ("reply@+", 6, "`+` is no moment", "write `day 8 10:00`"),
        ("reply@day 0 10:00", 6, "`day 0 10:00` is no day and time", "write `day 8 10:00`"),
        ("reply@day 2 25:00", 6, "`day 2 25:00` is no day and time", "write `day 8 10:00`"),
        ("reply@2026-02-30T10:00", 6, "`2026-02-30T10:00` is no date and time", "write"),
        ("reply@31 Feb 2026 10:00", 6, "`31 Feb 2026 10:00` is no date and time", "write"),
        ("reply@Tue 4 Mar 2026 10:00", 6, "2026-03-04 is no Tue", "it is a Wed"),
        ("reply@4 Mar 2026 10:00 Mars", 23, "`Mars` is no zone", "`Europe/Berlin`"),
        ("reply@0001-01-01T00:00+14:00", 6, "is too far off", "write"),
        ("reply until 2026-03-10@+1h", 0, "`reply` has no `until`", ""),
        ("out_of_office until 2026-13-10@+1h", 20, "`2026-13-10` is no date", "2027-03-20"),
        ("reply@+1h {mood: good}", 0, "`reply` has no field `mood`", ""),
        ("click:intro@+1h {urll: x}", 0, "`click` has no field `urll`", "did you mean `url`?"),
        ("opened@+1h {ticket: [}", 11, "this is not YAML", ""),
        ("contact.contry=DE@+1h", 0, "`contact.contry` changes nothing", "mean `country`?"),
        ("data.ends=DE@+1h", 0, "`data.ends` changes nothing", "did you mean `end`?"),
        ("data@+1h", 0, "`data` must say what changes", "`data.NAME=VALUE@…`"),
        (
            "turn_lost@+1h",
            0,
            "changes nothing in a sequence that has no contact by turns",
            "give it",
        ),
        ("colleague:booked@+1h", 10, "nothing in this sequence waits for `booked`", "`reply`"),
    ],
)
def test_each_slip_is_one_sentence(text: str, offset: int, problem: str, mend: str) -> None:
    slip = slip_in(text)

    assert slip.offset == offset
    assert problem in slip.problem
    assert mend in slip.mend


@pytest.mark.parametrize("word", ["pause", "task_done:call", "out_of_office", "data.end=5"])
def test_what_needs_an_enrollment_cannot_come_before_it(word: str) -> None:
    assert "cannot happen before the enrollment" in slip_in(f"{word}@-1d", is_before=True).problem


def test_a_click_of_before_names_no_step() -> None:
    assert isinstance(parse_event(Line("click@-1d", is_before=True), HEARD), Scripted)
