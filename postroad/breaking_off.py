"""Ctrl-C in the middle of long work: one sentence says what is kept, and how to go on."""

from collections.abc import Iterator
from contextlib import contextmanager

from postroad.printing import complain


class Kept:
    """What is kept of work so far, in words that the work changes as it goes on."""

    def __init__(self, words: str) -> None:
        self.words = words


@contextmanager
def telling_what_is_kept(at_first: str) -> Iterator[Kept]:
    """Say what is kept if a person breaks off what is done in here."""
    kept = Kept(at_first)
    try:
        yield kept
    except KeyboardInterrupt:
        complain(f"broken off: {kept.words}")
        raise
