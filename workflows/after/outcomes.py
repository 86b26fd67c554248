"""The next progress after each outcome of a send: pure, never a changed value."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from schemas.decisions import Send, Settle
from schemas.events import Blocked, Bounce, Complaint, Event, Unsubscribe
from schemas.matchers import StepId
from schemas.outcomes import (
    Behind,
    Braked,
    Deferred,
    Held,
    InDoubt,
    SendOutcome,
    Sent,
    Settled,
    Stopped,
    Suppressed,
)
from schemas.progress import Entry, Ground, Mail, Progress, Skip, Stop, What
from schemas.sequence import Sequence
from schemas.steps import EmailStep
from schemas.suppression import Reason
from workflows.after.deferring import after_deferral
from workflows.after.folding import after_event, paused
from workflows.after.tracks import ended, put_down, stepped


def after_send(
    sequence: Sequence, progress: Progress, send: Send, outcome: SendOutcome, now: datetime
) -> Progress:
    """Go on after what came of a send; a hold, a stop or a cap keeps the place."""
    if isinstance(outcome, Sent):
        mail = _mail(sequence, send, outcome)
        return _sent(sequence, progress, send, mail, outcome.at)
    if isinstance(outcome, Suppressed):
        return _suppressed(sequence, progress, send, outcome.reason, now)
    if isinstance(outcome, Behind):
        return _caught_up(sequence, progress, send, outcome, now)
    return _kept(sequence, progress, send, outcome, now)


def after_settle(
    sequence: Sequence, progress: Progress, settle: Settle, settled: Settled, now: datetime
) -> Progress:
    """Go on after a mail in doubt is settled: sent, or not sent, or to be sent again."""
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
    if settled.again:
        return put_down(cleared, _entry(now, What.SENT_AGAIN, mail, "in doubt, sent again"))
    on = stepped(cleared, settle.track, _next(sequence, mail.step), now)
    why = "in doubt, not sent again"
    return put_down(cleared, _done(sequence, _entry(now, What.SETTLED, mail, why)), **on)


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
    entry = _done(sequence, _entry(mail.at, What.SENT, send, send.why))
    return put_down(progress, entry, **changes)


def _caught_up(
    sequence: Sequence, progress: Progress, send: Send, behind: Behind, now: datetime
) -> Progress:
    caught_up = progress
    for event in behind.events:
        caught_up = after_event(sequence, caught_up, event, now)
    if caught_up != progress:
        return caught_up
    return _kept(sequence, progress, send, Held(reason=_UNSEEN), now)


def _kept(
    sequence: Sequence,
    progress: Progress,
    send: Send,
    outcome: Held | Stopped | InDoubt | Deferred | Braked,
    now: datetime,
) -> Progress:
    if isinstance(outcome, Deferred | Braked):
        return after_deferral(progress, send, outcome, now)
    if isinstance(outcome, Stopped):
        return _stopped(progress, send, outcome, now)
    if isinstance(outcome, InDoubt):
        mail = _mail(sequence, send, outcome)
        since = now if outcome.from_now else outcome.at
        mails = (*progress.doubts, mail.model_copy(update={"since": since}))
        why = "unknown if it went"
        return put_down(progress, _entry(outcome.at, What.IN_DOUBT, send, why), doubts=mails)
    why = outcome.reason
    stops = (*progress.stops, Stop(kind="hold", since=now, reason=why))
    return put_down(progress, _entry(now, What.HELD, send, why), stops=stops)


def _mail(sequence: Sequence, send: Send, went: Sent | InDoubt) -> Mail:
    step = sequence.step_by_id[send.step]
    return Mail(
        step=send.step,
        occurrence=send.occurrence,
        at=went.at,
        send=went.send,
        transactional=isinstance(step, EmailStep) and step.transactional,
        arm=went.arm if isinstance(went, Sent) else None,
    )


def _suppressed(
    sequence: Sequence, progress: Progress, send: Send, reason: Reason, now: datetime
) -> Progress:
    mark = f"suppression.{send.step}.{send.occurrence}"
    learned = after_event(sequence, progress, _EVENT_BY_REASON[reason](id=mark, at=now), now)
    on = stepped(learned, send.track, _next(sequence, send.step), now)
    why = f"suppressed: {reason}"
    ground = Ground(rule=24, words=f"the address is {why}, as the last look before sending found")
    skipped = _done(sequence, _entry(now, What.SKIPPED, send, why))
    grounds = (*skipped.grounds, ground)
    told = {"grounds": grounds, "skip": Skip.SUPPRESSED}
    return put_down(learned, skipped.model_copy(update=told), **on)


def _entry(at: datetime, what: What, about: Send | Mail, why: str) -> Entry:
    grounds = about.grounds if isinstance(about, Send) else ()
    return Entry(
        at=at,
        what=what,
        step=about.step,
        why=why,
        occurrence=about.occurrence,
        grounds=grounds,
    )


def _done(sequence: Sequence, entry: Entry) -> Entry:
    return entry.model_copy(update={"to": _next(sequence, entry.step or "")})


def _stopped(progress: Progress, send: Send, stopped: Stopped, now: datetime) -> Progress:
    if stopped.ending is not None:
        unheard = f"that was on record when {send.step} was to go"
        return ended(progress, stopped.ending, unheard)
    return paused(progress, stopped.at or now, stopped.who, stopped.why)


def _next(sequence: Sequence, step: StepId) -> StepId | None:
    return sequence.step_by_id[step].next


_UNSEEN = "a fact keeps this mail back that its enrollment does not know of: resume to try again"
_EVENT_BY_REASON: dict[Reason, Callable[..., Event]] = {
    Reason.UNSUBSCRIBED: Unsubscribe,
    Reason.COMPLAINED: Complaint,
    Reason.BOUNCED: Bounce,
    Reason.BLOCKED: Blocked,
    Reason.LEFT_COMPANY: partial(Blocked, reason="left_company"),
}
