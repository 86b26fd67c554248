"""What becomes of what SendGrid tells our webhooks, by the plan: its n-th post."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

from pydantic_core import from_json

from devstack.chaos.plan import EventFault
from devstack.chaos.wires.exchanges import Exchange
from devstack.chaos.wires.messages import asked, body_of, status_of
from devstack.chaos.wires.violence import Violence

_EVENTS, _MAIL = b"POST /webhooks/sendgrid", b"POST /webhooks/inbound"
_TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"
_HARMLESS = {"processed", "delivered"}
_LATE, _AGAIN = 15.0, 1.0
_SERVER_ERROR = 500
_NAME, _SIGNALS = "webhooks", "webhooks:temporal"


class Returns:
    """Counts the posts, and strikes; everything else that comes to the webhooks passes."""

    def __init__(self, faults: Mapping[int, EventFault], violence: Violence) -> None:
        self.number = 0
        self.struck: Counter[EventFault] = Counter()
        self.withheld: set[str] = set()
        """The ids of our sends whose delivery is never told of."""
        self._faults, self._violence = faults, violence
        self._late: set[asyncio.Task[None]] = set()

    async def decide(self, exchange: Exchange) -> None:
        """Let a request through, or let its fault have it."""
        fault = None
        if exchange.request.startswith((_EVENTS, _MAIL)):
            self.number += 1
            fault = self._faults.get(self.number)
        if fault is None or (fault is EventFault.NEVER and not _is_harmless(exchange)):
            await exchange.reply(await exchange.forward())
            return
        self.struck[fault] += 1
        await _STRIKE_BY_FAULT[fault](self, exchange)

    async def all_brought(self) -> None:
        """Wait until what is late has come."""
        while self._late:
            await asyncio.wait(set(self._late))

    async def never(self, exchange: Exchange) -> None:
        """Take it, and bring it nowhere."""
        self.withheld.update(_sends(exchange))
        await exchange.reply(_TAKEN)

    async def late(self, exchange: Exchange) -> None:
        """Take it, and bring it when much has happened since."""
        task = asyncio.create_task(_bring_late(exchange))
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        await exchange.reply(_TAKEN)

    async def twice(self, exchange: Exchange) -> None:
        """Bring it, and bring it again."""
        await exchange.forward()
        await exchange.reply(await exchange.forward())

    async def unanswered(self, exchange: Exchange) -> None:
        """Bring it, and lose the answer: it will be told again."""
        await exchange.forward()
        exchange.hang_up()

    async def killed_before(self, exchange: Exchange) -> None:
        """Kill the webhooks app before it has the post."""
        self._violence.kill(_NAME)
        exchange.hang_up()

    async def killed_after(self, exchange: Exchange) -> None:
        """Kill it when it has stored the post and answered, and surely has signalled nobody."""
        self._violence.hold(_SIGNALS)
        try:
            answered = await exchange.forward()
            self._violence.kill(_NAME)
        finally:
            self._violence.release(_SIGNALS)
        await exchange.reply(answered)


async def _bring_late(exchange: Exchange) -> None:
    await asyncio.sleep(_LATE)
    while True:
        answered = await asked(exchange.to, exchange.request)
        if answered is not None and status_of(answered) < _SERVER_ERROR:
            return
        await asyncio.sleep(_AGAIN)


def _is_harmless(exchange: Exchange) -> bool:
    return {event.get("event") for event in _told(exchange)} <= _HARMLESS


def _sends(exchange: Exchange) -> set[str]:
    return {str(event["seq_send_id"]) for event in _told(exchange) if "seq_send_id" in event}


def _told(exchange: Exchange) -> list[dict[str, object]]:
    if not exchange.request.startswith(_EVENTS):
        return [{"event": "inbound"}]
    events: list[dict[str, object]] = from_json(body_of(exchange.request))
    return events


_STRIKE_BY_FAULT: Mapping[EventFault, Callable[[Returns, Exchange], Awaitable[None]]] = {
    EventFault.NEVER: Returns.never,
    EventFault.LATE: Returns.late,
    EventFault.TWICE: Returns.twice,
    EventFault.UNANSWERED: Returns.unanswered,
    EventFault.KILLED_BEFORE: Returns.killed_before,
    EventFault.KILLED_AFTER: Returns.killed_after,
}
