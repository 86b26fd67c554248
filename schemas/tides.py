"""The tide: a mark that only rises, kept by PostgreSQL and known to whoever has worked with it."""

from uuid import UUID

from schemas.values import Value


class Tide(Value):
    """How high the mark stands, in the database of this lineage: a copy of it keeps the lineage."""

    lineage: UUID
    height: int


def has_ebbed(seen: Tide | None, now: Tide | None) -> bool:
    """Tell whether a database that showed `seen` before cannot show what it shows `now`.

    It only rises; so what was committed between the two is lost.
    """
    if seen is None:
        return False
    return now is None or now.lineage != seen.lineage or now.height < seen.height


def is_younger(known: Tide | None, now: Tide | None) -> bool:
    """Tell whether of one lineage somebody knew a higher mark than there is now.

    Another lineage is another database: a new one has lost nothing.
    """
    if known is None or now is None or known.lineage != now.lineage:
        return False
    return now.height < known.height
