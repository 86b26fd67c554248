"""The next progress after each thing that happens: pure, never a changed value."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from schemas.decisions import HandOff, Move, OpenTaskFor, Send, Settle
from schemas.events import Blocked, Bounce, Complaint, Event, Unsubscribe
from schemas.outcomes import (
    Enrolled,
    HandedOff,
    Held,
    InDoubt,
    Refused,
    SendOutcome,
    Sent,
    Settled,
    Stopped,
    Suppressed,
)
from schemas.progress import (
    MAIN,
    Ending,
    Entry,
    Mail,
    OpenTask,
    Progress,
    Stop,
    Track,
    What,
)
from schemas.sequence import EmailStep, Sequence, StepId, TaskStep
from schemas.suppression import Reason
from schemas.values import Facts
from workflows.calendar import day_moment, next_date_open, next_open
from workflows.endings import HANDED_OFF
from workflows.folding import after_event, paused
from workflows.tracks import begun_beside, noted, stepped


def begun(enrolled: Enrolled, key: str | None = None, values: Facts | None = None) -> Progress:
    """Give the progress of an enrollment that has just begun."""
    return Progress(
        enrolled_at=enrolled.at,
        first_moment=_first_moment(enrolled),
        zone=enrolled.zone,
        key=key,
        contact=enrolled.contact,
        values=values or {},
        earlier=enrolled.earlier,
        tracks=(Track(name=MAIN, at=enrolled.sequence.first, reached=enrolled.at),),
        last_marketing_at=enrolled.last_marketing_at,
        timeline=(Entry(at=enrolled.at, what=What.ENROLLED, why=enrolled.sequence.name),),
    )


def after_move(progress: Progress, move: Move) -> Progress:
    """Go on, by a decision that needed no act."""
    if move.reaction:
        changes = begun_beside(progress, move)
    else:
        changes = stepped(progress, move.track, move.to, move.at)
    if move.takes:
        changes["taken"] = (*progress.taken, move.takes)
    return noted(progress, move.at, move.what, move.step, move.why, **changes)


def after_send(
    sequence: Sequence, progress: Progress, send: Send, outcome: SendOutcome, now: datetime
) -> Progress:
    """Go on after what came of a send; a hold or a stop keeps the place."""
    if isinstance(outcome, Sent):
        mail = _mail(sequence, send, outcome.send, outcome.at)
        return _sent(sequence, progress, send, mail, outcome.at)
    if isinstance(outcome, Suppressed):
        return _suppressed(sequence, progress, send, outcome.reason, now)
    if isinstance(outcome, InDoubt):
        return _doubted(sequence, progress, send, outcome)
    return _kept(progress, send, outcome, now)


def after_settle(
    sequence: Sequence, progress: Progress, settle: Settle, settled: Settled, now: datetime
) -> Progress:
    """Go on after a mail in doubt is settled: sent, or not sent and not sent again."""
    mail = next(one for one in progress.doubts if one.send == settle.send)
    rest = tuple(one for one in progress.doubts if one.send != settle.send)
    cleared = progress.model_copy(update={"doubts": rest})
    if settled.accepted:
        send = Send(
            track=settle.track,
            step=mail.step,
            occurrence=mail.occurrence,
            due=mail.at,
            why=settle.why,
        )
        return _sent(sequence, cleared, send, mail, now)
    on = stepped(cleared, settle.track, _next(sequence, mail.step), now)
    return noted(cleared, now, What.SETTLED, mail.step, "in doubt, not sent again", **on)


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
    return noted(progress, now, What.TASK_OPENED, opened.step, opened.why, **changes)


def after_hand_off(
    sequence: Sequence,
    progress: Progress,
    hand_off: HandOff,
    answer: HandedOff | Refused,
    now: datetime,
) -> Progress:
    """End as handed off, or go on by the step's other path if the other sequence refused."""
    if isinstance(answer, HandedOff):
        over = noted(progress, now, What.HANDED_OFF, hand_off.step, hand_off.why)
        return ended(over, Ending(name=HANDED_OFF, at=now))
    step = sequence.step_by_id[hand_off.step]
    on = stepped(progress, hand_off.track, getattr(step, "otherwise", None), now)
    return noted(progress, now, What.HAND_OFF_REFUSED, hand_off.step, answer.message, **on)


