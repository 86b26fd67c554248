"""`postroad dev chaos`: all dies at random by a seed, and nothing is lost: the proof of it."""

import asyncio
import secrets
from typing import Annotated, NoReturn

import typer

from devstack.chaos.chaos import ChaosFailedError, Told, run_chaos
from devstack.chaos.drawing import plan_of
from devstack.chaos.plan import Plan, size_of
from devstack.demo.running import run
from devstack.ports import PortTakenError
from devstack.processes import ChildFailedError
from postroad.printing import AsJson, complain, note, refuse, say, show_json

_FAULTS = (ChaosFailedError, ChildFailedError, PortTakenError)
_INTERRUPTED = 130
_FOREVER = 10**9
_SEEDS = 10**6


def chaos(
    *,
    seed: Annotated[
        int | None, typer.Option(help="Decides all that goes wrong (default: a new one).")
    ] = None,
    enrollments: Annotated[
        int, typer.Option(min=1, max=100_000, help="How many contacts are enrolled.")
    ] = 1_000,
    workers: Annotated[int, typer.Option(min=2, max=9, help="How many workers run.")] = 2,
    plan_only: Annotated[
        bool, typer.Option("--plan", help="Print the plan of the seed as JSON, and do nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Let everything fail while mails go out; check that none is lost or sent twice.

    Real servers of its own, thrown away afterwards: processes are killed, connections cut, and
    SendGrid is unfriendly, by a plan that the seed decides. The exit status is 1 if a promise was
    not kept.
    """
    chosen = secrets.randbelow(_SEEDS) if seed is None else seed
    plan = plan_of(chosen, size_of(enrollments, workers))
    if plan_only:
        show_json(plan.model_dump(mode="json"))
        return
    _tell(_happen(plan), as_json=as_json)


def _tell(told: Told, *, as_json: bool) -> None:
    if as_json:
        show_json(told.model_dump(mode="json", exclude={"evidence"}))
    else:
        show_told(told)
    if not told.holds:
        refuse(f"a promise was not kept: `postroad dev chaos --seed {told.seed}` replays the plan")


def _happen(plan: Plan) -> Told:
    try:
        return run(run_chaos(plan, note), asyncio.sleep(_FOREVER))
    except _FAULTS as fault:
        refuse(str(fault))
    except KeyboardInterrupt:
        _leave()


def _leave() -> NoReturn:
    complain("the run was interrupted before its end: nothing of it is left")
    raise typer.Exit(_INTERRUPTED)


def show_told(told: Told) -> None:
    """Print what struck, what was counted, and each promise with what breaks it."""
    verdict = told.verdict
    say(f"seed {told.seed}: {verdict.enrollments} enrollments, {verdict.mails} mails accepted\n")
    for what, count in sorted(told.strikes.items()):
        say(f"{count:>6}  {what}")
    for who, count in sorted(told.killed.items()):
        say(f"{count:>6}  {who} killed in all")
    say(f"{len(told.fell):>6}  processes ended by themselves\n")
    doubts = {
        "mails in doubt": verdict.doubted,
        "of these settled as not sent again": verdict.not_sent,
        "of these left": verdict.in_doubt_left,
        "not known as sent, though SendGrid had them and did not tell": verdict.unknown_deliveries,
        "enrollments led through their half hour of doubt": told.led,
    }
    for what, count in doubts.items():
        say(f"{count:>6}  {what}")
    say("")
    for finding in verdict.findings:
        say(f"{'BROKEN' if finding.broken else 'kept  '}  {finding.promise}")
        for line in finding.broken:
            say(f"        {line}")
