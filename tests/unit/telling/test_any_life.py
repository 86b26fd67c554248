from collections import Counter
from datetime import datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from schemas.decisions import Wait
from schemas.events import Event
from schemas.explained import Explained
from schemas.outcomes import SendOutcome
from schemas.progress import Progress, What
from schemas.sequence import Sequence
from tests.builders import MONDAY, a_progress
from tests.unit.decisions.test_lives import OUTCOMES, Life, lived
from tests.unit.decisions.test_properties import anywhere, folded
from tests.unit.decisions.worlds import HISTORIES, MOMENTS, SEQUENCES
from workflows.telling.explaining import explained, told_after
from workflows.telling.forward import run_on
from workflows.telling.ways import steps_of

SENDS = st.lists(st.sampled_from(OUTCOMES), max_size=4)
SOME = st.integers(0, 2**16)


def told_twice(told: Explained) -> list[tuple[str, int]]:
    counted = Counter((one.step, one.occurrence) for one in told.steps)
    return [once for once, count in counted.items() if count > 1]


def untold(sequence: Sequence, told: Explained, progress: Progress) -> list[tuple[str, int]]:
    """Give the steps, and their repeats under `on:`, of which nothing is told."""
    expected = {(step.id, 1) for step in sequence.steps}
    for index, reaction in enumerate(sequence.reactions):
        times = sum(mark.startswith(f"{index}.") for mark in progress.started)
        steps = steps_of(sequence, reaction.first)
        expected |= {(step, again) for step in steps for again in range(1, times + 1)}
    return sorted(expected - {(one.step, one.occurrence) for one in told.steps})


def a_life(sequence: Sequence, events: list[Event], outcomes: list[SendOutcome]) -> Life:
    return lived(sequence, events, outcomes, [True, False])


@given(sequence=SEQUENCES, events=HISTORIES, outcomes=SENDS, pick=SOME)
def test_at_any_moment_of_a_life_each_step_is_told_once(
    sequence: Sequence, events: list[Event], outcomes: list[SendOutcome], pick: int
) -> None:
    life = a_life(sequence, events, outcomes)
    moment = life[pick % len(life)]

    told = explained(sequence, moment.before, moment.now)

    assert told_twice(told) == []
    assert untold(sequence, told, moment.before) == []
    assert all(one.why.endswith((".", "…")) for one in told.steps)


@given(sequence=SEQUENCES, events=HISTORIES, outcomes=SENDS)
def test_of_a_whole_life_what_went_is_told_as_sent_at_its_minute_and_nothing_else(
    sequence: Sequence, events: list[Event], outcomes: list[SendOutcome]
) -> None:
    over = a_life(sequence, events, outcomes)[-1].after

    told = told_after(sequence, over.timeline, over.zone)

    sent = {(one.step, one.occurrence, one.at) for one in told.steps if one.fate == "sent"}
    assert sent == {(mail.step, mail.occurrence, mail.at) for mail in over.mails}
    assert not {one.fate for one in told.steps} & {"to_come", "waiting", "unknown"}


@given(sequence=SEQUENCES, events=HISTORIES, outcomes=SENDS, pick=SOME)
def test_what_is_told_to_come_lies_ahead_and_comes_so(
    sequence: Sequence, events: list[Event], outcomes: list[SendOutcome], pick: int
) -> None:
    life = a_life(sequence, events, outcomes)
    here = life[pick % len(life)]

    ahead = run_on(sequence, here.before, here.now).progress
    told = explained(sequence, here.before, here.now)

    gone, coming = here.before.timeline, ahead.timeline[len(here.before.timeline) :]
    assert ahead.timeline[: len(gone)] == gone
    mails = {(entry.step, entry.at) for entry in coming if entry.what is What.SENT}
    assert {(one.step, one.at) for one in told.ahead if one.what is What.SENT} == mails


@given(sequence=SEQUENCES, events=HISTORIES, seed=SOME, now=MOMENTS)
def test_wherever_it_stands_it_can_be_explained(
    sequence: Sequence, events: list[Event], seed: int, now: datetime
) -> None:
    begun = folded(sequence, a_progress(sequence), events)
    progress = anywhere(sequence, begun, Random(seed))  # noqa: S311  # no secret is made of it

    assert told_twice(explained(sequence, progress, now)) == []


@given(sequence=SEQUENCES)
def test_a_life_in_which_nothing_happens_goes_as_it_was_told(sequence: Sequence) -> None:
    begun = a_progress(sequence, values={"end": "2026-03-18"})

    outlook = run_on(sequence, begun, MONDAY)
    life = a_life(sequence, [], [])

    if outlook.progress.ending is not None:
        assert outlook.progress.mails == tuple(
            mail.model_copy(update={"send": f"{mail.step}.{mail.occurrence}"})
            for mail in life[-1].after.mails
        )
    else:
        assert outlook.depends or isinstance(outlook.waits, Wait)
