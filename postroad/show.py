"""`postroad show`: one enrollment's story."""

from typing import Annotated

import typer

from postroad.printing import AsJson, Side, refuse, say, show_json, show_rows
from postroad.session import run
from runtime.connections import UnreachableError
from runtime.session import Session
from schemas.outcomes import Refused
from starter.explaining.stories import CUT_OFF, Coming, Story, tell

_COLUMNS: dict[str, Side] = {"when": "left", "what": "left", "step": "left", "why": "left"}


def show(
    enrollment: Annotated[
        str, typer.Argument(help="The workflow id, as `postroad list` shows it.")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Tell one enrollment's story: what happened, why, what is next.

    What comes next is said with its exact time in the contact's zone. If neither Temporal nor a
    worker answers, the database's record tells what it knows.
    """

    async def work(session: Session) -> Story | Refused:
        try:
            client = await session.client()
        except UnreachableError:
            client = None
        return await tell(client, session.engine, enrollment)

    story = run(work)
    if as_json:
        show_json(story)
    if isinstance(story, Refused):
        refuse(story.message)
    if not as_json:
        show_story(story)


def show_story(story: Story) -> None:
    """Print what happened and what is next."""
    say(f"{story.workflow_id}: {story.ending or story.state}, all times {story.zone}")
    say(f"contact {story.contact}, version {story.version[:12]}\n")
    zone = f" {story.zone}"
    show_rows(
        _COLUMNS,
        (
            (line.local.removesuffix(zone), line.what, line.step or "", line.why)
            for line in story.past
        ),
    )
    if story.next is not None:
        say(f"\n{_next(story.next)}")
    elif story.state == CUT_OFF:
        say(
            "\nIts workflow was ended in Temporal, so nothing is next: close it by `postroad exit`."
        )
    elif story.ending is None:
        say("\nNo worker answers: this is the database's record, and what is next is not known.")


def _next(coming: Coming) -> str:
    when = coming.local or "when something happens"
    return f"next: {coming.step or 'the ending'}, {when} ({coming.why})"


COMMANDS = {"show": show}
