"""`postroad health`: whether all goes well, and what does not go on."""

import typer

from postroad.printing import AsJson, say, show_json
from postroad.session import run
from runtime.session import Session
from starter.health import Health, health


def show_health(*, as_json: AsJson = False) -> None:
    """Tell what is in doubt, held, stopped or broken by a bug; exit status 1 if anything is broken.

    What is broken stands with its workflow's id.
    """

    async def work(session: Session) -> Health:
        return await health(await session.client(), session.engine)

    found = run(work)
    if as_json:
        show_json(found)
    else:
        _show(found)
    raise typer.Exit(0 if found.is_well else 1)


def _show(found: Health) -> None:
    oldest = f", the oldest for {found.oldest_doubt_seconds // 60} min" if found.in_doubt else ""
    say(f"in doubt: {found.in_doubt}{oldest}")
    say(f"held: {found.held}")
    say(f"stopped: {found.brakes}; mails that wait for it: {found.braked}")
    say(f"signals to bring: {found.signals}")
    say(f"broken: {len(found.broken)}")
    for one in found.broken:
        say(f"  {one.workflow_id}: {one.cause}")


COMMANDS = {"health": show_health}
