"""`postroad publish`: folders become versions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from authoring.text.faults import Faults
from postroad.caps import words_for
from postroad.printing import AsJson, complain, note, say, show_json
from postroad.session import run
from postroad.words import me
from runtime.clock import wall_now
from runtime.session import Session
from starter.publishing import Proposed, Published, propose
from starter.publishing import publish as publish_folders

Answers = tuple[Published, ...] | tuple[Proposed, ...] | tuple[Faults, ...]


def publish(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR...", help="Folders of one sequence each.")
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; change nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check sequences' folders and publish them.

    All of them, or, if anything is wrong in one, none: each fault is named with its file, line
    and mend. Who is enrolled goes on with the version of then; new enrollments get this one.
    """

    async def work(session: Session) -> Answers:
        if dry_run:
            return propose(session.engine, tuple(folders))
        return publish_folders(session.engine, tuple(folders), by=me(), at=wall_now())

    answers = run(work)
    faults = [fault for one in answers if isinstance(one, Faults) for fault in one.faults]
    for fault in faults:
        complain(str(fault))
    if as_json:
        show_json(answers)
    elif not faults:
        _tell_all(answers)
    raise typer.Exit(1 if faults else 0)


def _tell_all(answers: Answers) -> None:
    for answer in answers[:1]:
        if not isinstance(answer, Faults) and answer.caps is not None:
            say(words_for(answer.caps, done=isinstance(answer, Published)))
    for answer in answers:
        _tell(answer)


def _tell(answer: Published | Proposed | Faults) -> None:
    if isinstance(answer, Faults):
        return
    done = "unchanged"
    if answer.new:
        done = "published" if isinstance(answer, Published) else "would publish"
    say(f"{done} {answer.sequence}, {answer.steps} steps, version {answer.version[:12]}")
    if answer.idle:
        keys = " and ".join(f"`{key}`" for key in answer.idle)
        note(f"{answer.sequence}: {keys}: read and checked, but nothing acts on it in this version")
    if isinstance(answer, Proposed) and answer.new:
        for line in _told(answer):
            say(f"  {line}")


def _told(proposed: Proposed) -> Iterator[str]:
    if proposed.latest is None:
        yield "it has not been published before"
        return
    yield f"instead of version {proposed.latest[:12]}"
    changes = proposed.changes
    yield from (f"+ step {step}" for step in changes.steps_added)
    yield from (f"- step {step}" for step in changes.steps_removed)
    yield from (f"~ step {one.step}: {', '.join(one.keys)}" for one in changes.steps_changed)
    if changes.reordered:
        yield "~ the order of the steps"
    yield from (f"~ {key}" for key in changes.keys)
    yield from (f"~ {one.file}: +{one.added} -{one.removed} lines" for one in changes.files)
    people = "1 person is" if proposed.enrolled == 1 else f"{proposed.enrolled} people are"
    yield f"{people} enrolled in older versions now, and stay there"


COMMANDS = {"publish": publish}
