"""Asking the project's caps, in the transaction of a mail's claim (language rule 29)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from activities.holidays import with_kept_holidays
from activities.published import Published
from activities.zones import UNIVERSAL, zone_name, zone_table
from schemas.activities import SendRequest
from schemas.outcomes import Deferred
from storage import enrolled
from storage.locks import Locked
from storage.sending import caps, deferrals
from storage.sending.deferrals import DeferralRow, MailId
from workflows.sharing.capping import (
    Ask,
    Place,
    Reserved,
    Traffic,
    has_room,
    opener,
    priority_of,
    put_off,
)


@dataclass(frozen=True)
class Wanted:
    """A marketing mail that would go, its contact and enrollment being locked."""

    request: SendRequest
    locked: Locked
    published: Published

    @property
    def mail(self) -> MailId:
        """Name the mail."""
        return MailId(UUID(self.request.row), self.request.step, self.request.occurrence)


@dataclass(frozen=True)
class Asked:
    """What the caps say of a mail: `deferred` if it has no room; whether it waited for some."""

    wanted: Wanted
    place: Place
    deferred: Deferred | None
    waited: bool

    def settled(self, connection: Connection) -> Deferred | None:
        """Put the mail off, or put down that it goes and waits no longer, if it did."""
        if self.deferred is None:
            if self.waited:
                deferrals.over(connection, self.wanted.mail, self.wanted.request.now)
            return None
        asks = deferrals.put_off(connection, self._row(self.deferred))
        return self.deferred.model_copy(update={"asks": asks})

    def left(self, connection: Connection) -> None:
        """Leave to others what the mail had reserved: it is skipped."""
        if self.waited:
            deferrals.leave(connection, self.wanted.mail, self.wanted.request.now)

    def _row(self, deferred: Deferred) -> DeferralRow:
        mail, place = self.wanted.mail, self.place
        return DeferralRow(
            enrollment_id=mail.row,
            step=mail.step,
            occurrence=mail.occurrence,
            contact_id=self.wanted.locked.contact.id,
            priority=place.priority,
            due_at=place.due,
            since_at=deferred.since,
            until_at=deferred.until,
            give_up_at=deferred.give_up_at,
            why=deferred.why,
        )


def ask_caps(connection: Connection, wanted: Wanted) -> Asked | None:
    """Ask whether a mail has room; None if there are no caps."""
    rules, request = wanted.locked.caps, wanted.request
    if rules is None:
        return None
    found = deferrals.traffic_of(connection, wanted.locked.contact.id, wanted.mail, request.now)
    place, traffic = _place(wanted, None), Traffic(found.gone)
    if not found.some_wait and has_room(rules, traffic, place, request.now):
        return Asked(wanted, place, None, waited=False)
    return _ask_held(connection, wanted, traffic)


def _ask_held(connection: Connection, wanted: Wanted, alone: Traffic) -> Asked | None:
    """Ask by the caps that nobody replaces meanwhile, unseen by what they put off."""
    rules = caps.hold(connection)
    if rules is None:
        return None
    waiting = deferrals.waiting_of(connection, wanted.locked.contact.id)
    own = next((one for one in waiting if one.mail == wanted.mail), None)
    place = _place(wanted, own)
    others = tuple(_reserved(one) for one in waiting if one is not own)
    traffic = alone._replace(waiting=others)
    deferred = None
    if not has_room(rules, traffic, place, wanted.request.now):
        deferred = put_off(rules, traffic, _ask(connection, wanted, place))
    return Asked(wanted, place, deferred, waited=own is not None)


def _place(wanted: Wanted, own: DeferralRow | None) -> Place:
    request, mail = wanted.request, wanted.mail
    # A mail whose due moment has moved since waits anew.
    waits_on = own is not None and own.due_at == request.due
    since = own.since_at if own and waits_on else request.now
    return Place(priority_of(wanted.published.sequence), request.due, since, _mark(mail))


def _ask(connection: Connection, wanted: Wanted, place: Place) -> Ask:
    contact, sequence = wanted.locked.contact, wanted.published.sequence
    row = enrolled.get(connection, wanted.mail.row)
    zone = zone_table(zone_name(sequence, contact), UNIVERSAL, row.enrolled_at)
    closed = with_kept_holidays(connection, row, sequence, contact.facts())
    return Ask(place, wanted.request.now, zone, opener(closed, wanted.mail.step, contact.id, zone))


def _reserved(row: DeferralRow) -> Reserved:
    place = Place(row.priority, row.due_at, row.since_at, _mark(row.mail))
    return Reserved(place, row.until_at, row.give_up_at or row.until_at)


def _mark(mail: MailId) -> str:
    return f"{mail.row} {mail.step} {mail.occurrence}"
