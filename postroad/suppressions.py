"""`postroad suppressions pull`: whom SendGrid delivers nothing to is suppressed here, too."""

import asyncio
from typing import Annotated

import typer

from activities.mailing.suppression_lists import ListsError, SuppressionLists
from postroad.printing import AsJson, refuse, say, show_json
from postroad.session import run, watched
from postroad.words import moment
from runtime.session import Session
from runtime.settings import Settings, required
from starter.incoming.pulling import Pulled, pull

Since = Annotated[
    str | None,
    typer.Option(
        metavar="DATE", help="Only entries from this day on, by SendGrid's clock (default: all)."
    ),
]


def pull_lists(*, since: Since = None, as_json: AsJson = False) -> None:
    """Suppress who is on SendGrid's lists and not here; nobody is freed.

    Unsubscribes, of groups too, spam reports, bounces and invalid addresses are read. Enrollments
    hear of it, as of the same word from a webhook. Who came back after SendGrid put them on a
    list stays free. Repeating it changes nothing.
    """
    begin = moment(since)

    async def work(session: Session) -> Pulled:
        with watched("Pulling") as watch:
            lists = lists_of(session.settings)
            return await asyncio.to_thread(pull, session.engine, lists, since=begin, watch=watch)

    try:
        pulled = run(work)
    except ListsError as error:
        refuse(str(error))
    if as_json:
        show_json(pulled)
    else:
        say(pulled_in_words(pulled))


def lists_of(settings: Settings) -> SuppressionLists:
    """Build the reader of SendGrid's lists; raises SettingsError without a key."""
    key = required(settings.sendgrid_api_key, "sendgrid_api_key")
    return SuppressionLists(key.get_secret_value(), settings.sendgrid_url)


def pulled_in_words(pulled: Pulled) -> str:
    """Say how many entries were read and how many were missing, by list."""
    each = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in pulled.read.items())
    return f"SendGrid's lists: {each}; {pulled.missing} were missing here and are suppressed now"


COMMANDS = {"suppressions": {"pull": pull_lists}}
