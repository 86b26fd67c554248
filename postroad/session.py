"""One command's work on servers: settings read, connections opened and closed around it."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from runtime.session import Session, in_session
from runtime.settings import load_settings
from starter.watching import Watch

Answer = TypeVar("Answer")


def run(work: Callable[[Session], Awaitable[Answer]]) -> Answer:
    """Do `work` with connections as the settings say."""
    return in_session(load_settings(), work)


@contextmanager
def watched(title: str) -> Iterator[Watch]:
    """Show a progress bar on standard error while there is a person to see it."""
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, of_all: bar.update(task, completed=done, total=of_all)
