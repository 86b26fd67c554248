"""What others do meanwhile: operators, authors, the app, the contacts, the relay."""

import asyncio
from functools import partial
from typing import Literal, Never
from uuid import UUID

from sqlalchemy import select

from activities.endings import pass_on_vanished
from starter.data_changes import Change, commit_change
from starter.doubting import Word, settle_at
from starter.enrolling.calling_off import call_off, waiting
from starter.incoming.merging import Merger, merge_contacts
from starter.incoming.opt_outs import take_opt_out
from starter.operating import Commanded, Order, commit_order
from storage.schema.tables import sends
from tests.rush.folders import CAPS, PACES
from tests.rush.rounds import Act, Wish
from tests.rush.runs import Run
from tests.rush.rush import Rush

SELDOM = 4


def leave_or_stop(rush: Rush, wish: Wish) -> list[Act]:
    """End somebody's enrollment, or call it off."""
    return _order(rush, wish, "exit", rush.of("waits", "live"))


def pause(rush: Rush, wish: Wish) -> list[Act]:
    """Pause somebody."""
    return _order(rush, wish, "pause", rush.of("live"))


def resume(rush: Rush, wish: Wish) -> list[Act]:
    """Let somebody go on."""
    return _order(rush, wish, "resume", rush.of("live"))


def change(rush: Rush, wish: Wish) -> list[Act]:
    """Change what somebody's enrollment was given."""
    runs = rush.of("live")
    if not runs:
        return []
    run = runs[wish.first % len(runs)]
    news = Change(facts={"note": wish.second}, at=rush.now, wall=rush.now)
    return rush.ordered(run, partial(_change, rush, run, news))


def merge(rush: Rush, wish: Wish) -> list[Act]:
    """Find that two people are one."""
    keep, other = rush.people[wish.first % 4], rush.people[wish.second % 4]
    # One person alone is in nobody's way.
    if keep == other or wish.hesitates < SELDOM * 2:
        return []
    wanted = Merger(keep=keep, other=other, by="kim", at=rush.now)
    return [Act(f"{keep} {other}", partial(merge_contacts, rush.engine, wanted))]


def release(rush: Rush, wish: Wish) -> list[Act]:
    """Publish the paced sequence with another pace, and with other caps for all."""
    caps, pace = CAPS[wish.first % len(CAPS)], PACES[wish.second % len(PACES)]
    rush.paces.append(pace)
    publishing = partial(rush.ground.publish, f"paced {caps} {pace}", at=rush.now)
    return [Act(f"caps {caps}, pace {pace}", publishing)]


def opt_out(rush: Rush, wish: Wish) -> list[Act]:
    """Let somebody who got a mail unsubscribe."""
    with rush.engine.connect() as connection:
        found = list(connection.scalars(select(sends.c.id).order_by(sends.c.claimed_wall)))
    # Of whom nobody may mail any more there is little to see.
    if not found or wish.second < SELDOM:
        return []
    send = found[wish.first % len(found)]
    return [Act(str(send), partial(take_opt_out, rush.engine, send, rush.now))]


def say_of_doubt(rush: Rush, wish: Wish) -> list[Act]:
    """Settle a mail in doubt by an operator's word."""
    runs = [run for run in rush.of("live") if run.doubt]
    if not runs:
        return []
    run = runs[wish.first % len(runs)]
    word = Word(accepted=wish.second % 2 == 0, who="olga", why="", wall=rush.now)
    return rush.ordered(run, partial(settle_at, rush.engine, UUID(run.doubt), word, rush.now))


def relay(rush: Rush) -> list[Act]:
    """Let the relay find that workflows are gone."""
    told, rush.gone = rush.gone, []

    def pass_on() -> None:
        with rush.engine.begin() as connection:
            pass_on_vanished(connection, told)

    return [Act(f"{len(told)} are gone", pass_on)] if told else []


def _order(
    rush: Rush, wish: Wish, action: Literal["exit", "pause", "resume"], runs: list[Run]
) -> list[Act]:
    if not runs:
        return []
    run = runs[wish.first % len(runs)]
    return rush.ordered(run, partial(_command, rush, run, action))


def _command(rush: Rush, run: Run, action: Literal["exit", "pause", "resume"]) -> object:
    order = Order(action=action, who="olga", wall=rush.now)
    place = waiting(rush.engine, run.workflow_id)
    if place is not None and action == "exit":
        return call_off(rush.engine, place, who="olga", why="", at=rush.now)
    row = run.workflow_id if run.enrolled is None else run.row
    answer = commit_order(rush.engine, row, order)
    if isinstance(answer, Commanded) and action == "exit":
        rush.ended.setdefault(row, rush.tick())
    return answer


def _change(rush: Rush, run: Run, news: Change) -> object:
    try:
        return asyncio.run(commit_change(_nowhere, rush.engine, run.workflow_id, news))
    except ConnectionError as error:
        return f"it has ended: {error}"


async def _nowhere() -> Never:
    raise ConnectionError("Temporal would know")
