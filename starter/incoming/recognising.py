"""Events that named somebody whom nobody knew: the contact's own as soon as there is one."""

from collections.abc import Collection

from sqlalchemy import Connection

from activities.telling import tell_all
from schemas.contact import Contact
from starter.incoming.hearing import suppression_by, telling_of
from storage.events import mark_of
from storage.people import identities, suppressions
from storage.people.identities import Recognised


def tell_recognised(connection: Connection, contact: Contact, also: Collection[str] = ()) -> int:
    """Give a contact the events that named it, or one of its keys, before it was known; count them.

    An opt-out among them holds from now on; live enrollments hear of what came in their own time.
    They start none: what happened before anybody knew whose it was lies in the past.
    """
    found = identities.recognise(connection, contact, also)
    for event in found:
        _heed(connection, contact, event)
    return len(found)


def _heed(connection: Connection, contact: Contact, event: Recognised) -> None:
    name = event.name or event.kind
    suppression = suppression_by(name, contact.email, "api", event.at)
    if suppression is not None:
        suppressions.suppress(connection, suppression)
    mark = mark_of(event.kind, event.natural_key)
    tell_all(connection, contact.id, event.at, telling_of(name, mark, event.at, event.fields))
