from datetime import UTC, datetime, timedelta

import pytest

from authoring.faults import Faults, Slip
from authoring.scripts import Scripted, parse_event, parse_script
from schemas.events import (
    AppEvent,
    AutoReply,
    Blocked,
    Bounce,
    Click,
    Complaint,
    Control,
    Event,
    Open,
    Reply,
    TaskDone,
    Unsubscribe,
)
from schemas.sequence import ExitRule, Goal, Matcher, TaskStep
from tests.builders import MONDAY, OFFICE, a_progress, a_sequence, an_email, days

SEQUENCE = a_sequence(
    an_email("intro", day=1),
    an_email("case-study", day=3),
    TaskStep(id="call", task="call", within=days(2)),
    exit_on=(ExitRule(name="booked", on=Matcher(kind="event", name="meeting_booked")),),
    goals=(Goal(event="deal_closed", within=days(60)),),
    listens_to=("event:meeting_booked",),
    window=OFFICE,
)


def event(text: str) -> Event:
    scripted = parse_event(text, SEQUENCE)
    assert isinstance(scripted, Scripted), scripted
    return scripted.in_enrollment(a_progress(SEQUENCE))


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("reply", Reply),
        ("click:case-study", Click),
        ("open:intro", Open),
        ("unsubscribe", Unsubscribe),
        ("complaint", Complaint),
        ("bounce", Bounce),
        ("blocked", Blocked),
        ("out_of_office", AutoReply),
        ("task_done:call", TaskDone),
        ("pause", Control),
        ("meeting_booked", AppEvent),
        ("deal_closed", AppEvent),
    ],
)
def test_each_event_can_be_scripted(written: str, kind: type) -> None:
    assert isinstance(event(f"{written}@+1h"), kind)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("day 1 10:00", MONDAY),
        ("day 8 10:00", datetime(2026, 3, 9, 14, 0, tzinfo=UTC)),
        ("2026-03-04T10:15", datetime(2026, 3, 4, 15, 15, tzinfo=UTC)),
        ("2026-03-04 10:15", datetime(2026, 3, 4, 15, 15, tzinfo=UTC)),
        ("2026-03-04T10:15Z", datetime(2026, 3, 4, 10, 15, tzinfo=UTC)),
        ("2026-03-04T10:15+02:00", datetime(2026, 3, 4, 8, 15, tzinfo=UTC)),
        ("+5d3h", MONDAY + timedelta(days=5, hours=3)),
        ("+1w", datetime(2026, 3, 9, 14, 0, tzinfo=UTC)),
        ("+90m", MONDAY + timedelta(minutes=90)),
    ],
)
def test_a_time_is_a_day_of_the_sequence_a_date_or_a_distance(
    written: str, moment: datetime
) -> None:
    assert event(f"reply@{written}").at == moment


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
            "`case-studdy` is no step of `welcome` that `click` can be about",
            "did you mean `case-study`?",
        ),
        (
            "task_done:intro@+1h",
            10,
            "`intro` is no step of `welcome` that `task_done` can be about",
            "known here: `call`",
        ),
        ("reply:intro@+1h", 6, "`reply` is not about one step", "write `reply@…`"),
        ("reply@soon", 6, "`soon` is no time in a script", "write `day 8 10:00`"),
        ("reply@+", 6, "`+` is no time in a script", "write `day 8 10:00`"),
        ("reply@day 0 10:00", 6, "`day 0 10:00` is no day and time", "write `day 8 10:00`"),
        ("reply@day 2 25:00", 6, "`day 2 25:00` is no day and time", "write `day 8 10:00`"),
        ("reply@2026-02-30T10:00", 6, "`2026-02-30T10:00` is no date and time", "write"),
        ("reply@0001-01-01T00:00+14:00", 6, "is too far off", "write"),
    ],
)
def test_each_slip_is_one_sentence(text: str, offset: int, problem: str, mend: str) -> None:
    slip = parse_event(text, SEQUENCE)

    assert isinstance(slip, Slip)
    assert slip.offset == offset
    assert problem in slip.problem
    assert mend in slip.mend


def test_a_script_names_the_line_that_is_wrong() -> None:
    faults = parse_script(["reply@+1h", "clik:intro@+1h"], SEQUENCE)

    assert isinstance(faults, Faults)
    assert str(faults) == (
        "script:2:1: `clik` changes nothing in this sequence; did you mean `click`?"
    )


def test_events_of_a_script_keep_their_order() -> None:
    script = parse_script(["reply@+1h", "reply@+1h"], SEQUENCE)

    assert isinstance(script, tuple)
    assert [one.event.id for one in script] == ["script-0001", "script-0002"]
