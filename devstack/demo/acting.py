"""How each deed is done: by the emulator's buttons, our pages and API, the operator's commands."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from devstack.demo.deeds import Beside, Deed
from devstack.demo.shapes import DemoFailedError
from devstack.demo.stage import Stage
from devstack.emulator.actions import Action, ActionKind
from devstack.emulator.records import Address
from devstack.emulator.views import MailSummary
from runtime.clock import wall_now
from schemas.outcomes import Refused
from schemas.values import Value
from starter.operating import Action as Command
from starter.operating import Order, command
from starter.tasks import complete
from storage import tasks
from storage.enrolled import live_of
from storage.people.contacts import find
from storage.rows import ListedTask

_OPERATOR = "olga"


class Cue(Value):
    """A deed whose moment (virtual) is known, and the mail that it is about."""

    deed: Deed
    at: datetime
    mail: MailSummary


async def perform(stage: Stage, cue: Cue) -> None:
    """Do it; an operator's command and a done task count from now, all else from the cue's moment.

    Raises DemoFailedError if it is refused: the script and the sequence do not fit.
    """
    does = cue.deed.does
    if isinstance(does, ActionKind):
        await stage.emulator.act(cue.mail.id, _action(cue, does))
    else:
        await _PERFORM_BY_DOES[does](stage, cue)


def _action(cue: Cue, kind: ActionKind) -> Action:
    deed = cue.deed
    back = None if deed.days_away is None else (cue.at + timedelta(days=deed.days_away)).date()
    domain = cue.mail.recipient.email.rpartition("@")[2]
    return Action(
        kind=kind,
        at=cue.at,
        text=deed.words or None,
        return_date=back,
        sender=Address(email=f"{deed.by}@{domain}") if deed.by else None,
        charset=deed.charset,
    )


async def _opt_out_on_the_page(stage: Stage, cue: Cue) -> None:
    url = (await stage.emulator.mail(cue.mail.id)).one_click_url
    if url is None:
        raise DemoFailedError(f"the mail {cue.deed.mail} has no unsubscribe link: see its layout")
    shown = await stage.web.get(url)
    said = {"Date": format_datetime(cue.at.astimezone(UTC), usegmt=True)}
    clicked = await stage.web.post(url, headers=said)
    shown.raise_for_status()
    clicked.raise_for_status()


async def _book_a_meeting(stage: Stage, cue: Cue) -> None:
    booked = {
        "event": cue.deed.does,
        "contact": cue.mail.recipient.email,
        "id": f"booking-{cue.mail.number}",
        "at": cue.at.isoformat(),
        "fields": {"minutes": 20},
    }
    (await stage.web.post("/v1/events", json=booked)).raise_for_status()


async def _do_a_task(stage: Stage, cue: Cue) -> None:
    task = _open_task(stage, cue)
    rep = cue.mail.sender.name or cue.mail.sender.email
    if task is not None:
        await complete(stage.client, stage.engine, task.id, who=rep, wall=wall_now())


def _open_task(stage: Stage, cue: Cue) -> ListedTask | None:
    with stage.engine.connect() as connection:
        found = tasks.listing(connection, limit=10_000)
    whose = cue.mail.recipient.email.casefold()
    mine = (one for one in found if one.email.casefold() == whose and one.task == cue.deed.words)
    return next(mine, None)


def _commanding(action: Command) -> Callable[[Stage, Cue], Awaitable[None]]:
    async def give(stage: Stage, cue: Cue) -> None:
        order = Order(action=action, who=_OPERATOR, why=cue.deed.words, wall=wall_now())
        for workflow_id in _live(stage, cue):
            answer = await command(stage.client, stage.engine, workflow_id, order)
            if isinstance(answer, Refused):
                raise DemoFailedError(f"the operator's {action} was refused: {answer.message}")

    return give


def _live(stage: Stage, cue: Cue) -> list[str]:
    with stage.engine.connect() as connection:
        contact = find(connection, cue.mail.recipient.email)
        live = [] if contact is None else live_of(connection, contact.id)
    return [one.workflow_id for one in live]


_PERFORM_BY_DOES: dict[Beside, Callable[[Stage, Cue], Awaitable[None]]] = {
    Beside.UNSUBSCRIBE_PAGE: _opt_out_on_the_page,
    Beside.MEETING: _book_a_meeting,
    Beside.TASK: _do_a_task,
    Beside.PAUSE: _commanding("pause"),
    Beside.RESUME: _commanding("resume"),
    Beside.EXIT: _commanding("exit"),
}
