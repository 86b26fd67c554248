"""The next progress after each thing that happens: pure, never a changed value."""

from datetime import datetime

from schemas.decisions import (
    Effect,
    HandOff,
    Hold,
    Look,
    Move,
    OpenTaskFor,
    Release,
)
from schemas.events import ContactChanged
from schemas.outcomes import (
    Enrolled,
    HandedOff,
    Looked,
    Refused,
)
from schemas.progress import (
    MAIN,
    Ending,
    Entry,
    OpenTask,
    Progress,
    Stop,
    Track,
    What,
)
from schemas.sequence import Sequence
from schemas.steps import SetStep, TaskStep
from schemas.values import Facts
from workflows.after.folding import after_event
from workflows.after.tracks import begun_beside, ended, occurrence_of, put_down, stepped
from workflows.deciding.endings import HANDED_OFF
from workflows.moments.days import first_day, first_moment


def begun(enrolled: Enrolled, key: str | None = None, values: Facts | None = None) -> Progress:
    """Give the progress of an enrollment that has just begun, at its first step or a later one."""
    step, first, why = enrolled.step, enrolled.sequence.first, enrolled.sequence.name
    return Progress(
        enrolled_at=enrolled.at,
        first_moment=first_moment(enrolled),
        first_day=first_day(enrolled.sequence, step),
        first_step=step,
        contact_id=enrolled.contact_id,
        held_out=enrolled.held_out,
        zone=enrolled.zone,
        key=key,
        contact=enrolled.contact,
        values=values or {},
        earlier=enrolled.earlier,
        tracks=(Track(name=MAIN, at=step or first, reached=enrolled.at),),
        last_marketing_at=enrolled.last_marketing_at,
        timeline=(
            Entry(at=enrolled.at, what=What.ENROLLED, why=f"{why}, at {step}" if step else why),
        ),
    )


def after_move(progress: Progress, move: Move) -> Progress:
    """Go on, by a decision that needed no act."""
    if move.reaction:
        changes = begun_beside(progress, move)
    else:
        changes = stepped(progress, move.track, move.to, move.at)
    if move.takes:
        changes["taken"] = (*progress.taken, move.takes)
    entry = Entry(
        at=move.at,
        what=move.what,
        step=move.step,
        why=move.why,
        occurrence=occurrence_of(move.track),
        grounds=move.grounds,
        to=move.to,
        skip=move.skip,
    )
    return put_down(progress, entry, **changes)


def after_task(
    sequence: Sequence, progress: Progress, opened: OpenTaskFor, now: datetime
) -> Progress:
    """Go on after a task was created: one that does not block is done with that."""
    step = sequence.step_by_id[opened.step]
    if isinstance(step, TaskStep) and not step.blocking:
        changes = stepped(progress, opened.track, step.next, now)
    else:
        task = OpenTask(step=opened.step, occurrence=opened.occurrence, at=now)
        changes = {"open_tasks": (*progress.open_tasks, task)}
    entry = _entry(now, What.TASK_OPENED, opened)
    return put_down(progress, entry, **changes)


def after_note(progress: Progress, decision: Move | Hold | Release) -> Progress:
    """Go on after a decision that only has to be put down."""
    if isinstance(decision, Move):
        return after_move(progress, decision)
    if isinstance(decision, Hold):
        return after_hold(progress, decision)
    return after_release(progress, decision)


def after_look(progress: Progress, look: Look, looked: Looked) -> Progress:
    """Keep what PostgreSQL answered for the condition that asked."""
    tracks = tuple(
        track.model_copy(update={"counts": looked.counts}) if track.name == look.track else track
        for track in progress.tracks
    )
    return progress.model_copy(update={"tracks": tracks})


def after_effect(sequence: Sequence, progress: Progress, effect: Effect, now: datetime) -> Progress:
    """Go on after a step that set, posted or told; what it set counts from now on."""
    step = sequence.step_by_id[effect.step]
    if isinstance(step, SetStep):
        mark = f"set.{step.id}.{effect.occurrence}"
        changed = ContactChanged(id=mark, at=now, facts=step.values)
        progress = after_event(sequence, progress, changed, now)
    on = stepped(progress, effect.track, step.next, now)
    entry = _entry(now, What.EFFECT, effect).model_copy(update={"to": step.next})
    return put_down(progress, entry, **on)


def after_hold(progress: Progress, hold: Hold) -> Progress:
    """Hold at a mail that has no date, or one that was past."""
    stop = Stop(
        kind="hold",
        since=hold.at,
        reason=hold.why,
        step=hold.step,
        occurrence=hold.occurrence,
        cause=hold.cause,
    )
    stops = (*progress.stops, stop)
    return put_down(progress, _entry(hold.at, What.HELD, hold), stops=stops)


def after_release(progress: Progress, release: Release) -> Progress:
    """Go on: the mail that held has a date ahead now."""
    over = {"until": release.at, "released": "value"}
    stops = tuple(
        stop.model_copy(update=over)
        if stop.until is None and (stop.step, stop.occurrence) == (release.step, release.occurrence)
        else stop
        for stop in progress.stops
    )
    return put_down(progress, _entry(release.at, What.RESUMED, release), stops=stops)


def after_hand_off(
    sequence: Sequence,
    progress: Progress,
    hand_off: HandOff,
    answer: HandedOff | Refused,
    now: datetime,
) -> Progress:
    """End as handed off, or go on by the step's other path if the other sequence refused."""
    if isinstance(answer, HandedOff):
        over = put_down(progress, _entry(now, What.HANDED_OFF, hand_off))
        return ended(over, Ending(name=HANDED_OFF, at=now))
    step = sequence.step_by_id[hand_off.step]
    to = getattr(step, "otherwise", None)
    entry = Entry(
        at=now,
        what=What.HAND_OFF_REFUSED,
        step=hand_off.step,
        why=answer.message,
        occurrence=occurrence_of(hand_off.track),
        to=to,
    )
    return put_down(progress, entry, **stepped(progress, hand_off.track, to, now))


def _entry(
    at: datetime, what: What, done: OpenTaskFor | HandOff | Effect | Hold | Release
) -> Entry:
    occurrence = occurrence_of(done.track)
    return Entry(at=at, what=what, step=done.step, why=done.why, occurrence=occurrence)
