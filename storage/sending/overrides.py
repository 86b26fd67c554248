"""Overrides: what a person wrote for one enrollment instead of a mail's own text."""

from uuid import UUID

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from schemas.values import Value
from storage.rows import Instant, shaped_or_none
from storage.schema.authored_tables import overrides


class Override(Value):
    """Another text, in Markdown, for the mail of one step; without `subject` that stays."""

    step: str
    subject: str | None = None
    body: str
    by: str
    at: Instant


def put(connection: Connection, row: UUID, override: Override) -> None:
    """Keep what is to be sent instead; what was kept before for this mail is replaced."""
    given = override.model_dump()
    entry = insert(overrides).values(enrollment_id=row, **given)
    again = entry.on_conflict_do_update(
        index_elements=["enrollment_id", "step"],
        set_={**{name: entry.excluded[name] for name in given}, "wall": func.now()},
    )
    connection.execute(again)


def of_step(connection: Connection, row: UUID, step: str) -> Override | None:
    """Give what is kept for the mail of a step."""
    found = select(overrides).where(overrides.c.enrollment_id == row, overrides.c.step == step)
    return shaped_or_none(Override, connection.execute(found).mappings().first())


def of_enrollment(connection: Connection, row: UUID) -> dict[str, Override]:
    """Give all that is kept for an enrollment, by step."""
    found = select(overrides).where(overrides.c.enrollment_id == row)
    kept = (Override.model_validate(dict(one)) for one in connection.execute(found).mappings())
    return {one.step: one for one in kept}


def remove(connection: Connection, row: UUID, step: str) -> bool:
    """Forget what is kept for the mail of a step, and tell whether there was anything."""
    gone = delete(overrides).where(overrides.c.enrollment_id == row, overrides.c.step == step)
    return connection.execute(gone).rowcount > 0
