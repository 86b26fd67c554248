"""`postroad signal`: what a contact did, told by hand."""

from typing import Annotated

import typer

from postroad.printing import AsJson, refuse, say, show_json
from postroad.session import refuse_ahead, run
from postroad.words import facts, moment
from runtime.clock import wall_now
from runtime.session import Session
from schemas.outcomes import Refused
from starter.incoming.intake import Taken
from starter.signalling import Happened, tell_of

Told = Annotated[
    str, typer.Argument(metavar="ENROLLMENT|CONTACT", help="An enrollment's id, or a contact.")
]
What = Annotated[
    str,
    typer.Argument(
        metavar="EVENT[:STEP]",
        help="reply, click:STEP, open:STEP, unsubscribe, complaint, bounce, out_of_office, "
        "or the name of any event of your app, such as meeting_booked.",
    ),
]
Fields = Annotated[
    list[str] | None,
    typer.Option("--field", metavar="NAME=VALUE", help="A field of the event."),
]
At = Annotated[str | None, typer.Option(metavar="MOMENT", help="When it happened (default: now).")]
Mark = Annotated[
    str | None, typer.Option("--id", help="An id of yours: the same event counts once.")
]


def signal(  # noqa: PLR0913 one argument an option: the command line's own shape
    whom: Told,
    event: What,
    *,
    fields: Fields = None,
    at: At = None,
    mark: Mark = None,
    as_json: AsJson = False,
) -> None:
    """Tell what a contact did.

    It is taken in like the same thing from a webhook: on record once, suppressing where it says
    so, ending in the database what it ends, then told to every enrollment that listens.
    """
    happened = _happened(event, fields or [], mark).model_copy(update={"at": moment(at)})

    async def work(session: Session) -> Taken | Refused:
        refuse_ahead(session, happened.at)
        return await tell_of(await session.client(), session.engine, whom, happened)

    answer = run(work)
    if as_json:
        show_json(answer)
    if isinstance(answer, Refused):
        refuse(answer.message)
    if not as_json:
        say(_sentence(answer))


def _happened(event: str, fields: list[str], mark: str | None) -> Happened:
    word, _, step = event.partition(":")
    return Happened(word=word, step=step or None, fields=facts(fields), id=mark, wall=wall_now())


def _sentence(taken: Taken) -> str:
    if not taken.new:
        return "known already: nothing changed"
    if taken.enrollments == taken.colleagues == 0:
        return "on record; no live enrollment of this contact listens to it"
    beside = f", and to {taken.colleagues} of colleagues" if taken.colleagues else ""
    return f"on record, and told to {taken.enrollments} of the contact's enrollments{beside}"


COMMANDS = {"signal": signal}
