"""`python -m bench [NAME…]`: measure, tell, and write the results."""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path

from bench import history, lists, mails, sending, signals, simulate, throughput
from bench.figures import FULL, QUICK, Report, Say, Size
from bench.load import storm, waking
from bench.machine import load
from bench.writing import write

_RESULTS = Path(__file__).parent / "results"

_MEASUREMENTS: dict[str, Callable[[Size, Say], Coroutine[None, None, Report]]] = {
    "simulate": simulate.measure,
    "history": history.measure,
    "sending": sending.measure,
    "signals": signals.measure,
    "lists": lists.measure,
    "mails": mails.measure,
    "throughput": throughput.measure,
    "storm": storm.measure,
    "waking": waking.measure,
}

_COUNTS = {
    "events": "how many events storm the webhooks app, at 50,000 a minute",
    "listeners": "how many enrollments listen to them",
    "waking": "how many enrollments wake in the same minute",
}


def main(arguments: list[str]) -> int:
    """Measure what is named, all of it if nothing is, and write it down; always exit with 0.

    A limit that is not kept is told in the results: how fast a busy machine is, is no fault.
    """
    chosen = _parser().parse_args(arguments)
    size = _size(chosen)
    began = time.monotonic()
    for name in chosen.names or _MEASUREMENTS:
        write(chosen.into, name, _measured(name, size))
    sys.stdout.write(f"{time.monotonic() - began:.0f} s; the results are in {chosen.into}\n")
    return 0


def _size(chosen: argparse.Namespace) -> Size:
    usual = QUICK if chosen.quick else FULL
    named = {name: getattr(chosen, name) for name in _COUNTS if getattr(chosen, name)}
    return replace(usual, **named)


def _measured(name: str, size: Size) -> Report:
    before = load()
    report = asyncio.run(_MEASUREMENTS[name](size, _saying(name)))
    return report.model_copy(update={"load": (before, load())})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *_MEASUREMENTS], metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to see that it runs")
    for name, what in _COUNTS.items():
        parser.add_argument(f"--{name}", type=int, metavar="N", help=what)
    parser.add_argument("--into", type=Path, default=_RESULTS, help="folder of the results")
    return parser


def _saying(name: str) -> Say:
    def say(words: str) -> None:
        sys.stdout.write(f"{name}: {words}\n")
        sys.stdout.flush()

    return say


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
