"""What came of a mail, in the words of the ledger, of the workflow, and of Temporal's retries."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from temporalio.exceptions import ApplicationError

from activities.mailing.sendgrid import (
    Accepted,
    Ambiguous,
    Answer,
    NotAccepted,
    RateLimited,
    RefusedBy,
    SenderFault,
)
from schemas.ledger import SendState
from schemas.outcomes import Held, InDoubt, SendOutcome, Sent
from storage.rows import SendRow
from storage.sending.sends import Outcome

NOT_ACCEPTED: Final = "NotAccepted"
"""The type of the error that lets Temporal try again."""

NOT_YET: Final = "NotYet"
"""The type of the error that lets Temporal try again at a mail's turn, by the rates."""

STILL_POSTED: Final = "StillPosted"
"""The type of the error that lets Temporal ask again for what came of an earlier attempt."""

_SPREAD, _MILLISECOND = 5_000, timedelta(milliseconds=1)


def outcome_of(answer: Answer, subject: str, at: datetime) -> Outcome:
    """Give what is recorded of SendGrid's answer."""
    match answer:
        case Accepted():
            provider_id = answer.provider_id
            return Outcome(state="accepted", at=at, provider_id=provider_id, subject=subject)
        case NotAccepted() | RateLimited() | SenderFault():
            return Outcome(state="retry", at=at, reason=words_of(answer))
        case RefusedBy():
            return Outcome(state="refused", at=at, reason=words_of(answer))
        case Ambiguous():
            return Outcome(state="in_doubt", at=at, subject=subject, reason=answer.words)


def words_of(answer: NotAccepted | RateLimited | RefusedBy | SenderFault) -> str:
    """Give why SendGrid did not take a mail, as a person reads it."""
    if isinstance(answer, RateLimited):
        return "SendGrid asked for a pause: too many requests"
    if isinstance(answer, RefusedBy):
        return f"SendGrid refused this mail ({answer.status}): {answer.words}"
    return answer.words


def not_accepted(answer: NotAccepted | RateLimited, send: UUID) -> ApplicationError:
    """Make the error that lets Temporal try again, after a rate limit not before its reset.

    What waited for the same reset goes on spread over five seconds.
    """
    wait = None
    if isinstance(answer, RateLimited):
        wait = answer.wait + send.int % _SPREAD * _MILLISECOND
    return ApplicationError(words_of(answer), type=NOT_ACCEPTED, next_retry_delay=wait)


def still_posted(wait: timedelta) -> ApplicationError:
    """Make the error that lets Temporal ask again when whoever claimed a mail is surely done."""
    words = "another attempt may still be posting this mail"
    return ApplicationError(words, type=STILL_POSTED, next_retry_delay=wait)


def not_yet(wait: timedelta, why: str) -> ApplicationError:
    """Make the error that lets Temporal try again when the mail's turn has come."""
    return ApplicationError(why, type=NOT_YET, next_retry_delay=wait)


class Standing(NamedTuple):
    """Where a send stands, since when, and with which variant of the mail."""

    state: SendState
    send: UUID
    at: datetime
    reason: str | None = None
    arm: str | None = None


def told(standing: Standing) -> SendOutcome:
    """Tell the workflow where a send stands; what nobody knows, and never will, is in doubt."""
    match standing.state:
        case "accepted":
            return Sent(send=str(standing.send), at=standing.at, arm=standing.arm)
        case "refused":
            return Held(reason=standing.reason or "the mail was refused")
        case _:
            return InDoubt(send=str(standing.send), at=standing.at, from_now=True)


def told_of(row: SendRow) -> SendOutcome:
    """Tell the workflow of a send on record: at the moment at which it was claimed."""
    return told(Standing(row.state, row.id, row.claimed_at, row.reason, row.arm))
