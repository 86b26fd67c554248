"""Two contacts are found to be one person: from then on they are one, under all their names."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from activities.endings import put_down
from activities.sequences import sequences
from activities.telling import Telling, changed, tell_all
from activities.triggering.by_contact import ContactChange, enroll_by_contact
from activities.turns import settle_between
from schemas.contact import Contact, NewContact
from schemas.events import Blocked, Complaint, Control, Event, Unsubscribe
from schemas.outcomes import Refused
from schemas.progress import Ending
from schemas.suppression import Reason, Suppression
from schemas.values import Value, cut
from starter.incoming.hearing import telling_of
from starter.incoming.intake import everywhere
from starter.incoming.recognising import tell_recognised
from storage import deliveries, tasks
from storage.events import mark_of
from storage.people import contacts, identities, merging, suppressions
from storage.people.identities import Recognised
from storage.people.merging import Standing
from storage.sending import brakes
from workflows.deciding.endings import MERGED, rank_of


class Merger(Value):
    """The wish to make `other` the contact `keep`, each named by id, external key or address."""

    keep: str
    other: str
    by: str
    at: datetime


class Merged(Value):
    """They are one: how many enrollments go on under it, and which of two alike ended for it.

    What was done before is not `new` and changes nothing.
    """

    contact: str
    merged: str
    new: bool
    going_on: int = 0
    ended: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Pair:
    kept: Contact
    other: Contact
    live: tuple[Standing, ...] = ()


def merge_contacts(engine: Engine, wanted: Merger) -> Merged | Refused:
    """Merge two contacts in one transaction (language rule 33); a repeat changes nothing.

    What stands against the person under either address holds for both. Of two live enrollments of
    one sequence and key the one that has sent more goes on, else the earlier; the other ends as
    `merged`. All others go on under their workflow ids, and count for the kept contact.
    """
    with engine.begin() as connection:
        pair = _locked(connection, wanted)
        return _merge(connection, pair, wanted) if isinstance(pair, _Pair) else pair


def _locked(connection: Connection, wanted: Merger) -> _Pair | Merged | Refused:
    found = _found(connection, wanted)
    if not isinstance(found, _Pair):
        return found
    ids, emails = _both(found, "id"), _both(found, "email")
    with connection.begin_nested() as attempt:
        locked = contacts.lock_all(connection, ids, emails, for_good=True)
        again = _found(connection, wanted)
        if not isinstance(again, _Pair) or locked.issuperset(_both(again, "id")):
            return again
        # Somebody merged or moved one of them before the locks were ours: whoever kept these and
        # asked for others would wait in a circle.
        attempt.rollback()
    return _locked(connection, wanted)


def _both(pair: _Pair, name: str) -> list[str]:
    return [getattr(pair.kept, name), getattr(pair.other, name)]


def _found(connection: Connection, wanted: Merger) -> _Pair | Merged | Refused:
    kept = contacts.find(connection, wanted.keep)
    other = contacts.find(connection, wanted.other)
    if kept is None or other is None:
        return UNKNOWN_KEPT if kept is None else UNKNOWN_OTHER
    if kept.id != other.id:
        return _Pair(kept, other)
    former = identities.former_named(connection, kept.id, wanted.other)
    return SAME if former is None else Merged(contact=kept.id, merged=former, new=False)


def _merge(connection: Connection, pair: _Pair, wanted: Merger) -> Merged:
    kept, other, at = pair.kept, pair.other, wanted.at
    # Before the mails that wait: a release locks the brake first, too.
    brakes.move(connection, other.id, kept.id, wanted.by)
    live = merging.live_of_both(connection, kept.id, other.id)
    pair = replace(pair, live=tuple(live))
    losers = _losers(live, kept.id)
    for loser in losers:
        _end(connection, loser, wanted)
    told = _happened(connection, pair)
    against = {one.id: suppressions.against_person(connection, one.email) for one in (kept, other)}
    settle_between(connection, kept.id, other.id, cut(at))
    merging.move(connection, other, kept.id, wanted.by, at)
    after = contacts.change(connection, kept.id, _filled(kept, other))
    if not isinstance(after, Contact):
        raise TypeError("A merged contact's own address and key are somebody else's.")
    _hold_for_both(connection, pair, against, at)
    _tell_changes(connection, pair, after, at)
    _tell_happened(connection, pair, told)
    tell_recognised(connection, after)
    cause = f"merged.{other.id}"
    enroll_by_contact(connection, ContactChange(kept, after, at, cause, inherits=True))
    return Merged(
        contact=kept.id,
        merged=other.id,
        new=True,
        going_on=len(live) - len(losers),
        ended=tuple(loser.workflow_id for loser in losers),
    )


def _losers(live: Iterable[Standing], kept: str) -> list[Standing]:
    ranked = sorted(live, key=lambda one: (-one.mails, one.enrolled_at, one.contact_id != kept))
    best = {(one.sequence, one.key): one for one in reversed(ranked)}
    return [one for one in ranked if best[one.sequence, one.key] is not one]


def _end(connection: Connection, loser: Standing, wanted: Merger) -> None:
    sequence = sequences().get(connection, loser.version)
    if sequence is None:
        raise LookupError(f"There is no version {loser.version}.")
    at = max(cut(wanted.at), loser.enrolled_at)
    ending = Ending(name=MERGED, at=at)
    put_down(connection, loser.id, ending, rank_of(sequence, MERGED))
    tasks.close_of(connection, loser.id)
    told = Control(
        id=f"merged.{loser.contact_id}.{loser.id}",
        at=at,
        action="exit",
        who=wanted.by,
        why="the contact was found to be another one, who is in the sequence already",
        ending=MERGED,
    )
    deliveries.enqueue(connection, loser.workflow_id, told)


def _filled(kept: Contact, other: Contact) -> NewContact:
    names = ("external_key", "first_name", "last_name", "company", "timezone", "owner")
    missing = {name: getattr(other, name) for name in names if getattr(kept, name) is None}
    attributes = {
        name: value for name, value in other.attributes.items() if name not in kept.attributes
    }
    return NewContact(email=kept.email, attributes=attributes, **missing)


def _hold_for_both(
    connection: Connection, pair: _Pair, against: dict[str, list[Suppression]], at: datetime
) -> None:
    """Enter for each address what stood against the other's, and tell those it is new to."""
    for source, target in ((pair.other, pair.kept), (pair.kept, pair.other)):
        for suppression in against[source.id]:
            held = suppression.model_copy(update={"target": target.email})
            if suppressions.suppress(connection, held):
                event = _opted_out(suppression, cut(at))
                tell = _only_of(pair.live, target.id, everywhere(event))
                tell_all(connection, pair.kept.id, at, tell)


