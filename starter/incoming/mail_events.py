"""SendGrid's events come in: what each says about its send, whom it suppresses, whom it tells."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain

from sqlalchemy import Connection, Engine

from activities.telling import Telling
from inbound.events import MailEvent
from schemas.events import Bounce, Click, Complaint, Open, SendSettled, Unsubscribe
from schemas.ledger import shown
from schemas.suppression import SCOPE_BY_REASON, Reason, Suppression
from starter.breaking import Whose, judge
from starter.incoming.intake import Occurrence, everywhere, only_in, own_step, take_all
from starter.incoming.known_mails import Arrived, Known, known_all
from storage import deliveries, enrolled
from storage.events import NewEvent
from storage.people.addresses import exact_key
from storage.rows import SendRow
from storage.sending import sends
from storage.sending.many_sends import Noted, note_all
from storage.sending.sends import Fact

_FACT_BY_KIND: dict[str, Fact] = {
    "delivered": "delivered",
    "bounce": "bounced",
    "dropped": "dropped",
    "open": "opened",
    "click": "clicked",
    "spamreport": "complained",
    "unsubscribe": "unsubscribed",
    "group_unsubscribe": "unsubscribed",
}


def take_mail_events(engine: Engine, arrived: Iterable[Arrived]) -> int:
    """Take a batch in, all or nothing, and tell how many events were new.

    What it asks of PostgreSQL does not grow with the events that nobody has to be told of.
    """
    ordered = sorted(arrived, key=_turn)
    with engine.begin() as connection:
        all_known = known_all(connection, ordered)
        are_new = take_all(connection, [_occurrence(known) for known in all_known])
        new = [known for known, is_new in zip(all_known, are_new, strict=True) if is_new]
        _learn(connection, new)
        if new:
            grieved = chain.from_iterable(map(_grieves, new))
            judge(connection, grieved, max(known.at for known in new))
        return len(new)


def _grieves(known: Known) -> Iterator[Whose]:
    """Tell whose breaker the event may open."""
    event, send = known.event, known.send
    if send is None or not (event.is_hard_bounce or event.kind == "spamreport"):
        return
    yield "sequence", send.sequence
    if send.sender is not None:
        yield "sender", send.sender


def _turn(arrived: Arrived) -> tuple[str, datetime, str]:
    # In one order everywhere, so that two batches never wait for each other's rows; and what came
    # first goes first. Contacts are locked before, all at once.
    return arrived.event.email or "", arrived.at, arrived.event.natural_key


def _occurrence(known: Known) -> Occurrence:
    return Occurrence(record=_record(known), suppression=_suppression(known), tell=_telling(known))


def _record(known: Known) -> NewEvent:
    return NewEvent(
        source="sendgrid",
        natural_key=known.event.natural_key,
        provider_event_id=known.event.provider_event,
        kind=known.event.kind,
        contact_id=known.contact.id if known.contact else None,
        send_id=known.send.id if known.send else None,
        enrollment_id=known.send.enrollment_id if known.send else None,
        at=known.at,
        fields=known.event.item,
    )


def _suppression(known: Known) -> Suppression | None:
    reason = known.event.suppresses
    target = known.event.email or (known.contact.email if known.contact else None)
    if reason is None or target is None:
        return None
    scope = SCOPE_BY_REASON[reason]
    return Suppression(target=target, reason=reason, scope=scope, source="sendgrid", at=known.at)


def _telling(known: Known) -> Telling | None:
    reason = known.event.suppresses
    if reason is not None:
        return _TELLING_BY_REASON[reason](known) if _is_of_now(known, reason) else None
    tell = _TELLING_BY_KIND.get(known.event.kind)
    return None if tell is None or known.send is None else tell(known, known.send)


def _is_of_now(known: Known, reason: Reason) -> bool:
    # A bounce of an address that the contact has left says nothing about the new one.
    if reason is not Reason.BOUNCED or known.contact is None or known.event.email is None:
        return True
    return exact_key(known.contact.email) == exact_key(known.event.email)


def _bounced(known: Known) -> Telling:
    others = Bounce(id=known.id, at=known.at)
    if known.send is None:
        return everywhere(others)
    own = others.model_copy(update={"step": known.send.step})
    return own_step(known.send.enrollment_id, own, others)


_TELLING_BY_REASON: dict[Reason, Callable[[Known], Telling]] = {
    Reason.BOUNCED: _bounced,
    Reason.COMPLAINED: lambda known: everywhere(Complaint(id=known.id, at=known.at)),
    Reason.UNSUBSCRIBED: lambda known: everywhere(Unsubscribe(id=known.id, at=known.at)),
}


def _softly_bounced(known: Known, send: SendRow) -> Telling:
    event = Bounce(id=known.id, at=known.at, hard=False, step=send.step)
    return only_in(send.enrollment_id, event)


def _clicked(known: Known, send: SendRow) -> Telling | None:
    event = Click(id=known.id, at=known.at, step=send.step, url=known.event.url)
    return only_in(send.enrollment_id, event)


def _opened(known: Known, send: SendRow) -> Telling | None:
    if known.event.machine:
        return None
    return only_in(send.enrollment_id, Open(id=known.id, at=known.at, step=send.step))


_TELLING_BY_KIND: dict[str, Callable[[Known, SendRow], Telling | None]] = {
    "bounce": _softly_bounced,
    "click": _clicked,
    "open": _opened,
}


def _learn(connection: Connection, new: list[Known]) -> None:
    of_ours = [(known, known.send) for known in new if known.send is not None]
    note_all(
        connection,
        (Noted(send.id, fact, known.at) for known, send in of_ours for fact in _facts(known.event)),
    )
    for known, send in of_ours:
        is_told = known.event.send == send.id and known.event.shows_acceptance
        if is_told and send.state != "accepted":
            _settle(connection, known, send)


def _facts(event: MailEvent) -> Iterator[Fact]:
    fact = _FACT_BY_KIND.get(event.kind)
    if fact is not None and not event.machine:
        yield fact
    if event.is_hard_bounce:
        yield "hard_bounced"


def _settle(connection: Connection, known: Known, send: SendRow) -> None:
    # Its worker may be putting it in doubt at this moment.
    before = sends.held(connection, send.id)
    changed = sends.settle(connection, send.id, shown(known.at))
    # A claim that is still being posted gets its answer from SendGrid itself.
    if not changed or before is None or before.state == "claimed":
        return
    settled = SendSettled(id=f"settled.{send.id}", at=known.at, send=str(send.id), accepted=True)
    enrollment = enrolled.get(connection, send.enrollment_id)
    if enrollment.ended_at is None:
        deliveries.enqueue(connection, enrollment.workflow_id, settled)
