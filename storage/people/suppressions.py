"""Whom not to mail: entering it, and asking for it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, case, literal, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert

from schemas.suppression import Reason, Suppression
from storage.people.addresses import ascii_domain, canonical_key, domain_of, exact_key
from storage.rows import shaped
from storage.schema.tables import contacts, suppressions

_OF_THE_PERSON = (Reason.UNSUBSCRIBED, Reason.COMPLAINED, Reason.BLOCKED)
_GRAVEST_FIRST = (
    *(Reason.BLOCKED, Reason.BOUNCED, Reason.COMPLAINED, Reason.UNSUBSCRIBED),
    Reason.LEFT_COMPANY,
)
_CONTACT_COLUMN_BY_REACH = {
    "exact": contacts.c.email_key,
    "canonical": contacts.c.email_canonical,
    "domain": contacts.c.email_domain,
}


def suppress(connection: Connection, suppression: Suppression) -> bool:
    """Enter it, and tell whether that changed anything; a wider scope widens the one that stands.

    What it says of the person (unsubscribed, complained, blocked) reaches every spelling of the
    mailbox, what it says of the mailbox (bounced, left the company) that address only. Its
    contacts are locked first: their claims come wholly before, or see it.
    """
    reach, key = _reach(suppression)
    column = _CONTACT_COLUMN_BY_REACH[reach]
    connection.execute(
        select(contacts.c.id)
        .where(column == key)
        .order_by(contacts.c.id)
        .with_for_update(key_share=True)
    )
    entry = insert(suppressions).values(
        **suppression.model_dump(exclude={"target"}),
        target=_target(suppression),
        reaches=f"{reach}:{key}",
    )
    widened = entry.on_conflict_do_update(
        index_elements=["of", "target", "reason", "topic"],
        index_where=suppressions.c.released_at.is_(None),
        set_={"scope": "all"},
        where=(suppressions.c.scope == "marketing") & (entry.excluded.scope == "all"),
    )
    return connection.scalar(widened.returning(suppressions.c.id)) is not None


def missing(connection: Connection, wanted: Collection[Suppression]) -> list[Suppression]:
    """Give those of addresses of which none of the same reason stands.

    One that was released after the wanted one's own moment is not missing: they came back.
    """
    keys = {_target(one) for one in wanted}
    found = select(suppressions.c.target, suppressions.c.reason, suppressions.c.released_at).where(
        suppressions.c.of == "address",
        suppressions.c.target.in_(keys),
        suppressions.c.topic.is_(None),
    )
    kept = [(row.target, row.reason, row.released_at) for row in connection.execute(found)]
    standing = {(target, reason) for target, reason, released in kept if released is None}
    freed = {(target, reason): released for target, reason, released in kept if released}
    return [
        one
        for one in wanted
        for key in [(_target(one), one.reason.value)]
        if key not in standing and not (key in freed and freed[key] >= one.at)
    ]


def is_of_the_person(suppression: Suppression) -> bool:
    """Tell whether it stands against the person, and not against one mailbox of theirs."""
    return suppression.of == "address" and suppression.reason in _OF_THE_PERSON


def release(connection: Connection, standing: Suppression, *, by: str, at: datetime) -> bool:
    """Lift the one of the same target, reason and topic, and tell whether it stood.

    The row is kept, with who released it and when.
    """
    lifted = (
        update(suppressions)
        .where(
            suppressions.c.of == standing.of,
            suppressions.c.target == _target(standing),
            suppressions.c.reason == standing.reason,
            suppressions.c.topic.is_not_distinct_from(standing.topic),
            suppressions.c.released_at.is_(None),
        )
        .values(released_by=by, released_at=at)
    )
    return connection.execute(lifted).rowcount > 0


def applying(
    connection: Connection, email: str, *, transactional: bool, topic: str | None
) -> Reason | None:
    """Give the gravest reason why a mail of this kind and topic may not go to an address."""
    found = connection.scalar(
        stopping(
            exact=literal(exact_key(email)),
            canonical=literal(canonical_key(email)),
            domain=literal(domain_of(email)),
        ).where(reaches_mail(transactional=transactional, topic=topic))
    )
    return None if found is None else Reason(found)


def standing(connection: Connection, email: str) -> list[Suppression]:
    """Give all that stands against an address, the gravest first."""
    reasons = stopping(
        exact=literal(exact_key(email)),
        canonical=literal(canonical_key(email)),
        domain=literal(domain_of(email)),
    ).with_only_columns(suppressions)
    return [shaped(Suppression, row) for row in connection.execute(reasons).mappings()]


def carry(connection: Connection, *, old: str, new: str) -> None:
    """Enter for a contact's new address what stands against the person behind the old one."""
    for suppression in against_person(connection, old):
        suppress(connection, suppression.model_copy(update={"target": new}))


def against_person(connection: Connection, email: str) -> list[Suppression]:
    """Give what stands against the person behind an address, whatever address they use."""
    return [
        suppression for suppression in standing(connection, email) if is_of_the_person(suppression)
    ]


def stopping(
    *,
    exact: ColumnElement[str],
    canonical: ColumnElement[str],
    domain: ColumnElement[str],
) -> Select[str]:
    """Select the reasons that stand against the address with these keys, the gravest first."""
    keys = (
        literal("exact:") + exact,
        literal("canonical:") + canonical,
        literal("domain:") + domain,
    )
    gravity = {reason: rank for rank, reason in enumerate(_GRAVEST_FIRST)}
    return (
        select(suppressions.c.reason)
        .where(suppressions.c.released_at.is_(None), suppressions.c.reaches.in_(keys))
        .order_by(case(gravity, value=suppressions.c.reason), suppressions.c.at)
    )


def reaches_mail(
    *, transactional: bool, topic: str | ColumnElement[str] | None
) -> ColumnElement[bool]:
    """Tell whether a suppression stops a mail: by scope, and by topic if it has one."""
    kind = suppressions.c.scope == "all" if transactional else true()
    return kind & or_(suppressions.c.topic.is_(None), suppressions.c.topic == topic)


def _reach(suppression: Suppression) -> tuple[str, str]:
    if suppression.of == "domain":
        return "domain", _target(suppression)
    if suppression.reason in _OF_THE_PERSON:
        return "canonical", canonical_key(suppression.target)
    return "exact", _target(suppression)


def _target(suppression: Suppression) -> str:
    if suppression.of == "domain":
        return ascii_domain(suppression.target)
    return exact_key(suppression.target)
