import pytest

from schemas.events import TaskDone
from schemas.progress import What
from tests.unit.decisions.living import (
    Late,
    World,
    at,
    live,
    noted,
    paused,
    resumed,
    told,
    written,
)

CALL = written(
    """
    steps:
      - {task: call, within: 1 day, else: [{exit: no-answer}]}
      - email: after
    """
)


def done(when: str) -> TaskDone:
    return TaskDone(id=f"done {when}", step="call", at=at(when))


@pytest.mark.parametrize(
    ("when", "what"),
    [
        ("03-02 12:34", "after 03-02 12:34"),
        ("03-03 10:00", "after 03-03 10:00"),
        ("03-03 10:01", "= no-answer 03-03 10:00"),
    ],
)
def test_a_task_blocks_until_it_is_done_or_too_late(when: str, what: str) -> None:
    assert told(live(CALL, done(when)))[0] == what


def test_a_task_done_in_time_counts_though_it_is_heard_of_when_time_is_up() -> None:
    paused_till = [paused("03-03 09:00"), resumed("03-03 12:00")]

    lived = live(CALL, *paused_till, Late(done("03-03 11:00"), at("03-03 12:30")))

    assert told(lived)[0] == "after 03-03 12:30"
    assert noted(lived, What.TASK_DONE) == ["call 03-03 11:00"]


def test_a_task_may_be_done_while_paused() -> None:
    lived = live(CALL, paused("03-02 12:00"), done("03-05 12:00"), resumed("03-05 13:00"))

    assert noted(lived, What.TASK_DONE) == ["call 03-05 12:00"]
    assert told(lived)[0] == "after 03-05 13:00"


def test_another_task_done_is_not_this_one() -> None:
    other = done("03-02 12:00").model_copy(update={"step": "write"})

    assert told(live(CALL, other)) == ["= no-answer 03-03 10:00"]


def test_a_tasks_time_stands_still_while_paused() -> None:
    lived = live(CALL, paused("03-02 12:00"), resumed("03-02 17:00"))

    assert told(lived) == ["= no-answer 03-03 15:00"]


def test_a_task_that_does_not_block_holds_nothing_up() -> None:
    sequence = written("steps: [{task: call, within: 1 day, blocking: false}, email: after]")

    lived = live(sequence, done("03-09 10:00"))

    assert noted(lived, What.TASK_OPENED) == ["call 03-02 10:00"]
    assert told(lived) == ["after 03-02 10:00", "= completed 03-02 10:00"]


def test_a_task_done_twice_is_done_once() -> None:
    lived = live(CALL, done("03-02 12:00"), done("03-02 13:00"))

    assert noted(lived, What.TASK_DONE) == ["call 03-02 12:00"]


def test_a_hand_off_ends_it_at_the_moment_it_is_reached() -> None:
    sequence = written("steps: [email: one, wait: 1 day, hand_off: other, email: never]")

    assert told(live(sequence)) == ["one 03-02 10:00", "= handed_off 03-03 10:00"]


def test_a_refused_hand_off_goes_on_by_its_other_path_or_by_the_next_step() -> None:
    other = written("steps: [{hand_off: other, else: [{exit: refused}]}, email: next]")
    none = written("steps: [{hand_off: other}, email: next]")
    world = World(refuses=True)

    assert told(live(other, world=world)) == ["= refused 03-02 10:00"]
    assert told(live(none, world=world))[0] == "next 03-02 10:00"