def _tell_changes(connection: Connection, pair: _Pair, after: Contact, at: datetime) -> None:
    mark = f"contact_changed.{at.astimezone(UTC):%Y%m%dT%H%M%S.%f}.{pair.other.id}"
    for before in (pair.kept, pair.other):
        tell = _only_of(pair.live, before.id, changed(before, after, at, mark))
        tell_all(connection, after.id, at, tell)


def _happened(connection: Connection, pair: _Pair) -> dict[str, list[Recognised]]:
    """Give, for the enrollments of each, what the other did since the first of them began."""
    told: dict[str, list[Recognised]] = {}
    for mine, theirs in ((pair.kept, pair.other), (pair.other, pair.kept)):
        begun = [one.enrolled_at for one in pair.live if one.contact_id == mine.id]
        if begun:
            told[mine.id] = merging.happened_since(connection, theirs.id, min(begun))
    return told


def _tell_happened(connection: Connection, pair: _Pair, told: dict[str, list[Recognised]]) -> None:
    for contact, happened in told.items():
        for event in happened:
            mark = mark_of(event.kind, event.natural_key)
            tell = telling_of(event.name or event.kind, mark, event.at, event.fields)
            of_its_time = [one for one in pair.live if one.enrolled_at <= event.at]
            tell = _only_of(of_its_time, contact, tell)
            tell_all(connection, pair.kept.id, event.at, tell)


def _only_of(live: Iterable[Standing], contact: str, tell: Telling) -> Telling:
    """Tell those alone that were this contact's."""
    own = {one.id for one in live if one.contact_id == contact}
    return lambda one, sequence: tell(one, sequence) if one.id in own else None


def _opted_out(suppression: Suppression, at: datetime) -> Event:
    mark = f"merged.{suppression.reason}.{suppression.topic or ''}.{at:%Y%m%dT%H%M}"
    match suppression.reason:
        case Reason.UNSUBSCRIBED:
            return Unsubscribe(id=mark, at=at, topic=suppression.topic)
        case Reason.COMPLAINED:
            return Complaint(id=mark, at=at)
        case _:
            return Blocked(id=mark, at=at)


UNKNOWN_KEPT = Refused(
    reason="unknown_contact",
    message="no contact has the first id, external key or address: name one to keep",
)
UNKNOWN_OTHER = Refused(
    reason="unknown_contact",
    message="no contact has the second id, external key or address: name one to merge",
)
SAME = Refused(
    reason="same_contact", message="both name one and the same contact: name two to merge"
)
