"""`postroad dev`: the development stack, real servers without Docker."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from devstack.ports import PortTakenError
from devstack.processes import ChildFailedError
from devstack.stack import Stack
from devstack.state import StackRunningError
from devstack.timeskip import Moved, Skip, SkipFailedError
from devstack.timeskip import skip as skip_ahead
from postroad.chaos import chaos
from postroad.demo import demo
from postroad.printing import AsJson, note, refuse, say, show_json
from postroad.session import run
from postroad.stopping import is_running, stop
from runtime.session import Session
from runtime.settings import find_stack
from runtime.stackfile import StackFile
from schemas.calendar import Unit

_SPAN = re.compile(r"(?P<count>\d{1,4})\s*(?P<unit>[mhdw])")
_UNIT = {"m": Unit.MINUTES, "h": Unit.HOURS, "d": Unit.DAYS, "w": Unit.WEEKS}


def up(
    *,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Throw away what the last stack of this folder kept.")
    ] = False,
) -> None:
    """Run the whole stack here until Ctrl-C.

    PostgreSQL, Temporal with its UI, an emulator of SendGrid with an inbox page, a worker and the
    webhooks app: all real but SendGrid. State is kept in `.postroad/`; free ports are found where
    the usual ones are taken; nothing is left behind when it stops.
    """
    try:
        Stack(Path.cwd(), say=note, fresh=fresh).serve(_welcome_here)
    except (StackRunningError, PortTakenError, ChildFailedError) as error:
        refuse(str(error))


def status(*, as_json: AsJson = False) -> None:
    """Tell where the stack of this folder listens; exit status 1 unless all of it runs."""
    stack = _running()
    if stack is None:
        refuse("no development stack runs in this folder: start one with `postroad dev up`")
    if as_json:
        show_json(stack.model_dump(include=set(_SHOWN)))
    else:
        _welcome(stack)
    if gone := [name for name, pid in stack.pids.items() if not is_running(pid)]:
        refuse(f"{', '.join(gone)} ended: stop the stack with `postroad dev down`, start it again")


def down() -> None:
    """Stop the stack of this folder, wherever it runs."""
    stack = _running()
    if stack is None:
        refuse("no development stack runs in this folder: there is nothing to stop")
    if not stop(stack.pid):
        refuse(f"the stack (process {stack.pid}) has not stopped within a minute")
    say("The stack has stopped.")


def skip(
    enrollment: Annotated[
        str, typer.Argument(help="The workflow id, as `postroad list` shows it.")
    ],
    span: Annotated[str, typer.Argument(help="How far: 90m, 8h, 3d or 2w.")],
) -> None:
    """Move one enrollment's clock ahead, and wait until it has done what became due.

    Only that enrollment's: everybody else stays where they are. Works on a development server.
    """
    by = _span(span)

    async def work(session: Session) -> Skip:
        return await skip_ahead(await session.client(), enrollment, by)

    try:
        skipped = run(work)
    except SkipFailedError as error:
        refuse(str(error))
    if isinstance(skipped, Moved):
        say(f"it is now {skipped.now:%a %d %b %Y %H:%M} UTC for {skipped.workflow_id}")
    else:
        say(f"{skipped.workflow_id} has ended")


def _running() -> StackFile | None:
    stack = find_stack()
    return stack if stack is not None and is_running(stack.pid) else None


def _span(written: str) -> timedelta:
    match = _SPAN.fullmatch(written.strip())
    if match is None or int(match["count"]) == 0:
        raise typer.BadParameter(f"write how far like 90m, 8h, 3d or 2w, not {written}")
    return timedelta(**{_UNIT[match["unit"]].value: int(match["count"])})


def _welcome(stack: StackFile) -> None:
    for name, title in _SHOWN.items():
        # Without SQLAlchemy's driver name the address can be pasted behind `psql`.
        say(f"{title:<14} {str(getattr(stack, name)).replace('+psycopg', '')}")


def _welcome_here(stack: StackFile) -> None:
    _welcome(stack)
    say("\nCtrl-C stops all of it. Commands find it from this folder: try `postroad --help`.")


_SHOWN = {
    "temporal_ui_url": "Temporal's UI",
    "inbox_url": "Inbox",
    "public_url": "Webhooks, API",
    "temporal_address": "Temporal",
    "database_url": "PostgreSQL",
}

COMMANDS = {
    "dev": {"up": up, "demo": demo, "chaos": chaos, "status": status, "down": down, "skip": skip}
}
