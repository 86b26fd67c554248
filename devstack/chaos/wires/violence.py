"""What the wires may do to processes."""

from typing import Protocol

STOPPED = 75.0
"""How long a worker is stopped: an activity that sends may take 60 seconds."""


class Violence(Protocol):
    """Ends, stops and cuts off processes by their names, such as `worker-1`."""

    def kill(self, name: str) -> None:
        """Kill at once, if it runs."""

    def stop(self, name: str, seconds: float) -> None:
        """Stop it at once, and let it go on after so many seconds."""

    def hold(self, wire: str) -> None:
        """Let nothing through a wire such as `webhooks:temporal`."""

    def release(self, wire: str) -> None:
        """Let through what was held."""
