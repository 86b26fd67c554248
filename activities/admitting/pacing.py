"""How many may enter a sequence a day: who enters now, and who has a place on a later day."""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple, Self

from sqlalchemy import Connection

from activities.admitting import moving_up
from activities.admitting.moving_up import day_at, midnight, most, place_on
from schemas.activities import BeginRequest
from schemas.contact import Contact
from schemas.outcomes import Refused, Waiting
from schemas.policies import Pace
from storage.entering import paces, places
from storage.entering.paces import Free
from storage.entering.places import NewPlace, Place
from storage.people.addresses import exact_key
from storage.rows import EnrollmentRow
from workflows.deciding.endings import STOPPED


class Paced(NamedTuple):
    """How many may enter by the latest version, and what tells it anew."""

    known: Pace | None
    latest: Callable[[], Pace | None]


class Entrance:
    """A start at the entrance of its sequence: let `contacts.lock` go before."""

    def __init__(
        self, connection: Connection, request: BeginRequest, pace: Paced, place: Place | None
    ) -> None:
        self._connection, self._request = connection, request
        self._pace, self._place = pace, place

    @classmethod
    def of(cls, connection: Connection, request: BeginRequest, pace: Paced) -> Self:
        """Give a start with the place that it has; those of earlier runs are given back."""
        own = None
        for place in _held(connection, request):
            if place.run_id == request.run_id:
                own = place
            else:
                moving_up.give_back(connection, place, "abandoned", request.now)
        return cls(connection, request, pace, own)

    @property
    def at(self) -> datetime | Waiting | Refused:
        """The enrollment's own moment (rule 1), unless its day is ahead or it was called off."""
        place, request = self._place, self._request
        own = request.start.at or request.now
        if place is not None and place.over == "withdrawn":
            return _called_off(place)
        if place is None or place.opens_at is None:
            return own
        is_ahead = place.opens_at > request.now
        return Waiting(until=place.opens_at, why=place.why) if is_ahead else place.opens_at

    def waits(self, contact: Contact) -> Waiting | None:
        """Take a place on the first day with room, unless it has one; tell if that is ahead."""
        if self._place is None and self._pace.known is not None:
            self._place = self._placed(self._pace.known, contact)
        at = self.at
        return at if isinstance(at, Waiting) else None

    def _placed(self, pace: Pace, contact: Contact) -> Place | None:
        request = self._request
        sequence = request.start.sequence
        # Whoever publishes another pace meanwhile waits, or has been waited for.
        if paces.hold(self._connection, sequence) is None:
            paces.lock(self._connection, sequence, pace)
        latest = self._pace.latest()
        moving_up.keep(self._connection, sequence, latest, request.now)
        return None if latest is None else _placed(self._connection, latest, request, contact)

    def passed(self, begun: EnrollmentRow | Refused) -> EnrollmentRow | Refused:
        """Record that the enrollment has begun, if it has."""
        if self._place is not None and isinstance(begun, EnrollmentRow):
            places.enter(self._connection, self._place, begun.enrolled_at)
        return begun


def refused(connection: Connection, request: BeginRequest) -> None:
    """Give back the place of a start that was refused, if it had one."""
    place = places.of_run(connection, request.workflow_id, request.run_id)
    if place is not None:
        moving_up.give_back(connection, place, "refused", request.now)


def _held(connection: Connection, request: BeginRequest) -> list[Place]:
    # Somebody may just be moving them up.
    if places.under(connection, request.workflow_id, request.run_id):
        paces.hold(connection, request.start.sequence)
    return places.under(connection, request.workflow_id, request.run_id)


def _called_off(place: Place) -> Refused:
    why = f": {place.over_why}" if place.over_why else ""
    message = f"{place.workflow_id} was called off by {place.over_by}{why}"
    return Refused(reason=place.over_as or STOPPED, message=message)


def _placed(connection: Connection, pace: Pace, request: BeginRequest, contact: Contact) -> Place:
    start, today = request.start, day_at(pace, request.now)
    owner = "" if contact.owner is None else exact_key(contact.owner.email)
    free = paces.first_free(connection, start.sequence, owner, today)
    new = NewPlace(
        workflow_id=request.workflow_id,
        run_id=request.run_id,
        sequence=start.sequence,
        contact_id=contact.id,
        key=start.key,
        source=start.source,
        owner=owner,
        day=free.day,
        opens_at=None if free.full is None else midnight(pace, free.day),
        asked_at=request.now,
        why=_why(start.sequence, pace, free, today),
    )
    return places.take(connection, new)


def _why(sequence: str, pace: Pace, free: Free, today: date) -> str:
    if free.full is None:
        return "there was room on the day of the request"
    may = most(pace, sequence, of_owner=free.full != paces.WHOLE)
    return f"{may}: {place_on(free.day, today)}"
