from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.decisions import Decision, Finish, Send, Wait
from schemas.events import Control, Event
from schemas.outcomes import Held, InDoubt, SendOutcome, Sent, Stopped, Suppressed
from schemas.progress import Ending, Progress
from schemas.sequence import EmailStep, Sequence
from schemas.suppression import Reason
from tests.builders import MONDAY, a_progress, act
from tests.unit.decisions.worlds import EVENT_LISTS, EVENTS, sequences
from workflows.calendar import is_open, later
from workflows.decisions import decide
from workflows.facts import moment
from workflows.folding import after_event
from workflows.transitions import after_send, ended

LATE = MONDAY + timedelta(days=60)
MOST = 400
OUTCOMES: st.SearchStrategy[SendOutcome] = st.sampled_from(
    [
        Sent(send="sent", at=MONDAY),
        Held(reason="mend the template"),
        InDoubt(send="doubt", at=MONDAY),
        Suppressed(reason=Reason.BOUNCED),
        Suppressed(reason=Reason.UNSUBSCRIBED),
        Stopped(who="ada"),
        Stopped(ending=Ending(name="booked", at=MONDAY)),
    ]
)


def folded(sequence: Sequence, progress: Progress, events: list[Event]) -> Progress:
    for event in events:
        progress = after_event(sequence, progress, event, LATE)
    return progress


def stepped(
    sequence: Sequence, progress: Progress, decision: Decision, now: datetime, outcome: SendOutcome
) -> Progress:
    if isinstance(decision, Send):
        own = outcome.model_copy(update={"at": now}) if hasattr(outcome, "at") else outcome
        return after_send(sequence, progress, decision, own, now)
    return act(sequence, progress, decision, now)


def lived(
    sequence: Sequence, events: list[Event], outcomes: list[SendOutcome]
) -> list[tuple[datetime, Decision, Progress]]:
    """Live an enrollment through: each decision with its moment and what was known before it."""
    progress, now, life = a_progress(sequence), MONDAY, []
    waiting = sorted(events, key=moment)
    scripted = iter(outcomes)
    for _ in range(MOST):
        decision = decide(sequence, progress, now)
        life.append((now, decision, progress))
        if isinstance(decision, Finish):
            break
        coming = moment(waiting[0]) if waiting else None
        if isinstance(decision, Wait):
            moments = [at for at in (decision.until, coming) if at is not None]
            now = max(now, min(moments, default=now))
            if coming is not None and coming <= now:
                progress = after_event(sequence, progress, waiting.pop(0), now)
            elif decision.until is None:
                resume = Control(id=f"resume {now} {len(life)}", action="resume", who="ada", at=now)
                progress = after_event(sequence, progress, resume, now)
        else:
            outcome = next(scripted, Sent(send=f"sent-{len(life)}", at=now))
            progress = stepped(sequence, progress, decision, now, outcome)
    return life


LIVES = {
    "sequence": sequences(),
    "events": EVENT_LISTS,
    "outcomes": st.lists(OUTCOMES, max_size=4),
}


@given(sequence=sequences(), events=EVENT_LISTS, again=EVENTS)
def test_a_repeated_event_changes_nothing(
    sequence: Sequence, events: list[Event], again: Event
) -> None:
    once = folded(sequence, a_progress(sequence), [*events, again])

    assert after_event(sequence, once, again, LATE) is once


@given(sequence=sequences(), events=EVENT_LISTS, random=st.randoms())
def test_the_order_of_arrival_makes_no_difference(
    sequence: Sequence, events: list[Event], random: object
) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis draws a random.Random

    straight = folded(sequence, a_progress(sequence), events)
    other = folded(sequence, a_progress(sequence), shuffled)

    assert straight == other


@given(sequence=sequences(), first=st.text(min_size=1), second=st.text(min_size=1))
def test_the_first_ending_is_never_replaced(sequence: Sequence, first: str, second: str) -> None:
    over = ended(a_progress(sequence), Ending(name=first, at=MONDAY))

    assert ended(over, Ending(name=second, at=MONDAY)) is over


@settings(max_examples=300, deadline=None)
@given(**LIVES)
def test_every_life_ends_and_time_never_goes_backwards(
    sequence: Sequence, events: list[Event], outcomes: list[SendOutcome]
) -> None:
    life = lived(sequence, events, outcomes)

    assert isinstance(life[-1][1], Finish)
    for now, decision, _ in life:
        if isinstance(decision, Wait) and decision.until is not None:
            assert decision.until > now


@settings(max_examples=200, deadline=None)
@given(**LIVES, late=EVENTS)
def test_nothing_is_sent_after_an_ending(
    sequence: Sequence, events: list[Event], outcomes: list[SendOutcome], late: Event
) -> None:
    now, finish, progress = lived(sequence, events, outcomes)[-1]
    assert isinstance(finish, Finish)
    over = after_event(sequence, ended(progress, finish.ending), late, now)

    after = decide(sequence, over, LATE)

    assert isinstance(after, Finish)
    assert after.ending == finish.ending


@settings(max_examples=200, deadline=None)
@given(**LIVES)
def test_marketing_mails_keep_to_the_window_and_their_distance(
    sequence: Sequence, events: list[Event], outcomes: list[SendOutcome]
) -> None:
    life = lived(sequence, events, outcomes)

    for now, decision, progress in life:
        if not isinstance(decision, Send):
            continue
        step = sequence.step_by_id[decision.step]
        if isinstance(step, EmailStep) and not step.transactional:
            last = progress.last_marketing_at
            assert is_open(now, sequence.window, progress.zone)
            assert last is None or now >= later(last, sequence.min_gap, progress.zone)