def ended(progress: Progress, ending: Ending) -> Progress:
    """Put the ending down; the first one is never replaced."""
    if progress.ending is not None:
        return progress
    return noted(progress, ending.at, What.ENDED, None, ending.name, ending=ending)


def _first_moment(enrolled: Enrolled) -> datetime:
    sequence, zone = enrolled.sequence, enrolled.zone
    opens = next_open(enrolled.at, sequence.window, zone)
    fixed = (
        step.at_time for step in sequence.steps if isinstance(step, EmailStep) and step.day == 1
    )
    at_time = next(fixed, None)
    if at_time is not None and day_moment(opens, 1, at_time, zone) < enrolled.at:
        return next_date_open(opens, sequence.window, zone)
    return opens


def _sent(
    sequence: Sequence,
    progress: Progress,
    send: Send,
    mail: Mail,
    done_at: datetime,
) -> Progress:
    last = progress.last_marketing_at
    if not mail.transactional:
        last = max(mail.at, last or mail.at)
    changes = stepped(progress, send.track, _next(sequence, send.step), done_at)
    changes |= {"mails": (*progress.mails, mail), "last_marketing_at": last}
    return noted(progress, mail.at, What.SENT, send.step, send.why, **changes)


def _doubted(sequence: Sequence, progress: Progress, send: Send, doubt: InDoubt) -> Progress:
    mails = (*progress.doubts, _mail(sequence, send, doubt.send, doubt.at))
    why = "unknown if it went"
    return noted(progress, doubt.at, What.IN_DOUBT, send.step, why, doubts=mails)


def _kept(progress: Progress, send: Send, outcome: Held | Stopped, now: datetime) -> Progress:
    if isinstance(outcome, Stopped):
        return _stopped(progress, outcome, now)
    why = outcome.reason
    stops = (*progress.stops, Stop(kind="hold", since=now, reason=why))
    return noted(progress, now, What.HELD, send.step, why, stops=stops)


def _mail(sequence: Sequence, send: Send, mark: str, at: datetime) -> Mail:
    step = sequence.step_by_id[send.step]
    transactional = isinstance(step, EmailStep) and step.transactional
    return Mail(
        step=send.step, occurrence=send.occurrence, at=at, send=mark, transactional=transactional
    )


def _suppressed(
    sequence: Sequence, progress: Progress, send: Send, reason: Reason, now: datetime
) -> Progress:
    mark = f"suppression.{send.step}.{send.occurrence}"
    learned = after_event(sequence, progress, _EVENT_BY_REASON[reason](id=mark, at=now), now)
    on = stepped(learned, send.track, _next(sequence, send.step), now)
    return noted(learned, now, What.SKIPPED, send.step, f"suppressed: {reason}", **on)


def _stopped(progress: Progress, stopped: Stopped, now: datetime) -> Progress:
    if stopped.ending is not None:
        return ended(progress, stopped.ending)
    return paused(progress, stopped.at or now, stopped.who, stopped.why)


def _next(sequence: Sequence, step: StepId) -> StepId | None:
    return sequence.step_by_id[step].next


_EVENT_BY_REASON: dict[Reason, Callable[..., Event]] = {
    Reason.UNSUBSCRIBED: Unsubscribe,
    Reason.COMPLAINED: Complaint,
    Reason.BOUNCED: Bounce,
    Reason.BLOCKED: Blocked,
    Reason.LEFT_COMPANY: partial(Blocked, reason="left_company"),
}
