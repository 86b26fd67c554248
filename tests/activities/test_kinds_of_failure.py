"""What each kind of failure does to a mail: on the ledger, and to its enrollment."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Literal, NamedTuple

import pytest
from temporalio.exceptions import ApplicationError

from activities.live import LiveActivities
from activities.mailing.sendgrid import SendGrid
from schemas.decisions import Send, Wait
from schemas.outcomes import SendOutcome
from storage.sending import brakes
from tests.activities.peers import (
    Script,
    Silence,
    a_peer,
    answering,
    closing,
    half_closing,
    resetting,
    saying,
)
from tests.activities.world import ADDRESSES, KEY, WELCOME, World
from tests.builders import MONDAY, a_progress
from workflows.after.outcomes import after_send
from workflows.deciding.decisions import decide
from workflows.showing import state_of

Does = Literal["goes on", "tries again", "waits half an hour", "is held", "waits for a release"]
"""What an enrollment does about a mail."""

Way = Callable[[], AbstractContextManager[str]]
"""Makes a peer that fails so, and gives where it is."""


class Kind(NamedTuple):
    """A kind of failure, where the ledger then has the mail, and what its enrollment does."""

    name: str
    way: Way
    state: str
    does: Does
    brake: str = ""


def peer(script: Script, *, reads: bool = True, scheme: str = "http") -> Way:
    @contextmanager
    def made() -> Iterator[str]:
        with a_peer(script, reads=reads) as one:
            yield f"{scheme}://127.0.0.1:{one.port}"

    return made


@contextmanager
def refused() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    yield f"http://127.0.0.1:{port}"


@contextmanager
def unnamed() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", _no_such_name)
        yield "http://sendgrid.invalid"


@contextmanager
def unconnected() -> Iterator[str]:
    with socket.socket() as listener, socket.socket() as one, socket.socket() as two:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for waiting in (one, two):
            waiting.settimeout(0)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def _no_such_name(*_: object, **__: object) -> None:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def answered(status: int, **headers: str) -> Way:
    return peer(answering(status, '{"errors": [{"message": "No."}]}', **headers))


RESET = "X-RateLimit-Reset"
KINDS = (
    Kind("accepted", answered(202, X_Message_Id="abc"), "accepted", "goes on"),
    Kind("accepted, no message id", peer(answering(202)), "accepted", "goes on"),
    Kind("connection refused", refused, "retry", "tries again"),
    Kind("no such name", unnamed, "retry", "tries again"),
    Kind("timeout before connected", unconnected, "retry", "tries again"),
    Kind("no TLS", peer(saying("no"), reads=False, scheme="https"), "retry", "tries again"),
    Kind("reset in TLS", peer(resetting, reads=False, scheme="https"), "retry", "tries again"),
    Kind("closed in TLS", peer(closing, reads=False, scheme="https"), "retry", "tries again"),
    Kind("timeout after the request", peer(Silence()), "in_doubt", "waits half an hour"),
    Kind("reset after the request", peer(resetting), "in_doubt", "waits half an hour"),
    Kind("closed after the request", peer(closing), "in_doubt", "waits half an hour"),
    Kind("half closed after it", peer(half_closing), "in_doubt", "waits half an hour"),
    *(
        Kind(f"answer {said!r}", peer(saying(said)), "in_doubt", "waits half an hour")
        for said in (
            "nonsense\r\n\r\n",
            "HTTP/1.1 20",
            "HTTP/1.1 202 Accepted\r\nContent-Length: 9\r\n\r\n{",
            "HTTP/1.1 400 Bad\r\nContent-Length: 9\r\n\r\n{",
        )
    ),
    *(
        Kind(str(status), answered(status), "in_doubt", "waits half an hour")
        for status in (200, 201, 204, 500, 501, 502, 503, 504, 507, 599)
    ),
    *(
        Kind(str(status), answered(status), "refused", "is held")
        for status in (400, 402, 406, 408, 409, 410, 413, 414, 422, 451)
    ),
    Kind("413 in no words", peer(answering(413, "<html>")), "refused", "is held"),
    *(
        Kind(str(status), answered(status), "retry", "waits for a release", "account")
        for status in (301, 302, 303, 307, 308, 401, 404, 405, 415)
    ),
    Kind("403", answered(403), "retry", "waits for a release", "sender"),
    Kind("429 with a reset", answered(429, **{RESET: "1900000000"}), "retry", "tries again"),
    Kind("429 without", answered(429), "retry", "tries again"),
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_each_kind_of_failure_has_its_outcome(world: World, kind: Kind) -> None:
    world.publish()
    row = world.enrolled(world.contact())

    with kind.way() as url:
        door = SendGrid(KEY, url, timeout=0.3)
        facing = World(
            world.engine, world.emulator, url, LiveActivities(world.engine, door, ADDRESSES)
        )
        (outcome,) = await asyncio.gather(facing.send(row), return_exceptions=True)

    (send,) = world.sends_of(row)
    with world.engine.connect() as connection:
        standing = [one.of for one in brakes.standing(connection)]
    assert (send.state, done(outcome)) == (kind.state, kind.does)
    assert standing == ([kind.brake] if kind.brake else [])
    assert await world.mails() == []


def done(outcome: SendOutcome | BaseException) -> str:
    if isinstance(outcome, BaseException):
        assert isinstance(outcome, ApplicationError)
        assert outcome.type == "NotAccepted"
        return "tries again"
    progress = a_progress(WELCOME)
    send = decide(WELCOME, progress, MONDAY)
    assert isinstance(send, Send)
    after = after_send(WELCOME, progress, send, outcome, MONDAY)
    told = decide(WELCOME, after, MONDAY)
    assert isinstance(told, Wait)
    stands = state_of(WELCOME, after, MONDAY)
    if stands not in {"live", "braked"}:
        return {"in_doubt": "waits half an hour", "held": "is held"}[stands]
    return "waits for a release" if after.deferrals else "goes on"
