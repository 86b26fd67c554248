"""The gate in front of `POST /v3/mail/send` through which faults strike."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, TypeAlias, runtime_checkable

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from devstack.emulator import problems
from devstack.emulator.answers import rate_limit_headers, refusal
from devstack.emulator.faults import Fault, FaultKind, Faults
from devstack.emulator.moments import Clock
from devstack.emulator.problems import Problem

_GATED = "/v3/mail/send"
_ACCEPTED = 202

_ANSWER_BY_KIND: Mapping[FaultKind, tuple[int, Problem]] = {
    FaultKind.UNAUTHORIZED: (401, problems.UNAUTHORIZED),
    # A quota, not a bad key, and yet a 401 (reference 1.2).
    FaultKind.CREDITS_EXCEEDED: (401, problems.CREDITS_EXCEEDED),
    FaultKind.FORBIDDEN: (403, problems.FORBIDDEN),
    FaultKind.TOO_MANY_REQUESTS: (429, problems.TOO_MANY_REQUESTS),
    FaultKind.BAD_REQUEST: (400, problems.BAD_REQUEST),
    FaultKind.UNAVAILABLE: (503, problems.UNAVAILABLE),
}


@runtime_checkable
class _Abortable(Protocol):
    def abort(self) -> None: ...


class _Exchange:
    """One request with its two ends, as ASGI has them."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.receive, self.send = scope, receive, send

    async def read(self) -> None:
        while (await self.receive()).get("more_body"):
            pass

    async def gone(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def answer(self, response: Response) -> None:
        await response(self.scope, self.receive, self.send)

    async def hang_up(self) -> None:
        # ASGI has no word for it, so this asks uvicorn, whose request cycle owns `receive`.
        cycle = getattr(self.receive, "__self__", None)
        transport = getattr(cycle, "transport", None)
        if not isinstance(transport, _Abortable):
            raise ConnectionResetError("The emulator hangs up.")
        transport.abort()
        await self.gone()


_Strike: TypeAlias = Callable[["FaultGate", _Exchange, Fault], Awaitable[None]]


class FaultGate:
    """ASGI middleware: lets requests through to the app, or lets a fault strike them."""

    def __init__(self, app: ASGIApp, faults: Faults, clock: Clock) -> None:
        self._app, self._faults, self._clock = app, faults, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        gated = scope["type"] == "http" and scope["path"] == _GATED
        fault = self._faults.strike() if gated else None
        if fault is None:
            await self._app(scope, receive, send)
        else:
            await _STRIKE_BY_KIND[fault.kind](self, _Exchange(scope, receive, send), fault)

    async def refuse(self, exchange: _Exchange, _fault: Fault) -> None:
        """Close the connection before anything is read."""
        await exchange.hang_up()

    async def delay(self, exchange: _Exchange, fault: Fault) -> None:
        """Serve the request, but late."""
        await asyncio.sleep(fault.seconds)
        await self._app(exchange.scope, exchange.receive, exchange.send)

    async def turn_away(self, exchange: _Exchange, fault: Fault) -> None:
        """Answer with an error; nothing is accepted."""
        status, problem = _ANSWER_BY_KIND[fault.kind]
        limited = fault.kind is FaultKind.TOO_MANY_REQUESTS
        reset = {"reset": fault.seconds} if limited else {}
        headers = rate_limit_headers(self._clock(), exhausted=limited, **reset)
        await exchange.read()
        await exchange.answer(refusal(status, problem, headers=headers))

    async def hang(self, exchange: _Exchange, fault: Fault) -> None:
        """Accept the mail and say nothing until the other side leaves or the time is over."""
        if await self._accepted(exchange):
            try:
                async with asyncio.timeout(fault.seconds):
                    await exchange.gone()
            except TimeoutError:
                await exchange.hang_up()

    async def close(self, exchange: _Exchange, _fault: Fault) -> None:
        """Accept the mail and close the connection without an answer."""
        if await self._accepted(exchange):
            await exchange.hang_up()

    async def fail(self, exchange: _Exchange, fault: Fault) -> None:
        """Accept the mail and answer that it failed."""
        if await self._accepted(exchange):
            await exchange.answer(refusal(fault.status, problems.INTERNAL_ERROR))

    async def cut(self, exchange: _Exchange, _fault: Fault) -> None:
        """Accept the mail and close the connection in the middle of the answer."""
        if await self._accepted(exchange):
            headers = [(b"content-length", b"1000")]
            await exchange.send(
                {"type": "http.response.start", "status": _ACCEPTED, "headers": headers}
            )
            await exchange.send({"type": "http.response.body", "body": b"{", "more_body": True})
            await exchange.hang_up()

    async def _accepted(self, exchange: _Exchange) -> bool:
        """Serve the request; pass the answer on unless it says that the mail is accepted."""
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)

        await self._app(exchange.scope, exchange.receive, hold)
        if held[0]["status"] == _ACCEPTED:
            return True
        for message in held:
            await exchange.send(message)
        return False


_STRIKE_BY_KIND: Mapping[FaultKind, _Strike] = {
    **dict.fromkeys(_ANSWER_BY_KIND, FaultGate.turn_away),
    FaultKind.REFUSE: FaultGate.refuse,
    FaultKind.SLOW: FaultGate.delay,
    FaultKind.HANG_AFTER_ACCEPT: FaultGate.hang,
    FaultKind.CLOSE_AFTER_ACCEPT: FaultGate.close,
    FaultKind.ERROR_AFTER_ACCEPT: FaultGate.fail,
    FaultKind.CUT_AFTER_ACCEPT: FaultGate.cut,
}
