"""Rounds in which many do something at once, each in a thread and with connections of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

from tests.rush.hesitating import hesitate_before


class Wish(NamedTuple):
    """Somebody would do something to whom or what the numbers name, as far as it can be done."""

    deed: str
    first: int
    second: int
    hesitates: int


@dataclass(frozen=True)
class Act:
    """What is done, and who takes in what came of it."""

    words: str
    do: Callable[[], object]
    learn: Callable[[object], None] = lambda _answer: None
    hesitates: int = 0


def all_at_once(threads: ThreadPoolExecutor, acts: list[Act]) -> list[tuple[Act, object]]:
    """Let all begin at one moment; give what came of each, an exception as well."""
    start = threading.Barrier(len(acts))

    def run(act: Act) -> object:
        hesitate_before(act.hesitates)
        start.wait(30)
        return act.do()

    done: list[tuple[Act, Future[object]]] = [(act, threads.submit(run, act)) for act in acts]
    return [(act, future.exception(60) or future.result()) for act, future in done]
