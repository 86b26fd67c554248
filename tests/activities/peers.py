"""Peers on loopback that answer as a script says, down to the socket."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Script = Callable[[socket.socket], None]

_ENOUGH = 5


@dataclass
class Peer:
    """A listening peer and the requests that it has read."""

    port: int
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def a_peer(script: Script, *, reads: bool = True) -> Iterator[Peer]:
    """Serve each connection by the script, after the whole request was read if it `reads`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        peer = Peer(listener.getsockname()[1])
        over = threading.Event()
        serving = threading.Thread(
            target=_serve, args=(listener, peer, script, over), kwargs={"reads": reads}
        )
        serving.start()
        try:
            yield peer
        finally:
            over.set()
            if isinstance(script, Silence):
                script.end()
            with socket.create_connection(("127.0.0.1", peer.port)):
                serving.join(_ENOUGH)


def answering(status: int, body: str = "", **headers: str) -> Script:
    """Give a whole answer."""
    lines = [f"HTTP/1.1 {status} Word", f"Content-Length: {len(body.encode())}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return saying("\r\n".join([*lines, "", body]))


def saying(text: str) -> Script:
    """Say these words and close."""

    def say(connection: socket.socket) -> None:
        connection.sendall(text.encode())

    return say


def closing(_connection: socket.socket) -> None:
    """Close without a word."""


def resetting(connection: socket.socket) -> None:
    """Break the connection off."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def half_closing(connection: socket.socket) -> None:
    """Say that there is nothing to say, and go on listening until the other side closes."""
    connection.shutdown(socket.SHUT_WR)
    connection.recv(1)


class Silence:
    """Say nothing until told to stop."""

    def __init__(self) -> None:
        self._over = threading.Event()

    def __call__(self, _connection: socket.socket) -> None:
        self._over.wait(_ENOUGH)

    def end(self) -> None:
        self._over.set()


def _serve(
    listener: socket.socket, peer: Peer, script: Script, over: threading.Event, *, reads: bool
) -> None:
    while True:
        connection, _ = listener.accept()
        with connection:
            if over.is_set():
                return
            if reads:
                peer.requests.append(_request(connection))
            script(connection)


def _request(connection: socket.socket) -> bytes:
    read = b""
    while b"\r\n\r\n" not in read:
        read += connection.recv(65_536)
    head, _, body = read.partition(b"\r\n\r\n")
    lengths = (
        int(line.partition(b":")[2])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length")
    )
    length = next(lengths, 0)
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body
