import pytest

from schemas.events import Click, Event
from schemas.progress import What
from schemas.sequence import Sequence
from tests.unit.decisions.living import (
    Late,
    at,
    clicked,
    happened,
    live,
    noted,
    paused,
    replied,
    resumed,
    written,
)

STEPS = "steps: [email: one, wait: 20 days]"
THREE = written("high_intent: [{count: click, at_least: 3, within: 2 days}]", STEPS)


def told_the_owner(*events: Event | Late, sequence: Sequence = THREE) -> list[str]:
    lived = live(sequence, *events)
    return [line.removeprefix("high-intent-") for line in noted(lived, What.EFFECT)]


@pytest.mark.parametrize(
    ("moments", "said"),
    [
        (["03-03 12:00", "03-03 13:00"], []),
        (["03-03 12:00", "03-03 13:00", "03-03 14:00"], ["1 03-03 14:00"]),
        (["03-03 12:00", "03-04 13:00", "03-05 12:00"], ["1 03-05 12:00"]),
        (["03-03 12:00", "03-04 13:00", "03-05 12:01"], []),
        (["03-03 12:00", "03-04 13:00", "03-05 12:01", "03-05 12:02"], ["1 03-05 12:02"]),
        (["03-07 02:30", "03-08 13:00", "03-09 02:30"], ["1 03-09 02:30"]),
        (["03-07 02:30", "03-08 13:00", "03-09 02:31"], []),
        (["03-03 12:00", "03-03 12:00", "03-03 12:00"], ["1 03-03 12:00"]),
    ],
)
def test_so_many_clicks_within_the_time_its_last_minute_included(
    moments: list[str], said: list[str]
) -> None:
    clicks = [Click(id=f"{n}", step="one", at=at(when)) for n, when in enumerate(moments)]

    assert told_the_owner(*clicks) == said


def test_it_is_told_once() -> None:
    clicks = [clicked("one", f"03-03 {hour}:00") for hour in range(11, 20)]

    assert told_the_owner(*clicks) == ["1 03-03 13:00"]


def test_a_click_heard_of_late_counts_by_its_own_moment() -> None:
    late = Late(clicked("one", "03-03 12:30"), at("03-06 12:00"))

    lived = told_the_owner(clicked("one", "03-03 12:00"), clicked("one", "03-03 13:00"), late)

    assert lived == ["1 03-06 12:00"]


def test_clicks_in_any_mail_count_and_nothing_else_does() -> None:
    events = (clicked("one", "03-03 12:00"), clicked("two", "03-03 13:00"))

    assert told_the_owner(*events, replied("03-03 13:30")) == []
    assert told_the_owner(*events, clicked("three", "03-03 14:00")) == ["1 03-03 14:00"]


def test_a_click_before_the_enrollment_does_not_count() -> None:
    early = Late(clicked("one", "03-02 09:59"), at("03-02 10:01"))
    events = (clicked("one", "03-02 12:00"), clicked("one", "03-02 13:00"))

    assert told_the_owner(early, *events) == []


def test_without_within_all_since_the_enrollment_count() -> None:
    sequence = written("high_intent: [{count: click, at_least: 2}]", STEPS)

    lived = told_the_owner(
        clicked("one", "03-02 10:00"), clicked("one", "03-20 13:00"), sequence=sequence
    )

    assert lived == ["1 03-20 13:00"]


def test_events_and_replies_can_be_counted() -> None:
    sequence = written(
        """
        high_intent:
          - {count: login, at_least: 2, within: 1 hour}
          - {count: reply, at_least: 2}
        """,
        STEPS,
    )
    logins = (happened("login", "03-03 12:00"), happened("login", "03-03 13:00"))
    replies = (replied("03-04 12:00"), replied("03-09 12:00"))

    assert told_the_owner(*logins, *replies, sequence=sequence) == [
        "1 03-03 13:00",
        "2 03-09 12:00",
    ]


def test_a_click_of_a_page_is_told_at_once_and_beside_the_steps() -> None:
    sequence = written('high_intent: [{click: any, url: "*/pricing*"}]', STEPS)
    other = Click(id="a", step="one", at=at("03-03 11:00"), url="https://acme.example/Pricing")
    price = Click(id="b", step="one", at=at("03-03 12:00"), url="https://acme.example/pricing?x=1")

    assert told_the_owner(other, price, sequence=sequence) == ["1 03-03 12:00"]


def test_a_pause_keeps_it_for_the_resume() -> None:
    sequence = written("high_intent: [{click: one}]", STEPS)
    events = (paused("03-03 11:00"), clicked("one", "03-03 12:00"), resumed("03-04 12:00"))

    assert told_the_owner(*events, sequence=sequence) == ["1 03-04 12:00"]
