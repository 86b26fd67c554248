import pytest
from pydantic import JsonValue

from authoring.simulation.simulate import Scenario, simulate
from schemas.sequence import Sequence
from tests.builders import NEW_YORK
from tests.unit.decisions.living import OFFICE, at, shown, written

TOOL = written(
    OFFICE,
    """
    steps:
      - {email: intro, day: 1}
      - {email: case-study, day: 3}
      - {task: call, within: 2 days}
      - {email: video, day: 6}
      - {email: break-up, day: 9}
    """,
)


def went(
    sequence: Sequence, step: str, start: str = "03-02 10:00", **values: JsonValue
) -> list[str]:
    """Tell which mails go when, if an enrollment begins at `step`, and where it began."""
    begun = Scenario(start=at(start), zone=NEW_YORK, step=step, values=values)
    told = simulate(sequence, begun)
    assert told.ending is not None
    return [*(f"{mail.step} {shown(mail.at)}" for mail in told.sends), told.timeline[0].why]


@pytest.mark.parametrize(
    ("step", "start", "mails"),
    [
        # Its day is due at the enrollment's moment, the days after it as far apart as written.
        ("case-study", "03-02 10:00", ["case-study 03-02 10:00", "video 03-05 10:00"]),
        ("video", "03-02 10:00", ["video 03-02 10:00", "break-up 03-05 10:00"]),
        # Outside the window, at its next opening, as day 1 would be.
        ("video", "03-07 12:00", ["video 03-09 09:00", "break-up 03-12 09:00"]),
        # A step without a day has that of the last before it.
        ("call", "03-02 10:00", ["video 03-05 10:00", "break-up 03-09 09:00"]),
        ("intro", "03-02 10:00", ["intro 03-02 10:00", "case-study 03-04 10:00"]),
    ],
)
def test_an_enrollment_may_begin_at_a_step(step: str, start: str, mails: list[str]) -> None:
    assert went(TOOL, step, start)[:2] == mails


def test_no_step_before_it_is_done_and_the_timeline_says_where_it_began() -> None:
    assert went(TOOL, "break-up") == ["break-up 03-02 10:00", "welcome, at break-up"]


@pytest.mark.parametrize(("start", "date"), [("03-02 09:29", "03-02"), ("03-02 09:31", "03-03")])
def test_a_time_that_has_passed_makes_its_day_the_next_open_date(start: str, date: str) -> None:
    sequence = written(
        OFFICE,
        'steps: [{email: one, day: 1}, {email: two, day: 2, at_time: "09:30"}, '
        "{email: four, day: 4}]",
    )

    assert went(sequence, "two", start)[0] == f"two {date} 09:30"


def test_a_wait_that_stands_first_then_counts_from_its_day_s_moment() -> None:
    sequence = written(OFFICE, "steps: [{email: one}, {wait: 1 day}, {email: two}]")

    assert went(sequence, "wait-1", "03-07 12:00")[0] == "two 03-10 09:00"


def test_dates_of_steps_before_it_are_not_looked_at() -> None:
    sequence = written(
        "steps: [{email: one, at: data.x, if_missing: exit}, {email: two, at: data.y}]"
    )

    assert went(sequence, "two", y="2026-03-04") == ["two 03-04 09:00", "welcome, at two"]


def test_where_clocks_change_a_day_keeps_its_local_time() -> None:
    sequence = written("steps: [{email: one, day: 1}, {email: ten, day: 10}, {email: x, day: 12}]")

    # 2:30 does not exist in New York on 8 March 2026, which was day 3 here.
    mails = went(sequence, "ten", "03-15 02:30")

    assert mails[:2] == ["ten 03-15 02:30", "x 03-17 02:30"]
