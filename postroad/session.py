"""One command's work on servers: settings read, connections opened and closed around it."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text
from typing_extensions import override

from postroad.printing import refuse
from runtime.clock import wall_now
from runtime.session import Session, in_session
from runtime.settings import load_settings
from starter.watching import Watch

Answer = TypeVar("Answer")

_AHEAD = timedelta(minutes=5)


def run(work: Callable[[Session], Awaitable[Answer]]) -> Answer:
    """Do `work` with connections as the settings say."""
    return in_session(load_settings(), work)


def refuse_ahead(session: Session, said: datetime | None) -> None:
    """Refuse a moment that has not come yet, except in the virtual time of a development stack."""
    if said is None or session.settings.virtual_time or said <= wall_now() + _AHEAD:
        return
    refuse(f"{said:%Y-%m-%d %H:%M} UTC lies ahead: give a moment that has come, or leave --at out")


class Rate(ProgressColumn):
    """How many are done a second, of late."""

    @override
    def render(self, task: Task) -> Text:
        """Show it, once there is one."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.0f} a second")


@contextmanager
def watched(title: str) -> Iterator[Watch]:
    """Show a progress bar on standard error while there is a person to see it."""
    columns = (
        *(TextColumn(title), BarColumn(), MofNCompleteColumn()),
        *(Rate(), TimeRemainingColumn()),
    )
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, of_all: bar.update(task, completed=done, total=of_all or None)
