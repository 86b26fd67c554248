"""Mails that are over a cap wait: until when, and what becomes of them (language rule 29)."""

from datetime import datetime
from typing import NamedTuple

from schemas.decisions import Decision, Move, Send
from schemas.events import Room
from schemas.outcomes import Braked, Deferred
from schemas.progress import Deferral, Entry, Progress, Track, What
from workflows.after.tracks import occurrence_of, put_down
from workflows.deciding.facts import moment
from workflows.moments.calendar import shown


class Delay(NamedTuple):
    """From when on a mail may ask again, why it did not go, and when it is given up for what.

    `told` says why in full, whether that is to come or has been.
    """

    until: datetime
    why: str
    told: str
    give_up_at: datetime | None
    too_late: str


def after_deferral(
    progress: Progress, send: Send, deferred: Deferred | Braked, now: datetime
) -> Progress:
    """Put down that a mail waits; an answer that says nothing new adds no line."""
    deferral = Deferral(
        step=send.step,
        occurrence=send.occurrence,
        due=send.due,
        since=deferred.since,
        until=deferred.until,
        give_up_at=deferred.give_up_at if isinstance(deferred, Deferred) else None,
        why=deferred.why,
        asks=deferred.asks,
        shows=isinstance(deferred, Braked) and deferred.shows,
        reserved=isinstance(deferred, Braked) and deferred.reserved,
    )
    others = tuple(one for one in progress.deferrals if not _same(one, send.step, send.occurrence))
    known = [one for one in progress.deferrals if _same(one, send.step, send.occurrence)]
    changes: dict[str, object] = {"deferrals": (*others, deferral)}
    if any((one.until, one.why) == (deferral.until, deferral.why) for one in known):
        return progress.model_copy(update=changes)
    entry = Entry(
        at=now,
        what=What.DEFERRED,
        step=send.step,
        why=_told(progress, deferral),
        occurrence=send.occurrence,
        grounds=send.grounds,
    )
    return put_down(progress, entry, **changes)


def delay_of(progress: Progress, track: Track, due: datetime) -> Delay | None:
    """Give what the last ask for room says of a mail, as long as it is due at the same moment."""
    found = (
        one
        for one in progress.deferrals
        if one.due == due and _same(one, track.at or "", track.occurrence)
    )
    one = next(found, None)
    if one is None:
        return None
    since = shown(one.since, progress.zone)
    too_late = f"capped: {one.why}, and no room since {since}"
    room, is_braked = _room_for(progress, one), one.give_up_at is None
    if one.reserved:
        at = room or one.until
        return Delay(at, f"{one.why}, so at its turn", f"{one.why}, so in line", None, too_late)
    told = f"{one.why}, so {'kept back' if is_braked else 'put off to the first room'}"
    if room is not None:
        why = f"put off until {'it might go' if is_braked else 'there was room'}"
        return Delay(room, why, told, one.give_up_at, too_late)
    why = f"{one.why}, so when {'it may go' if is_braked else 'there is room'}"
    return Delay(one.until, why, told, one.give_up_at, too_late)


def braked(progress: Progress, step: str, occurrence: int) -> Deferral | None:
    """Give what keeps a mail back until somebody releases it, if a brake does."""
    found = (one for one in progress.deferrals if _same(one, step, occurrence))
    kept = (one for one in found if one.give_up_at is None and not one.reserved)
    return next((one for one in kept if not _room_for(progress, one)), None)


def left_by(progress: Progress, decision: Decision) -> Deferral | None:
    """Give what a mail that is skipped had reserved, if it had been put off."""
    if not isinstance(decision, Move) or decision.what is not What.SKIPPED:
        return None
    at, occurrence = decision.step or "", occurrence_of(decision.track)
    return next((one for one in progress.deferrals if _same(one, at, occurrence)), None)


def _same(one: Deferral, step: str, occurrence: int) -> bool:
    return (one.step, one.occurrence) == (step, occurrence)


def _room_for(progress: Progress, deferral: Deferral) -> datetime | None:
    found = (
        moment(event)
        for event in progress.events
        if isinstance(event, Room)
        and (event.step, event.occurrence) == (deferral.step, deferral.occurrence)
        and event.asks >= deferral.asks
    )
    return min(found, default=None)


def _told(progress: Progress, deferral: Deferral) -> str:
    if deferral.reserved:
        return f"{deferral.why}; its turn comes at {shown(deferral.until, progress.zone)}"
    if deferral.give_up_at is None:
        return deferral.why
    if deferral.until > deferral.give_up_at:
        until = shown(deferral.give_up_at, progress.zone)
        return f"{deferral.why}; there is no room until {until}, when it is given up"
    return f"{deferral.why}; the next room is {shown(deferral.until, progress.zone)}"
