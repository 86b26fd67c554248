"""Asking the project's rates, in the transaction of a mail's claim: it goes, or gets its turn."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from activities.mailing.capping import Wanted
from schemas.outcomes import Braked
from schemas.rates import Lane, Rate, Rates
from schemas.values import cut
from storage.sending import deferrals, lanes
from storage.sending.deferrals import DeferralRow
from storage.sending.lanes import Own
from workflows.sharing.capping import priority_of
from workflows.sharing.lanes import Ask, Turn, looked_up, turn_of

SENDER, DOMAIN = "sender", "domain"


class Soon(NamedTuple):
    """A mail's turn comes within the minute: after so long, and why not now."""

    wait: timedelta
    why: str


class Late(NamedTuple):
    """A mail that is over a rate: its turn in which line, and the place that it has already."""

    lane: str
    turn: Turn
    now: datetime
    own: Own | None


class _Line(NamedTuple):
    lane: Lane
    rate: Rate


def ask_rates(
    connection: Connection, wanted: Wanted, sender: str | None, *, urgent: bool
) -> Late | None:
    """Ask whether a mail that is claimed may go now, and if so put down that it goes.

    Whoever asks for the same sender or domain waits for this transaction. What is urgent goes
    before all others that wait.
    """
    if wanted.locked.rates is None:
        return None
    found = _rates(wanted, wanted.locked.rates, sender)
    if not found:
        lanes.leave(connection, wanted.mail, wanted.request.now)
        return None
    lines = [_Line(lane, found[lane.name]) for lane in lanes.hold(connection, list(found))]
    now = lanes.wall_now(connection)
    own = lanes.own_place(connection, wanted.mail)
    turns = [(line, _turn(connection, line, own, now, urgent=urgent)) for line in lines]
    last, turn = max(turns, key=lambda one: one[1].at)
    if turn.at > now:
        return Late(last.lane.name, turn, now, own)
    lanes.go(connection, [line.lane for line in lines], now)
    if own is not None:
        lanes.leave(connection, wanted.mail, wanted.request.now)
    return None


def line_up(connection: Connection, wanted: Wanted, late: Late, *, urgent: bool) -> Braked | Soon:
    """Reserve a mail its turn: the same place, if it had one, behind all others else."""
    request = wanted.request
    until = request.now + (cut(late.turn.at) - cut(late.now))
    row = DeferralRow(
        enrollment_id=UUID(request.row),
        step=request.step,
        occurrence=request.occurrence,
        contact_id=wanted.locked.contact.id,
        priority=priority_of(wanted.published.sequence),
        due_at=request.due,
        since_at=request.now,
        until_at=until,
        give_up_at=None,
        why=_words(late),
        lane=late.lane,
        place=lanes.new_place(connection) if late.own is None else late.own.place,
        lane_wall=late.turn.at,
        urgent=urgent,
    )
    asks = deferrals.put_off(connection, row)
    if late.turn.at - late.now <= _A_MINUTE:
        return Soon(late.turn.at - late.now, row.why)
    return Braked(since=row.since_at, until=until, why=row.why, asks=asks, reserved=True)


def _rates(wanted: Wanted, rates: Rates, sender: str | None) -> dict[str, Rate]:
    domain = wanted.locked.contact.email.rpartition("@")[2].lower()
    named = {f"{DOMAIN}:{domain}": rates.of_domain(domain)}
    if sender is not None:
        named[f"{SENDER}:{sender.lower()}"] = rates.of_sender(sender.lower())
    return {name: rate for name, rate in named.items() if rate is not None}


def _turn(
    connection: Connection, line: _Line, own: Own | None, now: datetime, *, urgent: bool
) -> Turn:
    lane, rate = line
    has_come = own is not None and own.lane == lane.name and own.until <= now
    place = None if own is None else own.place
    ahead = lanes.before(connection, lane.name, place, now, urgent=urgent)
    turn = _at(connection, line, Ask(lane, 0, now)) if has_come else None
    if turn is not None and turn.at <= now:
        return turn
    return _at(connection, _Line(lane, rate), Ask(lane, ahead, now))


def _at(connection: Connection, line: _Line, ask: Ask) -> Turn:
    numbers = looked_up(line.rate, ask)
    return turn_of(line.rate, ask, lanes.went(connection, line.lane.name, numbers))


def _words(late: Late) -> str:
    of, _, _ = late.lane.partition(":")
    return f"over the rate {_WHOSE[of]}, {late.turn.why}"


_A_MINUTE = timedelta(minutes=1)
_WHOSE = {SENDER: "of its sender", DOMAIN: "to its domain"}
