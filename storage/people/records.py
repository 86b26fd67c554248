"""Records: what the app knows of a contact per order or contract, say; each under its own id."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from schemas.values import Facts, Value
from storage.rows import shaped
from storage.schema.trigger_tables import records


class Record(Value):
    """A record of a contact."""

    contact_id: str
    id: str
    data: Facts


def put(connection: Connection, record: Record, at: datetime) -> None:
    """Keep a record, in the place of what it was before."""
    entry = insert(records).values(**record.model_dump(), at=at)
    connection.execute(
        entry.on_conflict_do_update(
            index_elements=["contact_id", "id"],
            set_={"data": entry.excluded.data, "at": entry.excluded.at},
        )
    )


def get(connection: Connection, contact_id: str, record: str) -> Record | None:
    """Give one."""
    found = select(records).where(records.c.contact_id == contact_id, records.c.id == record)
    row = connection.execute(found).mappings().first()
    return None if row is None else shaped(Record, row)


def remove(connection: Connection, contact_id: str, record: str) -> None:
    """Forget one."""
    mine = (records.c.contact_id == contact_id, records.c.id == record)
    connection.execute(delete(records).where(*mine))


def of_contacts(connection: Connection, contacts: Collection[str]) -> dict[str, list[Record]]:
    """Give those of some contacts, by contact, in order of their ids."""
    found = select(records).where(records.c.contact_id.in_(contacts)).order_by(records.c.id)
    by_contact: dict[str, list[Record]] = {}
    for row in connection.execute(found).mappings():
        by_contact.setdefault(row["contact_id"], []).append(shaped(Record, row))
    return by_contact
