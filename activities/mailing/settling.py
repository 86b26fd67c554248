"""Settling a mail in doubt for good."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection, Engine
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.mailing.feed import AskLater, Feed, Listed, Unlisted
from schemas.activities import SettleRequest
from schemas.ledger import Verdict, given_up, logged, sent_again
from schemas.outcomes import Settled
from storage.people import contacts
from storage.rows import SendRow
from storage.sending import deferrals, sends

TRIES = 8
"""How often SendGrid's feed is asked for a mail; then it counts as one that says nothing."""

_SPREAD, _SECOND = 300, timedelta(seconds=1)


def settle(engine: Engine, request: SettleRequest, feed: Feed | None = None) -> Settled:
    """Settle a mail in doubt: it went if SendGrid has told of it, else it counts as not sent.

    Where there is a feed, it is asked first. What did not go is not sent again, unless the request
    wants it so and it was not before. Whoever was posting it is surely done (see POST_OVER in
    claiming). Raises ApplicationError, for Temporal to try again, if the feed cannot say it now.
    """
    send = UUID(request.send)
    with engine.connect() as connection:
        row = sends.get(connection, send)
    seen = None if row is None or feed is None else _in_feed(row, feed)
    if row is None:
        return Settled(accepted=False)
    with engine.begin() as connection:
        contacts.lock(connection, row.contact_id)
        _settle(connection, row, _verdict(connection, request, row, seen))
        row = sends.get(connection, send) or row
    # Asked a second time, it answers as the first.
    return Settled(accepted=row.state == "accepted", again=row.state == "retry")


def _in_feed(row: SendRow, feed: Feed) -> Listed | Unlisted | None:
    if row.state != "in_doubt":
        return None
    seen = feed.look_up(row.id)
    if not isinstance(seen, AskLater):
        return seen
    if activity.in_activity() and activity.info().attempt >= TRIES:
        return Unlisted(words=seen.words)
    wait = None if seen.wait is None else seen.wait + row.id.int % _SPREAD * _SECOND
    raise ApplicationError(seen.words, type="FeedBusy", next_retry_delay=wait)


def _verdict(
    connection: Connection, request: SettleRequest, row: SendRow, seen: Listed | Unlisted | None
) -> Verdict:
    at = request.now
    if isinstance(seen, Listed):
        return logged(at, seen.words)
    told = None if seen is None else f"{row.reason}; {seen.words}"
    if request.resend and not sends.was_sent_again(connection, row.id):
        return sent_again(at, told)
    return given_up(at, told)


def _settle(connection: Connection, row: SendRow, verdict: Verdict) -> None:
    if sends.settle(connection, row.id, verdict) and verdict.state == "not_sent":
        # What did not go takes no room of a cap.
        deferrals.wake(connection, row.contact_id, verdict.at)
