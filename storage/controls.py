"""What operators commanded: who, when and why, each command once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from schemas.events import Control
from storage.rows import ControlRow, shaped
from storage.schema.tables import controls


def record(connection: Connection, row: UUID, control: Control, at: datetime) -> bool:
    """Record a command given to an enrollment, and tell whether it is a new one."""
    recorded = (
        insert(controls)
        .values(
            id=control.id,
            enrollment_id=row,
            action=control.action,
            who=control.who,
            why=control.why,
            at=at,
        )
        .on_conflict_do_nothing()
        .returning(controls.c.id)
    )
    return connection.scalar(recorded) is not None


def of_enrollment(connection: Connection, row: UUID) -> list[ControlRow]:
    """Give the commands given to an enrollment, in the order in which they came."""
    found = select(controls).where(controls.c.enrollment_id == row).order_by(controls.c.wall)
    return [shaped(ControlRow, one) for one in connection.execute(found).mappings()]
