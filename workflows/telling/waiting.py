"""What an enrollment waits for or is kept by, and what a person must do about it."""

from collections.abc import Iterator
from datetime import datetime

from schemas.calendar import ZoneTable
from schemas.ids import enrollment_id
from schemas.policies import Suppressor
from schemas.progress import Deferral, Progress, Stop
from schemas.sequence import Sequence
from schemas.steps import AnyStep, EmailStep, TaskStep
from workflows.after.tracks import was_sent_again
from workflows.deciding.endings import HOLDOUT, marketing_ending
from workflows.deciding.mailing import doubted_until
from workflows.deciding.stops import stops
from workflows.moments.calendar import shown_in
from workflows.moments.intervals import Interval
from workflows.telling.places import Places, told_at


def waits_of(
    sequence: Sequence, progress: Progress, places: Places, now: datetime
) -> Iterator[str]:
    """Say each thing that it waits for or that keeps it, those first that need a person."""
    name = enrollment_id(sequence.name, progress.contact_id or "CONTACT", progress.key)
    for stop in progress.stops:
        if stop.until is None:
            yield _stopped(sequence, stop, name, progress.zone)
    yield from _tasks(progress, places)
    for interval in stops(sequence, progress):
        if interval.kind not in _ORDERED and _lasts(interval, now):
            yield _kept(sequence, interval, progress.zone)
    yield from _put_off(progress)
    yield from _doubts(sequence, progress)
    yield from _unwelcome(sequence, progress)
    yield from _places(sequence, progress, places)


def _stopped(sequence: Sequence, stop: Stop, name: str, zone: ZoneTable) -> str:
    since = shown_in(stop.since, zone)
    if stop.kind == "pause":
        why = f": {stop.reason}" if stop.reason else ""
        told = f"Paused by {stop.who or 'somebody'} since {since}{why}."
        return f"{told} No mail goes until postroad resume {name} lets it go on."
    told = f"Held since {since}: {stop.reason}."
    if stop.cause is None:
        return f"{told} A person must mend that; then postroad resume {name} lets it go on."
    return f"{told} {_dated(sequence, stop, name)}"


def _dated(sequence: Sequence, stop: Stop, name: str) -> str:
    step = sequence.step_by_id.get(stop.step or "")
    anchor = step.at.anchor if isinstance(step, EmailStep) and step.at else None
    date = "" if anchor is None else anchor.path
    give = f"giving the contact the date {date} lets it go on"
    if anchor is not None and anchor.of == "data":
        give = f"postroad change {name} {date}=YYYY-MM-DD gives it a date"
    resume = f"; postroad resume {name} sends it now" if stop.cause == "past" else ""
    return f"A person must decide: {give}{resume}; postroad skip {name} gives this mail up."


def _tasks(progress: Progress, places: Places) -> Iterator[str]:
    for task in progress.open_tasks:
        place = places.get((task.step, task.occurrence))
        if place is not None and isinstance(place.step, TaskStep):
            since = shown_in(task.at, progress.zone)
            until = place.until and f", by {shown_in(place.until, progress.zone)} at the latest"
            yield (
                f"A person must do the task {place.step.task}, open since {since}{until or ''}: "
                "postroad tasks list shows its id, and postroad tasks done ID records it."
            )


def _places(sequence: Sequence, progress: Progress, places: Places) -> Iterator[str]:
    """Say where it waits for anything that has not been told."""
    told = {(one.step, one.occurrence) for one in progress.deferrals}
    told |= {(doubt.step, doubt.occurrence) for doubt in progress.doubts}
    wants_none = marketing_ending(sequence, progress) is not None
    for at, place in places.items():
        if at not in told and place.stop is None and not _is_told(place.step, unwanted=wants_none):
            yield f"{at[0]} {told_at(place, progress.zone)}."


def _is_told(step: AnyStep, *, unwanted: bool) -> bool:
    is_unwanted = isinstance(step, EmailStep) and unwanted and not step.transactional
    return isinstance(step, TaskStep) or is_unwanted


def _lasts(interval: Interval, now: datetime) -> bool:
    return interval.since <= now and (interval.until is None or now < interval.until)


def _kept(sequence: Sequence, interval: Interval, zone: ZoneTable) -> str:
    since = shown_in(interval.since, zone)
    if interval.kind == "away" and interval.until is not None:
        until = shown_in(interval.until, zone)
        return (
            f"The contact is away, by an automatic answer of {since}: no marketing mail goes "
            f"until {until} (rule 27)."
        )
    fact = sequence.suppress_while
    if interval.kind == "suppressed" and fact is not None:
        return f"No mail goes while {fact.fact}, since {since}: {_closes(fact)} (rule 30)."
    if interval.kind == "turn":
        return (
            f"Another sequence has the contact since {since}: {interval.why} (rule 28). It goes on "
            "by itself when that one is done with the contact."
        )
    return f"{interval.why[:1].upper()}{interval.why[1:]}, since {since}."


def _closes(fact: Suppressor) -> str:
    return f"it is over with the event {' or '.join(fact.closes)} of the same {fact.id}"


def _put_off(progress: Progress) -> Iterator[str]:
    gone = {(mail.step, mail.occurrence) for mail in progress.mails}
    here = {(track.at, track.occurrence) for track in progress.tracks}
    for one in progress.deferrals:
        if (one.step, one.occurrence) in here - gone:
            yield _waits_for_room(progress, one)


def _waits_for_room(progress: Progress, one: Deferral) -> str:
    if one.reserved:
        turn = shown_in(one.until, progress.zone)
        return f"{one.step} waits in line: {one.why}. Its turn comes on {turn}."
    if one.give_up_at is None:
        since = shown_in(one.since, progress.zone)
        return f"{one.step} is kept back since {since}: {one.why}. It goes when that is released."
    until, last = (shown_in(at, progress.zone) for at in (one.until, one.give_up_at))
    kept = f"room is kept for it on {until}, or sooner if"
    if one.until > one.give_up_at:
        kept = "no room comes in time, unless"
    return (
        f"{one.step} is put off: {one.why}; {kept} another mail gives up its room. "
        f"If it has not gone by {last}, it is skipped (rule 29)."
    )


def _doubts(sequence: Sequence, progress: Progress) -> Iterator[str]:
    for doubt in progress.doubts:
        again = sequence.if_in_doubt == "resend" and not was_sent_again(progress, doubt)
        then = "is sent again, once" if again else "counts as not sent, and is not sent again"
        until = shown_in(doubted_until(doubt), progress.zone)
        yield (
            f"Nobody knows if {doubt.step} went: SendGrid did not answer. If it tells nothing by "
            f"{until}, the mail {then}."
        )


def _unwelcome(sequence: Sequence, progress: Progress) -> Iterator[str]:
    ended = marketing_ending(sequence, progress)
    if ended is None:
        return
    if ended.name == HOLDOUT:
        yield f"The contact is one of the {sequence.holdout / 100:g} % held out: no marketing goes."
        return
    since = shown_in(ended.at, progress.zone)
    yield f"The contact has {ended.name} on {since}: only transactional mails go (rule 24)."


_ORDERED = ("pause", "hold")
