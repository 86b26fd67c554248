"""The storm: each blow falls when as many mails have been accepted as the plan says."""

import asyncio
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

from devstack.chaos.crowd import Crowd
from devstack.chaos.house import House
from devstack.chaos.plan import Blow, Plan, Strike
from devstack.chaos.wires.violence import STOPPED

_HELD = 0.5


class Storm:
    """Strikes one blow after another; what it struck is counted."""

    def __init__(self, plan: Plan, house: House, crowd: Crowd) -> None:
        self.struck: Counter[Strike] = Counter()
        self._plan, self._house, self._crowd = plan, house, crowd

    async def rage(self) -> None:
        """Strike them all; when the crowd is done, what is left falls at once."""
        for blow in self._plan.blows:
            await self._crowd.until(blow.after)
            await _STRIKE[blow.strike](self._house, blow)
            self.struck[blow.strike] += 1


async def _kill_worker(house: House, blow: Blow) -> None:
    house.kill(blow.target)


async def _kill_webhooks(house: House, _blow: Blow) -> None:
    house.kill("webhooks")


async def _kill_temporal(house: House, _blow: Blow) -> None:
    await house.restart("temporal", signal.SIGKILL)


async def _restart_postgres(house: House, _blow: Blow) -> None:
    await house.restart("postgres")


async def _crash_postgres(house: House, _blow: Blow) -> None:
    await house.restart("postgres", signal.SIGQUIT)


async def _stop_worker(house: House, blow: Blow) -> None:
    # Whatever claims are committed now, it hears of only when it goes on.
    wire = f"{blow.target}:postgres"
    house.hold(wire)
    await asyncio.sleep(_HELD)
    house.stop(blow.target, STOPPED)
    await asyncio.sleep(STOPPED)
    house.release(wire)


async def _cut(house: House, blow: Blow) -> None:
    house.link(blow.target).cut()


async def _deafen(house: House, blow: Blow) -> None:
    link = house.link(blow.target)
    link.is_deaf = True
    await asyncio.sleep(blow.seconds)
    link.is_deaf = False
    link.cut()


async def _mute(house: House, blow: Blow) -> None:
    link = house.link(blow.target)
    link.is_mute = True
    await asyncio.sleep(blow.seconds)
    link.is_mute = False
    link.cut()


async def _redeploy(house: House, _blow: Blow) -> None:
    for name in house.workers:
        await house.restart(name)


_STRIKE: Mapping[Strike, Callable[[House, Blow], Awaitable[None]]] = {
    Strike.KILL_WORKER: _kill_worker,
    Strike.KILL_WEBHOOKS: _kill_webhooks,
    Strike.KILL_TEMPORAL: _kill_temporal,
    Strike.RESTART_POSTGRES: _restart_postgres,
    Strike.CRASH_POSTGRES: _crash_postgres,
    Strike.STOP_WORKER: _stop_worker,
    Strike.CUT: _cut,
    Strike.DEAF: _deafen,
    Strike.MUTE: _mute,
    Strike.REDEPLOY: _redeploy,
}
