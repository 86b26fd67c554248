"""Opening tasks for people."""

from uuid import UUID

from sqlalchemy import Engine

from schemas.activities import TaskRequest
from storage import tasks
from storage.locks import lock
from storage.tasks import NewTask


def open_task(engine: Engine, request: TaskRequest) -> None:
    """Open a task once; none for an enrollment that has ended."""
    task = NewTask(
        row=UUID(request.row),
        step=request.step,
        occurrence=request.occurrence,
        task=request.task,
        blocking=request.blocking,
        opened_at=request.now,
        late_at=request.late_at,
    )
    with engine.begin() as connection:
        lock(connection, task.row)
        tasks.open_task(connection, task)
