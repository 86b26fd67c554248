from datetime import datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from schemas.decisions import Finish, Wait
from schemas.events import Event
from schemas.progress import MAIN, Ending, Mail, OpenTask, Progress, Stop, Track
from schemas.sequence import Sequence
from schemas.steps import EmailStep, TaskStep
from tests.builders import MONDAY, a_progress, act
from tests.unit.decisions.worlds import EVENT_LISTS, EVENTS, HISTORIES, MOMENTS, SEQUENCES
from workflows.after.folding import after_event
from workflows.after.tracks import ended
from workflows.deciding.decisions import decide

LATE = MONDAY + timedelta(days=60)
SOME = st.integers(0, 2**16)


def folded(sequence: Sequence, progress: Progress, events: list[Event]) -> Progress:
    for event in events:
        progress = after_event(sequence, progress, event, LATE)
    return progress


@given(sequence=SEQUENCES, events=EVENT_LISTS, again=EVENTS)
def test_a_repeated_event_changes_nothing(
    sequence: Sequence, events: list[Event], again: Event
) -> None:
    once = folded(sequence, a_progress(sequence), [*events, again])

    assert after_event(sequence, once, again, LATE) is once


@given(sequence=SEQUENCES, events=EVENT_LISTS, seed=SOME, now=MOMENTS)
def test_the_order_of_arrival_makes_no_difference(
    sequence: Sequence, events: list[Event], seed: int, now: datetime
) -> None:
    shuffled = Random(seed).sample(events, len(events))  # noqa: S311  # no secret is made of it

    straight = folded(sequence, a_progress(sequence), events)
    other = folded(sequence, a_progress(sequence), shuffled)

    assert straight == other
    assert decide(sequence, straight, now) == decide(sequence, other, now)


@given(sequence=SEQUENCES, first=st.text(min_size=1), second=st.text(min_size=1), now=MOMENTS)
def test_the_first_ending_is_never_replaced(
    sequence: Sequence, first: str, second: str, now: datetime
) -> None:
    over = ended(a_progress(sequence), Ending(name=first, at=MONDAY))

    assert ended(over, Ending(name=second, at=MONDAY)) is over
    assert decide(sequence, over, now) == Finish(ending=over.ending, why=f"ended: {first}")


def anywhere(sequence: Sequence, progress: Progress, random: Random) -> Progress:
    """Put an enrollment wherever one could ever stand, whether or not a way leads there."""

    def when() -> datetime:
        return MONDAY + timedelta(minutes=random.randrange(9 * 24 * 60))

    def some(kind: type) -> list[str]:
        steps = [step.id for step in sequence.steps if isinstance(step, kind)]
        return random.sample(steps, random.randrange(len(steps) + 1))

    place = random.choice([None, *sequence.step_by_id])
    stops = [Stop(kind=kind, since=when()) for kind in ("pause", "hold") if random.random() < 0.2]
    changes = {
        "tracks": (
            Track(name=MAIN, at=place, reached=when()),
            *(Track(name="on-0.1", at=step, reached=when()) for step in some(EmailStep)[:1]),
        ),
        "mails": tuple(Mail(step=step, at=when(), send=step) for step in some(EmailStep)),
        "doubts": tuple(Mail(step=one, at=when(), send="doubt") for one in some(EmailStep)[:1]),
        "open_tasks": tuple(OpenTask(step=step, at=when()) for step in some(TaskStep)),
        "stops": (Stop(kind="hold", since=MONDAY, until=when()), *stops),
        "taken": tuple(one.id for one in progress.events[:1]),
        "started": tuple(f"0.{one.id}" for one in progress.events[1:2]),
        "last_marketing_at": random.choice([None, when()]),
        "done_at": random.choice([None, when()]),
    }
    return progress.model_copy(update=changes)


@given(sequence=SEQUENCES, events=HISTORIES, seed=SOME, now=MOMENTS)
def test_wherever_it_stands_there_is_a_decision_that_can_be_acted_on(
    sequence: Sequence, events: list[Event], seed: int, now: datetime
) -> None:
    random = Random(seed)  # noqa: S311  # no secret is made of it
    begun = folded(sequence, a_progress(sequence), events)
    progress = anywhere(sequence, begun, random)

    decision = decide(sequence, progress, now)

    assert not isinstance(decision, Wait) or decision.until is None or decision.until > now
    assert isinstance(act(sequence, progress, decision, now), Progress)
