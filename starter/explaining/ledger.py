"""The ledger's word on each mail, which goes before what its workflow has heard."""

from collections.abc import Iterable

from schemas.calendar import ZoneTable
from schemas.explained import Told
from schemas.values import cut
from storage.rows import SendRow
from workflows.moments.calendar import shown, shown_in


def corrected(steps: Iterable[Told], sends: Iterable[SendRow], zone: ZoneTable) -> tuple[Told, ...]:
    """Give the steps told by what the ledger of sends knows better: what was accepted, went."""
    ledger = {(send.step, send.occurrence): send for send in sends}
    return tuple(_corrected(told, ledger.get((told.step, told.occurrence)), zone) for told in steps)


def _corrected(told: Told, send: SendRow | None, zone: ZoneTable) -> Told:
    if send is None or told.fate == "sent":
        return told
    if send.state == "accepted":
        return _went(told, send, zone)
    if send.state in _OPEN and told.fate in _TO_COME:
        why = f"{told.why} It was handed to SendGrid, which has not accepted it: {send.state}."
        return told.model_copy(update={"why": why})
    return told


def _went(told: Told, send: SendRow, zone: ZoneTable) -> Told:
    at = cut(send.settled_at or send.claimed_at)
    why = f"It went: SendGrid accepted it on {shown_in(at, zone)} ({send.why})."
    if told.fate in _DOUBTFUL:
        why = f"{told.why} But SendGrid told later that it went."
    return told.model_copy(update={"fate": "sent", "at": at, "local": shown(at, zone), "why": why})


_OPEN = ("claimed", "retry", "refused")
_TO_COME = ("to_come", "to_skip", "waiting", "unknown")
_DOUBTFUL = ("in_doubt", "not_sent")
