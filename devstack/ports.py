"""Free TCP ports on the loopback address."""

import secrets
import socket
from collections.abc import Collection

LOOPBACK = "127.0.0.1"

# Below the ranges from which Linux (32768-60999) and macOS (49152-65535) give out ports for
# outgoing connections, so that nothing takes the port between finding and using it.
_LOWEST, _HIGHEST = 12_000, 32_000
_NEIGHBOURS = 20


class PortTakenError(Exception):
    """A wanted port is in use by somebody else."""

    def __init__(self, port: int, wanted_by: str) -> None:
        super().__init__(
            f"{wanted_by} cannot listen on {LOOPBACK}:{port}, because another program does: "
            f"stop that program, or choose another port."
        )
        self.port = port


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Tell whether a server accepts connections on this loopback port now."""
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True


def free_port(usual: int | None = None, *, besides: Collection[int] = ()) -> int:
    """Find a free port: the usual one, else one just above it, else any; never one of `besides`."""
    nearby = () if usual is None else range(usual, usual + _NEIGHBOURS)
    for port in nearby:
        if port not in besides and is_free(port):
            return port
    while True:
        port = _LOWEST + secrets.randbelow(_HIGHEST - _LOWEST)
        if port not in besides and is_free(port):
            return port


def require_free(port: int, wanted_by: str) -> None:
    """Raise PortTakenError if somebody listens on this loopback port."""
    if not is_free(port):
        raise PortTakenError(port, wanted_by)
