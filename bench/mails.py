"""How well mail that comes back is told apart, on the labelled mails in tests/mail."""

import csv
import time
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from bench.figures import Figure, Report, Say, Size, percentile
from inbound.classifying.classify import classify
from inbound.classifying.verdicts import Kind, Verdict
from inbound.classifying.wording.tables import tables
from inbound.mime import parse_mime

MAILS = Path(__file__).parents[1] / "tests" / "mail"

_ABOUT = """The labelled mails in tests/mail, each as its kind, with its first day back. They were
written for this and mended on, so that they tell what broke, not how good it is with others."""

_LETS_RUN_ON = {Kind.OUT_OF_OFFICE, Kind.AUTO_ACK, Kind.DELAYED, Kind.READ_RECEIPT}
_SUPPRESSES = {Kind.OPT_OUT, Kind.LEFT_COMPANY, Kind.BOUNCE_HARD, Kind.COMPLAINT}


class Judged(NamedTuple):
    """A mail, what it is, and what it was taken for."""

    file: str
    kind: Kind
    return_date: date | None
    verdict: Verdict
    took: float


def judged() -> list[Judged]:
    """Classify all labelled mails."""
    tables()
    with (MAILS / "labels.csv").open(encoding="utf-8", newline="") as labels:
        return [_judged(row) for row in csv.DictReader(labels)]


def _judged(row: dict[str, str]) -> Judged:
    message = parse_mime((MAILS / row["file"]).read_bytes())
    began = time.process_time()
    verdict = classify(message, date.fromisoformat(row["now"]))
    took = time.process_time() - began
    back = date.fromisoformat(row["return_date"]) if row["return_date"] else None
    return Judged(row["file"], Kind(row["kind"]), back, verdict, took)


def macro_f1(found: Iterable[Judged]) -> float:
    """Give the mean over the kinds of the harmonic mean of precision and recall."""
    pairs = Counter((one.kind, one.verdict.kind) for one in found)
    kinds = {kind for kind, _ in pairs}
    return sum(_f1(pairs, kind) for kind in kinds) / len(kinds)


def _f1(pairs: Counter[tuple[Kind, Kind]], kind: Kind) -> float:
    right = pairs[kind, kind]
    wrong = sum(count for pair, count in pairs.items() if (pair[0] is kind) != (pair[1] is kind))
    return 2 * right / (2 * right + wrong)


def costly(found: Iterable[Judged]) -> dict[str, list[str]]:
    """Give the mails of each error that costs more than a wrong number."""
    told = list(found)
    humans = [one for one in told if one.kind is Kind.HUMAN_REPLY]
    away = [one for one in told if one.kind is Kind.OUT_OF_OFFICE]
    return {
        "people who are mailed on": _files(one for one in humans if _is(one, _LETS_RUN_ON)),
        "people who are suppressed": _files(one for one in humans if _is(one, _SUPPRESSES)),
        "wishes not heard": _files(
            one for one in told if one.kind is Kind.OPT_OUT and not one.verdict.opt_out
        ),
        "absences taken for people": _files(one for one in away if _is(one, {Kind.HUMAN_REPLY})),
        "dates too early": _files(one for one in away if _is_early(one)),
        "dates not exact": _files(
            one for one in away if one.return_date != one.verdict.return_date
        ),
    }


def _is(one: Judged, kinds: set[Kind]) -> bool:
    return one.verdict.kind in kinds


def _is_early(one: Judged) -> bool:
    back = one.verdict.return_date
    return back is not None and one.return_date is not None and back < one.return_date


def _files(found: Iterable[Judged]) -> list[str]:
    return [one.file for one in found]


async def measure(size: Size, say: Say) -> Report:
    """Classify them all and count; how many there are does not depend on the `size`."""
    del size
    found = judged()
    errors = costly(found)
    f1 = macro_f1(found)
    say(f"macro F1 {f1:.3f} over {len(found)} mails")
    times = [one.took * 1_000 for one in found]
    figures = (
        Figure(what="macro F1", measured=f1, unit="", limit=0.97, sense="at least"),
        *(Figure(what=what, measured=len(files), unit="") for what, files in errors.items()),
        Figure(what="CPU time, 99 of 100", measured=percentile(times, 0.99), unit="ms", limit=20),
    )
    return Report(about=_ABOUT, figures=figures, notes=_confused(found))


def _confused(found: Iterable[Judged]) -> tuple[str, ...]:
    wrong = Counter((one.kind, one.verdict.kind) for one in found if one.kind != one.verdict.kind)
    return tuple(f"{count} of {kind} taken for {taken}" for (kind, taken), count in wrong.items())
