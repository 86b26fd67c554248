"""`postroad restored`: after a restore from a backup all is reconciled before anything is sent."""

import asyncio
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Annotated, NamedTuple

import typer

from activities.mailing.suppression_lists import ListsError
from postroad.printing import AsJson, note, refuse, say, show_json
from postroad.session import run, watched
from postroad.suppressions import lists_of, pulled_in_words
from postroad.words import moment
from runtime.clock import wall_now
from runtime.session import Session
from starter.restoring.reconciling import Before, House, Reconciled, Wish, reconcile, stop_all

_PERIOD = timedelta(days=1)


class Restored(StrEnum):
    """What came from a backup."""

    POSTGRES = "postgres"
    TEMPORAL = "temporal"
    BOTH = "both"


What = Annotated[
    Restored | None,
    typer.Argument(help="What came from a backup (default: what was noticed, else both)."),
]
Since = Annotated[
    str | None,
    typer.Option(
        metavar="MOMENT",
        help="From when on histories and signals are read again: a moment of before the backup "
        "(default: a day before the loss).",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]
WithoutSendGrid = Annotated[
    bool,
    typer.Option(
        "--without-sendgrid",
        help="Leave SendGrid's lists for later (`postroad suppressions pull`).",
    ),
]


def restored(
    what: What = None,
    *,
    since: Since = None,
    yes: Yes = False,
    without_sendgrid: WithoutSendGrid = False,
    as_json: AsJson = False,
) -> None:
    """After a restore from a backup: stop sending, reconcile PostgreSQL and Temporal.

    First all sending stops and nobody is let in. Then SendGrid's lists are pulled; what Temporal's
    histories remember of sends, enrollments, endings and opt-outs is written back into PostgreSQL;
    what lives in PostgreSQL and has no workflow any more is started anew, and goes on where the
    ledger says. A mail of which nobody knows whether it went is in doubt, and not sent again.

    Needs no worker; best run before workers start. Interrupted, it can be run again. Sending stays
    stopped until `postroad stop-sending --resume`.
    """
    if not yes:
        _ask()
    asked = _Asked(what, moment(since), with_sendgrid=not without_sendgrid)
    try:
        done = run(partial(_reconcile, asked))
    except ListsError as error:
        refuse(f"{error}. Sending is stopped. Then run this again, or with --without-sendgrid")
    if as_json:
        show_json(done)
        return
    for line in _in_words(done):
        say(line)


def _ask() -> None:
    note(_PLAN)
    typer.confirm("Begin?", abort=True, err=True)


class _Asked(NamedTuple):
    what: Restored | None
    since: datetime | None
    with_sendgrid: bool


async def _reconcile(asked: _Asked, session: Session) -> Reconciled:
    # Everything that may be missing is asked for before anything is stopped.
    domain = session.settings.mailing().mail_domain
    lists = lists_of(session.settings) if asked.with_sendgrid else None
    house = House(await session.client(), session.engine, lists, domain)
    before = await asyncio.to_thread(stop_all, session.engine)
    since = asked.since or (before.lived or wall_now()) - _PERIOD
    wish = Wish(what=_meant(asked.what, before), since=since)
    with watched("Reconciling") as watch:
        return await reconcile(house, wish, before.lived, watch)


def _meant(what: Restored | None, before: Before) -> Restored:
    return Restored(before.what) if what is None else what


def _in_words(done: Reconciled) -> list[str]:
    lines = [] if done.pulled is None else [pulled_in_words(done.pulled)]
    lines += [words.format(done.deeds.get(name, 0)) for name, words in _FOUND[done.what].items()]
    lines += [words.format(done.deeds[name]) for name, words in _LEFT.items() if name in done.deeds]
    if done.unreadable:
        lines.append(
            f"{done.unreadable} histories could not be read: their enrollments are unknown"
        )
    return [*lines, _UNKNOWN, _THEN]


_OF_POSTGRES = {
    "enrollments": "enrollments brought back from Temporal's histories: {}",
    "sends": "sends brought back: {}",
    "in_doubt": "mails of which nobody knows whether they went, in doubt now: {}",
    "endings": "endings brought back: {}",
    "opt_outs": "opt-outs, complaints and bounces brought back: {}",
    "events": "replies and events brought back: {}",
}
_OF_TEMPORAL = {
    "live": "enrollments that live: {}",
    "started": "started anew where the ledger says: {}",
    "signals": "signals brought again: {}",
    "starts": "starts laid out again: {}",
}
_FOUND = {
    "postgres": _OF_POSTGRES,
    "temporal": _OF_TEMPORAL,
    "both": {**_OF_POSTGRES, **_OF_TEMPORAL},
}
_LEFT = {
    "started_without_data": "started anew without what they were given, which was not kept then: "
    "{}; `postroad change` gives it",
    "waiting": "another run of theirs goes on first: {}; run this again when it has ended",
    "unknown_contacts": "their contact is lost: {}; import contacts, and run this again",
    "unknown_versions": "their version is lost: {}; publish it, and run this again",
    "in_the_way": "another enrollment of the same contact and sequence stands in the way: {}",
}
_PLAN = """This stops all sending, then
- pulls SendGrid's lists: who is missing here is suppressed, nobody is freed;
- writes back what Temporal's histories remember and PostgreSQL lost;
- starts anew in Temporal what lives in PostgreSQL and has no workflow any more.
Nothing is sent, and nothing is removed. Sending stays stopped afterwards."""
_UNKNOWN = (
    "not known: what was sent to, or asked for by, those whose workflows closed and were forgotten "
    "by Temporal, and what came in and reached no workflow"
)
_THEN = "sending is stopped: look at it, then `postroad stop-sending --resume` lets it go on"
COMMANDS = {"restored": restored}
