"""Results as files: one JSON a measurement, and one table of all."""

import json
from pathlib import Path

from pydantic import JsonValue, TypeAdapter

from bench.figures import Figure, Report
from bench.machine import described

_DIGITS = 3
_HEAD = """# What the product costs

Written by `make bench`; each figure with its limit, if it has one, from the same run. The load is
the number of processes that wanted a core: above the number of cores, what is measured by the
clock tells more of the neighbours than of the product.
"""


def write(folder: Path, name: str, report: Report) -> None:
    """Write what was measured, and the table of all results that the folder holds."""
    folder.mkdir(parents=True, exist_ok=True)
    held = {
        "name": name,
        "about": " ".join(report.about.split()),
        "machine": described(),
        "load": report.load,
        "figures": [_figure(figure) for figure in report.figures],
        "notes": report.notes,
        "runs": report.runs,
    }
    text = json.dumps(held, indent=2, ensure_ascii=False)
    (folder / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
    (folder / "README.md").write_text(_table(folder), encoding="utf-8")


def _figure(figure: Figure) -> dict[str, JsonValue]:
    return {
        "what": figure.what,
        "measured": _rounded(figure.measured),
        "unit": figure.unit,
        "limit": figure.limit,
        "sense": figure.sense,
        "holds": figure.holds,
    }


def _rounded(number: float) -> float:
    return float(f"{round(number, _DIGITS):.{_DIGITS}g}")


def _table(folder: Path) -> str:
    parts = [_HEAD]
    for path in sorted(folder.glob("*.json")):
        held = json.loads(path.read_text(encoding="utf-8"))
        rows = "\n".join(map(_row, _FIGURES.validate_python(held["figures"])))
        parts.append(
            f"## {held['name']}\n\n{held['about']}\n\n"
            f"| what | measured | limit | |\n|---|---:|---:|---|\n{rows}\n"
        )
        parts += [f"{note}\n" for note in held["notes"]]
        machine = ", ".join(f"{name} {value}" for name, value in held["machine"].items())
        before, after = held["load"]
        parts.append(f"Load {before:g} before, {after:g} after; {machine}.\n")
    return "\n".join(parts)


def _row(figure: Figure) -> str:
    limit = "" if figure.limit is None else f"{figure.sense} {figure.limit:g}"
    verdict = {True: "kept", False: "**missed**", None: ""}[figure.holds]
    measured = f"{figure.measured:g} {figure.unit}".strip()
    return f"| {figure.what} | {measured} | {limit} | {verdict} |"


_FIGURES = TypeAdapter(tuple[Figure, ...])
