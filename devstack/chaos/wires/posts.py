"""What becomes of requests to SendGrid, by the plan: the n-th one meets the n-th one's fault."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

from devstack.chaos.plan import PostFault
from devstack.chaos.wires.exchanges import Exchange
from devstack.chaos.wires.messages import refusal
from devstack.chaos.wires.violence import STOPPED, Violence

_GIVES_UP = 30.0
"""After so many seconds each client of ours has given up."""


class Posts:
    """Counts the requests of all workers, and strikes."""

    def __init__(self, faults: Mapping[int, PostFault], violence: Violence) -> None:
        self.number = 0
        self.struck: Counter[PostFault] = Counter()
        self._faults, self._violence = faults, violence

    async def decide(self, exchange: Exchange) -> None:
        """Let a request through, or let its fault have it."""
        self.number += 1
        fault = self._faults.get(self.number)
        if fault is None:
            await exchange.reply(await exchange.forward())
            return
        self.struck[fault] += 1
        await _STRIKE_BY_FAULT[fault](exchange, self._violence)


async def _drop(exchange: Exchange, _violence: Violence) -> None:
    exchange.hang_up()


async def _limit(exchange: Exchange, _violence: Violence) -> None:
    await exchange.reply(refusal(429, "too many requests", "X-RateLimit-Remaining: 0"))


async def _fail_before(exchange: Exchange, _violence: Violence) -> None:
    await exchange.reply(refusal(503, "service unavailable"))


async def _fail_after(exchange: Exchange, _violence: Violence) -> None:
    await exchange.forward()
    await exchange.reply(refusal(500, "internal error"))


async def _be_silent(exchange: Exchange, _violence: Violence) -> None:
    await exchange.gone(_GIVES_UP)
    exchange.hang_up()


async def _be_silent_after(exchange: Exchange, _violence: Violence) -> None:
    await exchange.forward()
    await exchange.gone(_GIVES_UP)
    exchange.hang_up()


async def _be_late(exchange: Exchange, _violence: Violence) -> None:
    await exchange.gone(_GIVES_UP)
    await exchange.forward()
    exchange.hang_up()


async def _cut(exchange: Exchange, _violence: Violence) -> None:
    answered = await exchange.forward() or b""
    await exchange.reply(answered[: len(answered) // 2])
    exchange.writer.close()


async def _kill_before(exchange: Exchange, violence: Violence) -> None:
    violence.kill(exchange.door)
    exchange.hang_up()


async def _kill_after(exchange: Exchange, violence: Violence) -> None:
    await exchange.forward()
    violence.kill(exchange.door)
    exchange.hang_up()


async def _stop(exchange: Exchange, violence: Violence) -> None:
    violence.stop(exchange.door, STOPPED)
    await exchange.reply(await exchange.forward())


_STRIKE_BY_FAULT: Mapping[PostFault, Callable[[Exchange, Violence], Awaitable[None]]] = {
    PostFault.DROPPED: _drop,
    PostFault.TOO_MANY: _limit,
    PostFault.UNAVAILABLE: _fail_before,
    PostFault.ERROR_AFTER: _fail_after,
    PostFault.SILENT: _be_silent,
    PostFault.SILENT_AFTER: _be_silent_after,
    PostFault.LATE: _be_late,
    PostFault.CUT_AFTER: _cut,
    PostFault.KILLED_BEFORE: _kill_before,
    PostFault.KILLED_AFTER: _kill_after,
    PostFault.STOPPED: _stop,
}
