"""What a mail that came back does: the record's kind, whom it suppresses, what it tells whom."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from activities.telling import Telling
from activities.zones import zone_name
from inbound.automatic import Author
from inbound.classifying.verdicts import Kind, Verdict
from schemas.contact import Contact
from schemas.events import (
    AutoReply,
    Blocked,
    Bounce,
    Complaint,
    Event,
    Reply,
    Unsubscribe,
)
from schemas.sequence import Sequence
from schemas.suppression import Reason
from starter.incoming.intake import everywhere, own_step
from storage.rows import LiveEnrollment, SendRow

_RECORDED: dict[Kind, str] = {
    Kind.HUMAN_REPLY: "reply",
    Kind.OUT_OF_OFFICE: "auto_reply",
    Kind.LEFT_COMPANY: "left_company",
    Kind.AUTO_ACK: "auto_ack",
    Kind.OPT_OUT: "unsubscribe",
    Kind.CALENDAR_REPLY: "calendar_reply",
}
_REPORT = "report"
_REASONS: dict[Kind, Reason] = {
    Kind.LEFT_COMPANY: Reason.LEFT_COMPANY,
    Kind.OPT_OUT: Reason.UNSUBSCRIBED,
    Kind.COMPLAINT: Reason.COMPLAINED,
    Kind.BOUNCE_HARD: Reason.BOUNCED,
}
# Whoever made these up would have to know one of our tokens.
_PROVEN = {Kind.COMPLAINT, Kind.BOUNCE_HARD, Kind.LEFT_COMPANY}
_SURE = 0.7


class Whose(NamedTuple):
    """A mail's event id and moment, the mail of ours that it answers, and its contact."""

    mark: str
    at: datetime
    send: SendRow | None
    contact: Contact | None


def kind_of(author: Author, verdict: Verdict, send: SendRow | None) -> Kind:
    """Give the kind that counts: in doubt the one that mails nobody on and suppresses nobody.

    A report by its form is one, whatever its words; what would suppress somebody must be sure, and
    a machine's must answer a mail of ours.
    """
    kind = verdict.kind
    if author is Author.REPORT and kind is Kind.HUMAN_REPLY:
        return Kind.READ_RECEIPT
    if kind is Kind.AUTO_ACK and verdict.confidence < _SURE:
        return Kind.OUT_OF_OFFICE
    if kind in _PROVEN and (send is None or verdict.confidence < _SURE):
        return Kind.OUT_OF_OFFICE if kind is Kind.LEFT_COMPANY else Kind.READ_RECEIPT
    return kind


def recorded_as(kind: Kind) -> str:
    """Give the name under which a mail of this kind goes on record."""
    return _RECORDED.get(kind, _REPORT)


def suppresses(kind: Kind) -> Reason | None:
    """Give why a mail of this kind suppresses its contact; None if it does not."""
    return _REASONS.get(kind)


def telling(kind: Kind, back: date | None, whose: Whose) -> Telling | None:
    """Give what the contact's enrollments are told; None if nobody is."""
    if kind is Kind.OUT_OF_OFFICE:
        return _away(back, whose)
    make = _TELLING.get(kind)
    return None if make is None else make(whose)


def _replied(whose: Whose) -> Telling:
    return _step_of_own(Reply(id=whose.mark, at=whose.at), whose.send)


def _bounced(whose: Whose) -> Telling:
    return _step_of_own(Bounce(id=whose.mark, at=whose.at), whose.send)


def _step_of_own(event: Reply | Bounce, send: SendRow | None) -> Telling:
    if send is None:
        return everywhere(event)
    return own_step(send.enrollment_id, event.model_copy(update={"step": send.step}), event)


def _away(back: date | None, whose: Whose) -> Telling:
    def tell(live: LiveEnrollment, sequence: Sequence) -> Event | None:
        until = _midnight(back, sequence, whose.contact)
        return everywhere(AutoReply(id=whose.mark, at=whose.at, until=until))(live, sequence)

    return tell


def _midnight(back: date | None, sequence: Sequence, contact: Contact | None) -> datetime | None:
    """Give the beginning of the first day back, in the enrollment's zone (language rule 27)."""
    if back is None or contact is None:
        return None
    return datetime.combine(back, time.min, ZoneInfo(zone_name(sequence, contact)))


_TELLING: dict[Kind, Callable[[Whose], Telling]] = {
    Kind.HUMAN_REPLY: _replied,
    Kind.BOUNCE_HARD: _bounced,
    Kind.LEFT_COMPANY: lambda whose: everywhere(
        Blocked(id=whose.mark, at=whose.at, reason="left_company")
    ),
    Kind.OPT_OUT: lambda whose: everywhere(Unsubscribe(id=whose.mark, at=whose.at)),
    Kind.COMPLAINT: lambda whose: everywhere(Complaint(id=whose.mark, at=whose.at)),
}
