"""What is known of the mails that SendGrid tells of: which send each was, and whose contact."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from inbound.events import MailEvent
from schemas.contact import Contact
from storage.events import mark_of
from storage.people import batches
from storage.rows import SendRow
from storage.sending.many_sends import by_ids, by_provider_ids


class Arrived(NamedTuple):
    """An event and the moment that counts for it."""

    event: MailEvent
    at: datetime


class Known(NamedTuple):
    """An event, the send that it is of, and the contact, as far as they are known."""

    event: MailEvent
    at: datetime
    send: SendRow | None
    contact: Contact | None

    @property
    def id(self) -> str:
        """The event's id as enrollments know it."""
        return mark_of(self.event.kind, self.event.natural_key)


def known_all(connection: Connection, arrived: Sequence[Arrived]) -> list[Known]:
    """Find out of a whole batch, in a few statements, what its events are of."""
    found = _sends(connection, [one.event for one in arrived])
    pairs = list(zip(arrived, found, strict=True))
    of_sends = batches.contacts_now(connection, {send.contact_id for send in found if send})
    rest = {one.event.email for one, send in pairs if send is None and one.event.email}
    named = batches.contacts_named(connection, rest)
    return [
        Known(
            one.event,
            one.at,
            send,
            of_sends.get(send.contact_id) if send else named.get(one.event.email or ""),
        )
        for one, send in pairs
    ]


def _sends(connection: Connection, events: Sequence[MailEvent]) -> list[SendRow | None]:
    known = by_ids(connection, {event.send for event in events if event.send})
    rest = [event for event in events if event.send not in known]
    ids = {event.provider_id for event in rest if event.provider_id}
    by_provider = by_provider_ids(connection, ids)
    return [
        known.get(event.send) if event.send in known else by_provider.get(event.provider_id)
        for event in events
    ]
