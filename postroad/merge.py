"""`postroad merge`: two contacts are found to be one person."""

from typing import Annotated

import typer

from postroad.printing import AsJson, refuse, say, show_json
from postroad.session import run
from postroad.words import me
from runtime.clock import wall_now
from runtime.session import Session
from schemas.outcomes import Refused
from starter.incoming.merging import Merged, Merger, merge_contacts
from starter.outgoing.relay import deliver_pending

Keep = Annotated[str, typer.Argument(help="The contact to keep: id, external key or address.")]
Other = Annotated[str, typer.Argument(help="Who was found to be the same person.")]
Who = Annotated[str | None, typer.Option("--who", help="Who says so (default: you).")]


def merge(keep: Keep, other: Other, who: Who = None, *, as_json: AsJson = False) -> None:
    """Merge two contacts that are one person.

    Events, mails, tasks and enrollments of the other become the kept one's, and its id, key and
    address name the kept one from then on. Whoever opted out under either address has opted out
    under both. Of two enrollments of one sequence and key the one that has sent more goes on; the
    other ends as merged. It cannot be undone; doing it again changes nothing.
    """
    wanted = Merger(keep=keep, other=other, by=who or me(), at=wall_now())

    async def work(session: Session) -> Merged | Refused:
        client = await session.client()
        merged = merge_contacts(session.engine, wanted)
        await deliver_pending(session.engine, client)
        return merged

    answer = run(work)
    if as_json:
        show_json(answer)
    if isinstance(answer, Refused):
        refuse(answer.message)
    if not as_json:
        _tell(answer)


def _tell(merged: Merged) -> None:
    if not merged.new:
        say(f"{merged.merged} was merged into {merged.contact} before: nothing changed")
        return
    say(f"{merged.merged} is {merged.contact} now; live enrollments: {merged.going_on}")
    for workflow_id in merged.ended:
        say(f"{workflow_id} ended as merged")


COMMANDS = {"merge": merge}
