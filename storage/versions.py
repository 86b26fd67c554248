"""Published versions: immutable, named by their hash, and which one is the latest."""

from datetime import date, datetime

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql

from schemas.content import Content
from schemas.sequence import Sequence
from schemas.version import Version
from storage.entering import triggers
from storage.schema.authored_tables import publications, versions
from storage.schema.tables import enrollments


def publish(connection: Connection, version: Version, *, by: str, at: datetime) -> bool:
    """Make a version the latest of its sequence, and tell whether it was not so already.

    An old version that is published again is the latest again. From `at` on its triggers stand.
    """
    connection.execute(
        postgresql.insert(versions)
        .values(
            hash=version.hash,
            sequence=version.sequence.name,
            definition=version.sequence.model_dump(mode="json"),
            content=version.content.model_dump(mode="json"),
            holidays=_holidays_of(version),
        )
        .on_conflict_do_nothing()
    )
    newest = _newest(version.sequence.name).subquery()
    published = select(
        literal(version.hash),
        literal(version.sequence.name),
        literal(by),
        literal(at, publications.c.at.type),
    ).where(~exists().where(newest.c.version == version.hash))
    entry = insert(publications).from_select(["version", "sequence", "by", "at"], published)
    is_new = connection.scalar(entry.returning(publications.c.id)) is not None
    triggers.stand(connection, version, at)
    return is_new


def renew_holidays(connection: Connection, version: Version) -> None:
    """Put a version's holidays in the place of those kept, as far as these are others."""
    known = _holidays_of(version)
    where = (versions.c.hash == version.hash, versions.c.holidays != known)
    connection.execute(update(versions).where(*where).values(holidays=known))


def holidays(connection: Connection, version_hash: str, code: str) -> tuple[date, ...]:
    """Give the public holidays of a country, or of a part of one, as they are kept now."""
    kept = select(versions.c.holidays[code]).where(versions.c.hash == version_hash)
    return tuple(date.fromisoformat(day) for day in connection.scalar(kept) or ())


def latest(connection: Connection, sequence: str) -> Version | None:
    """Give the version of a sequence that was published last."""
    newest = _newest(sequence).scalar_subquery()
    return _version(
        connection.execute(select(versions).where(versions.c.hash == newest)).mappings().first()
    )


def latest_hash(connection: Connection, sequence: str) -> str | None:
    """Give the hash of that version, for whoever may have read it before."""
    return connection.scalar(_newest(sequence))


def get(connection: Connection, version_hash: str) -> Version | None:
    """Give the version with this hash."""
    found = select(versions).where(versions.c.hash == version_hash)
    return _version(connection.execute(found).mappings().first())


def sequences(connection: Connection) -> list[str]:
    """Give the names of all published sequences, in order."""
    return list(connection.scalars(select(versions.c.sequence).distinct().order_by("sequence")))


def living_in_others(connection: Connection, version: Version) -> int:
    """Count who is enrolled now in other versions of the sequence than this one."""
    counted = select(func.count()).where(
        enrollments.c.sequence == version.sequence.name,
        enrollments.c.version != version.hash,
        enrollments.c.ended_at.is_(None),
    )
    return connection.scalar(counted) or 0


def _holidays_of(version: Version) -> dict[str, list[str]]:
    return {code: [day.isoformat() for day in days] for code, days in version.holidays.items()}


def _newest(sequence: str) -> Select[str]:
    return (
        select(publications.c.version)
        .where(publications.c.sequence == sequence)
        .order_by(publications.c.id.desc())
        .limit(1)
    )


def _version(row: RowMapping | None) -> Version | None:
    if row is None:
        return None
    return Version(
        hash=row["hash"],
        sequence=Sequence.model_validate(row["definition"]),
        content=Content.model_validate(row["content"]),
        holidays=row["holidays"],
    )
