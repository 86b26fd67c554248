from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.decisions import Decision, Finish, Move, Send, Settle, Wait
from schemas.events import AppEvent, Blocked, Bounce, Complaint, Control, Event, Turn, Unsubscribe
from schemas.outcomes import Held, InDoubt, SendOutcome, Sent, Settled, Stopped, Suppressed
from schemas.progress import MAIN, Ending, Progress, What
from schemas.sequence import Sequence
from schemas.steps import EmailStep
from schemas.suppression import Reason
from tests.builders import MONDAY, a_progress, act
from tests.unit.decisions.worlds import EVENTS, HISTORIES, SEQUENCES
from workflows.after.folding import after_event
from workflows.after.outcomes import after_send, after_settle
from workflows.after.tracks import ended
from workflows.deciding.decisions import decide
from workflows.deciding.facts import moment
from workflows.deciding.stops import has_lost_its_turn, suppressions
from workflows.moments.calendar import later
from workflows.moments.windows import is_open

LATE = MONDAY + timedelta(days=60)
MOST = 400
OUTCOMES: list[SendOutcome] = [
    Sent(send="sent", at=MONDAY),
    Held(reason="mend the template"),
    *(InDoubt(send="doubt", at=MONDAY),) * 2,
    Suppressed(reason=Reason.BOUNCED),
    *(Suppressed(reason=Reason.UNSUBSCRIBED),) * 2,
    Stopped(who="ada"),
    Stopped(ending=Ending(name="booked", at=MONDAY)),
]


@dataclass(frozen=True)
class Moment:
    """A decision of a life: when it was made, on what, and what came of it."""

    now: datetime
    decision: Decision
    before: Progress
    after: Progress


Life = list[Moment]


def lived(
    sequence: Sequence, events: list[Event], outcomes: list[SendOutcome], accepted: list[bool]
) -> Life:
    """Live an enrollment through; where it would wait for ever, somebody lends a hand."""
    progress, now, life = a_progress(sequence, values={"end": "2026-03-18"}), MONDAY, []
    waiting, answers = sorted(events, key=moment), _answers(outcomes, accepted)
    for _ in range(MOST):
        while waiting and moment(waiting[0]) <= now:
            progress = after_event(sequence, progress, waiting.pop(0), now)
        decision = decide(sequence, progress, now)
        after = _acted(sequence, progress, decision, now, answers)
        life.append(Moment(now, decision, progress, after))
        if isinstance(decision, Finish):
            return life
        if isinstance(decision, Wait):
            coming = [moment(waiting[0])] if waiting else []
            until = [decision.until] if decision.until else []
            if not coming and not until:
                relief = _help(sequence, progress, now, len(life))
                after = after_event(sequence, progress, relief, now)
            now = min([*coming, *until], default=now)
        progress = after
    raise AssertionError("it makes no headway")


def _help(sequence: Sequence, progress: Progress, now: datetime, mark: int) -> Event:
    if any(one.until is None for one in suppressions(sequence, progress)):
        return AppEvent(id=f"c{mark}", name="closed", fields={"id": 7}, at=now)
    if has_lost_its_turn(progress):
        return Turn(id=f"turn{mark}", held=True, at=now)
    held = any(stop.cause and stop.until is None for stop in progress.stops)
    return Control(id=f"c{mark}", action="skip" if held else "resume", who="ada", at=now)


Answers = Callable[[Decision, datetime], SendOutcome | Settled]


def _answers(outcomes: list[SendOutcome], accepted: list[bool]) -> Answers:
    sends, settles = iter(outcomes), iter(accepted)
    marks: Iterator[int] = iter(range(MOST))

    def answer(decision: Decision, now: datetime) -> SendOutcome | Settled:
        if isinstance(decision, Settle):
            return Settled(accepted=next(settles, False))
        outcome = next(sends, Sent(send="sent", at=now))
        changes = {"at": now, "send": f"send {next(marks)}"}
        if isinstance(outcome, Stopped) and outcome.ending:
            changes = {"ending": Ending(name="booked", at=now)}
        return outcome.model_copy(update={k: v for k, v in changes.items() if hasattr(outcome, k)})

    return answer


