"""`postroad stop-sending` and `brakes`, and what `pause` and `resume` do for many at once."""

from typing import Annotated

import typer

from postroad.printing import AsJson, Side, refuse, say, show_json, show_rows
from postroad.session import run
from postroad.words import me
from runtime.clock import wall_now
from runtime.session import Session
from schemas.outcomes import Refused
from starter.braking import PER_SECOND, Released, Stopped, release, standing, stop
from storage.sending.brakes import Standing

EVERYBODY = "all"

Resume = Annotated[bool, typer.Option("--resume", help="Let sending go on.")]
PerSecond = Annotated[
    float | None,
    typer.Option(
        metavar="PER_SECOND",
        min=0.01,
        help=f"Of the mails that waited so many go a second (default: {PER_SECOND:g}, "
        "or POSTROAD_SENDS_PER_SECOND if that is less).",
    ),
]
Why = Annotated[str, typer.Option("--why", help="Why: kept, and shown beside each mail.")]
Who = Annotated[str | None, typer.Option("--who", help="Who says so (default: you).")]


def stop_sending(
    *,
    resume: Resume = False,
    why: Why = "",
    who: Who = None,
    rate: PerSecond = None,
    as_json: AsJson = False,
) -> None:
    """Stop all sending at once, or let it go on.

    Workers that run obey at once; mails that are due meanwhile wait, and nothing is lost. After
    `--resume` they go on slowly at first, those due first first.
    """
    if resume:
        let_go(EVERYBODY, who, rate, as_json=as_json)
    else:
        keep_back(EVERYBODY, who, why, as_json=as_json)


def show_brakes(*, as_json: AsJson = False) -> None:
    """Show what is stopped or paused for many at once, by whom, and how many mails wait."""

    async def work(session: Session) -> list[Standing]:
        return standing(session.engine)

    found = run(work)
    if as_json:
        show_json(found)
    elif not found:
        say("nothing is stopped")
    else:
        rows = (
            (_ref(one), f"{one.at:%Y-%m-%d %H:%M} UTC", one.who, str(one.waiting), _why(one))
            for one in found
        )
        show_rows(_COLUMNS, rows)


def keep_back(ref: str, who: str | None, why: str, *, as_json: bool) -> None:
    """Keep back all mails that a reference means."""

    async def work(session: Session) -> Stopped | Refused:
        return stop(session.engine, ref, who=who or me(), why=why, at=wall_now())

    answer = run(work)
    if as_json:
        show_json(answer)
    if isinstance(answer, Refused):
        refuse(answer.message)
    if not as_json:
        say(_stopped(answer))


def let_go(ref: str, who: str | None, rate: float | None, *, as_json: bool) -> None:
    """Let all mails that a reference means go on."""

    async def work(session: Session) -> Released | Refused:
        pace = rate or min(PER_SECOND, session.settings.sends_per_second or PER_SECOND)
        return release(session.engine, ref, who=who or me(), at=wall_now(), per_second=pace)

    answer = run(work)
    if as_json:
        show_json(answer)
    if isinstance(answer, Refused):
        refuse(answer.message)
    if not as_json:
        say(_released(answer))


def _stopped(stopped: Stopped) -> str:
    if not stopped.new:
        return f"{stopped.ref}: stopped already, since {stopped.at:%Y-%m-%d %H:%M} UTC"
    done = f"{stopped.ref}: stopped; mails wait until it is resumed"
    mails = "mail was" if stopped.being_posted == 1 else "mails were"
    being = f"; {stopped.being_posted} {mails} being posted" if stopped.being_posted else ""
    return f"{done}{being}"


def _released(released: Released) -> str:
    goes = f"{released.ref}: goes on"
    if released.breaker == "open":
        goes = f"{released.ref}: resumed, but its breaker is open: resume it again to let mails go"
    if not released.waited:
        return f"{goes}; no mail waited"
    mails = "1 mail" if released.waited == 1 else f"{released.waited} mails"
    return f"{goes}; {mails} waited, the last one goes in {released.seconds} s"


def _why(one: Standing) -> str:
    if one.state == "probing":
        return f"{one.why}; a few mails are trying it"
    tried = f"; tried from {one.next_wall:%H:%M} UTC on" if one.next_wall else ""
    return f"{one.why}{tried}"


def _ref(one: Standing) -> str:
    return f"{one.of}:{one.target}" if one.target else one.of


_COLUMNS: dict[str, Side] = {
    "stopped": "left",
    "since": "left",
    "by": "left",
    "waiting": "right",
    "why": "left",
}
COMMANDS = {"stop-sending": stop_sending, "brakes": show_brakes}
