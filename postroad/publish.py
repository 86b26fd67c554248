"""`postroad publish`: folders become versions."""

from pathlib import Path
from typing import Annotated

import typer

from authoring.faults import Faults
from postroad.printing import AsJson, complain, say, show_json
from postroad.session import run
from postroad.words import me
from runtime.clock import wall_now
from runtime.session import Session
from starter.publishing import Published
from starter.publishing import publish as publish_folders


def publish(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR...", help="Folders of one sequence each.")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Check sequences' folders and publish them.

    All of them, or, if anything is wrong in one, none: each fault is named with its file, line
    and mend. Who is enrolled goes on with the version of then; new enrollments get this one.
    """

    async def work(session: Session) -> tuple[Published, ...] | tuple[Faults, ...]:
        return publish_folders(session.engine, tuple(folders), by=me(), at=wall_now())

    answers = run(work)
    if as_json:
        show_json(answers)
    for answer in answers:
        if isinstance(answer, Faults):
            _complain(answer)
        elif not as_json:
            _tell(answer)
    raise typer.Exit(1 if any(isinstance(answer, Faults) for answer in answers) else 0)


def _complain(faults: Faults) -> None:
    for fault in faults.faults:
        complain(str(fault))


def _tell(published: Published) -> None:
    done = "published" if published.new else "unchanged"
    say(f"{done} {published.sequence}, {published.steps} steps, version {published.version[:12]}")


COMMANDS = {"publish": publish}