def _acted(
    sequence: Sequence, progress: Progress, decision: Decision, now: datetime, answers: Answers
) -> Progress:
    if isinstance(decision, Send | Settle):
        answer = answers(decision, now)
        if isinstance(decision, Send) and not isinstance(answer, Settled):
            return after_send(sequence, progress, decision, answer, now)
        if isinstance(decision, Settle) and isinstance(answer, Settled):
            return after_settle(sequence, progress, decision, answer, now)
    return act(sequence, progress, decision, now)


LIVES = st.builds(
    lambda sequence, *rest: (sequence, lived(sequence, *rest)),
    SEQUENCES,
    HISTORIES,
    st.lists(st.sampled_from(OUTCOMES), max_size=5),
    st.lists(st.booleans(), max_size=2),
)
Lived = tuple[Sequence, Life]
many = settings(max_examples=100)


def sends(sequence: Sequence, life: Life) -> Iterator[tuple[Moment, EmailStep]]:
    for one in life:
        if isinstance(one.decision, Send):
            step = sequence.step_by_id[one.decision.step]
            assert isinstance(step, EmailStep)
            yield one, step


@many
@given(LIVES)
def test_every_life_ends_and_time_never_goes_backwards(lived: Lived) -> None:
    _, life = lived

    assert isinstance(life[-1].decision, Finish)
    for one in life:
        match one.decision:
            case Wait(until=until):
                assert until is None or until > one.now
            case Move(at=at):
                assert at <= one.now
            case Finish(ending=Ending(at=at)):
                assert at <= one.now
                assert all(mail.at <= at for mail in one.after.mails)


@many
@given(LIVES)
def test_places_are_reached_one_after_the_other(lived: Lived) -> None:
    _, life = lived

    reached = [track.reached for one in life for track in one.after.tracks if track.name == MAIN]

    assert all(before <= after for before, after in pairwise(reached))


@many
@given(LIVES)
def test_the_timeline_tells_what_was_in_the_order_in_which_it_was(lived: Lived) -> None:
    _, life = lived

    told = [one.at for one in life[-1].after.timeline if one.what is not What.SENT]

    assert told == sorted(told)


@many
@given(LIVES, EVENTS)
def test_nothing_happens_after_an_ending(lived: Lived, late: Event) -> None:
    sequence, life = lived
    over = after_event(sequence, life[-1].after, late, life[-1].now)

    after = decide(sequence, over, LATE)

    assert isinstance(after, Finish)
    assert after.ending == over.ending == life[-1].after.ending
    assert ended(over, Ending(name="other", at=LATE)) is over


@many
@given(LIVES)
def test_nothing_is_sent_once_an_ending_has_happened(lived: Lived) -> None:
    sequence, life = lived

    for one, step in sends(sequence, life):
        for event in one.before.events:
            assert not isinstance(event, Blocked)
            assert not (isinstance(event, Bounce) and event.hard)
            assert not (isinstance(event, Control) and event.action == "exit")
            named = getattr(event, "name", "") == "booked"
            assert not (named and any(rule.name == "booked" for rule in sequence.exit_on))
            unwelcome = isinstance(event, Complaint | Unsubscribe) and not getattr(
                event, "topic", None
            )
            assert step.transactional or not unwelcome


@many
@given(LIVES)
def test_nothing_is_sent_while_paused_or_held_nor_marketing_out_of_turn(lived: Lived) -> None:
    sequence, life = lived

    for one, step in sends(sequence, life):
        assert all(stop.until and stop.until <= one.now for stop in one.before.stops)
        assert step.transactional or not has_lost_its_turn(one.before)


@many
@given(LIVES)
def test_marketing_mails_keep_to_the_window(lived: Lived) -> None:
    sequence, life = lived

    for one, step in sends(sequence, life):
        assert step.transactional or is_open(one.now, sequence.window, one.before.zone)


@many
@given(LIVES)
def test_marketing_mails_keep_their_distance_those_in_doubt_too(lived: Lived) -> None:
    sequence, life = lived

    mails = sorted(mail.at for mail in life[-1].after.mails if not mail.transactional)

    for earlier, after in pairwise(mails):
        zones = [one.before.zone for one in life]
        assert any(after >= later(earlier, sequence.min_gap, zone) for zone in zones)


@many
@given(LIVES)
def test_no_mail_of_a_place_goes_twice(lived: Lived) -> None:
    _, life = lived

    mails = [(mail.step, mail.occurrence) for mail in life[-1].after.mails]

    assert len(mails) == len(set(mails))
