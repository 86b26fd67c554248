"""How long work tells how far it is."""

from collections.abc import Callable

Watch = Callable[[int, int], None]
"""Hears (done, of all), now and again."""


def unwatched(_done: int, _of_all: int, /) -> None:
    """Hear nothing."""
