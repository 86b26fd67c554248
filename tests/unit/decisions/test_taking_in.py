from datetime import timedelta

from schemas.events import AppEvent, Conversion, Event, Open, Reply
from schemas.progress import What
from tests.builders import MONDAY, a_progress
from tests.unit.decisions.living import (
    live,
    noted,
    paused,
    resumed,
    told,
    unsubscribed,
    written,
)
from workflows.after.folding import after_event
from workflows.deciding.facts import moment

SEQUENCE = written("topic: news\nexit_on: [won]\nsteps: [email: one, wait: 9 days]")


def taken_in(event: Event) -> tuple[Event, ...]:
    return after_event(SEQUENCE, a_progress(SEQUENCE), event, MONDAY).events


def test_what_changes_nothing_in_the_sequence_is_not_kept() -> None:
    assert taken_in(AppEvent(id="a", name="lost")) == ()
    assert taken_in(Open(id="o", step="one")) == ()
    assert taken_in(unsubscribed("03-02 10:00", topic="events")) == ()
    assert len(taken_in(AppEvent(id="a", name="won"))) == 1


def test_an_event_without_a_moment_or_ahead_of_its_time_is_put_down_now() -> None:
    ahead = Reply(id="r", at=MONDAY + timedelta(days=1))

    assert [moment(event) for event in taken_in(Reply(id="r"))] == [MONDAY]
    assert [moment(event) for event in taken_in(ahead)] == [MONDAY]


def test_an_event_is_put_down_in_the_minute_it_happened_in() -> None:
    (event,) = taken_in(Reply(id="r", at=MONDAY - timedelta(seconds=1)))

    assert moment(event) == MONDAY - timedelta(minutes=1)


def test_a_pause_within_a_pause_is_one() -> None:
    lived = live(SEQUENCE, paused("03-02 11:00"), paused("03-02 12:00"), resumed("03-02 13:00"))

    assert noted(lived, What.PAUSED) == ["- 03-02 11:00"]


def test_commands_of_one_minute_count_in_the_order_in_which_they_come() -> None:
    over = live(SEQUENCE, paused("03-02 11:00"), resumed("03-02 11:00"))
    again = live(
        SEQUENCE,
        paused("03-02 11:00"),
        resumed("03-02 11:00"),
        paused("03-02 11:00").model_copy(update={"id": "again"}),
    )

    assert over.ending is not None
    assert again.ending is None


def test_an_event_that_is_awaited_by_name_comes_as_a_conversion_too() -> None:
    conversion = Conversion(id="c", name="won", at=MONDAY)

    assert told(live(SEQUENCE, conversion)) == ["= won 03-02 10:00"]
