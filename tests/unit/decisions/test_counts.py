from datetime import datetime

import pytest

from schemas.decisions import Look, Move, Send
from schemas.outcomes import Looked
from schemas.progress import Progress, What
from schemas.sequence import Sequence
from tests.builders import MONDAY, a_progress, act
from tests.unit.decisions.living import live, noted, told, written
from workflows.after.transitions import after_look
from workflows.deciding.decisions import decide

COUNTED = written(
    """
    steps:
      - when: count("login", last="7 days") < 2
        then: [exit: quiet]
        else: [exit: busy]
    """
)


def decided(sequence: Sequence, now: datetime = MONDAY, **counts: int) -> Progress:
    """Answer the one question with `counts`, under the marks as they are written."""
    progress = a_progress(sequence)
    look = decide(sequence, progress, now)
    assert isinstance(look, Look)
    answers = {one.mark: counts.get(one.event, 0) for one in look.questions}
    return after_look(progress, look, Looked(counts=answers))


def test_a_condition_that_counts_asks_first() -> None:
    look = decide(COUNTED, a_progress(COUNTED), MONDAY)

    assert isinstance(look, Look)
    assert [one.mark for one in look.questions] == ["login in 7 days"]
    assert look.why == "asks how often login came"


@pytest.mark.parametrize(
    ("logins", "path"), [(0, "exit-1"), (1, "exit-1"), (2, "exit-2"), (9, "exit-2")]
)
def test_the_answer_decides_the_branch(logins: int, path: str) -> None:
    move = decide(COUNTED, decided(COUNTED, login=logins), MONDAY)

    assert isinstance(move, Move)
    assert (move.what, move.to, move.at) == (What.BRANCHED, path, MONDAY)


def test_one_answer_serves_several_questions_and_each_is_asked_anew_at_the_next_step() -> None:
    sequence = written(
        """
        steps:
          - when: count("login") >= 1 and count("click", last="2 days") >= 1
            then: [exit: both]
          - when: count("login") < 1
            then: [exit: none]
        """
    )

    progress = decided(sequence, login=1)
    move = decide(sequence, progress, MONDAY)
    assert isinstance(move, Move)
    again = decide(sequence, act(sequence, progress, move, MONDAY), MONDAY)

    assert move.to == "when-2"
    assert isinstance(again, Look)
    assert [one.mark for one in again.questions] == ["login"]


def test_a_count_that_nobody_answered_makes_the_comparison_false() -> None:
    progress = a_progress(COUNTED)
    look = decide(COUNTED, progress, MONDAY)
    assert isinstance(look, Look)

    move = decide(COUNTED, after_look(progress, look, Looked(counts={})), MONDAY)

    assert isinstance(move, Move)
    assert move.to == "exit-2"


def test_conditions_of_exits_and_audience_that_count_are_left_to_the_claim_of_each_mail() -> None:
    sequence = written(
        'audience: count("login") >= 1',
        'exit_on: [{when: count("login") >= 5, as: busy}]',
        "steps: [email: one]",
    )

    assert isinstance(decide(sequence, a_progress(sequence), MONDAY), Send)


def test_a_condition_is_decided_once_when_it_is_reached() -> None:
    lived = live(COUNTED)

    assert noted(lived, What.BRANCHED) == ["when-1 03-02 10:00"]
    assert told(lived) == ["= quiet 03-02 10:00"]
