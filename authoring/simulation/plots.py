"""A picture of what became of many: mails per day and endings, as one SVG of our own.

Two bar charts need no library, and the file names no other address.
"""

from datetime import date, timedelta
from html import escape

from authoring.simulation.crowds import Summary

_WIDTH, _LEFT, _RIGHT = 960, 150, 30
_PLOT_HEIGHT, _ROW = 220, 26
_BARS, _GRID, _FONT = "#3b6ea5", "#d5d5d5", 'font-family="sans-serif" fill="#222222"'
_MOST_LABELS = 8
_WIDEST_BAR = 0.8


def plot(summary: Summary) -> str:
    """Draw the summary; gives SVG 1.1, 960 wide, which any browser shows."""
    days, rows = _days(summary), _ended(summary)
    bottom = 90 + _PLOT_HEIGHT
    height = bottom + 70 + _ROW * len(rows)
    title = f"{summary.sequence}: {summary.contacts} contacts, {summary.mails} mails"
    shape = f'width="{_WIDTH}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {shape} viewBox="0 0 {_WIDTH} {height}" {_FONT}>',
        f'<rect {shape} fill="#ffffff"/>',
        _text(20, 30, f"{title} (seed {summary.seed})", size=18),
        _text(20, 62, "mails per day"),
        *_columns(days, bottom),
        _text(20, bottom + 55, "endings"),
        *_bars(rows, bottom + 65),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _days(summary: Summary) -> list[tuple[str, int]]:
    if not summary.mails_per_day:
        return []
    first, *_, last = [*summary.mails_per_day, *summary.mails_per_day]
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    names = ((start + timedelta(days=day)).isoformat() for day in range((end - start).days + 1))
    return [(name, summary.mails_per_day.get(name, 0)) for name in names]


def _ended(summary: Summary) -> list[tuple[str, int]]:
    beside = {"(still waiting)": summary.waiting, "(refused)": summary.refused}
    return [*summary.endings.items(), *((name, count) for name, count in beside.items() if count)]


def _columns(days: list[tuple[str, int]], bottom: int) -> list[str]:
    most, wide = max((count for _, count in days), default=1), _WIDTH - _LEFT - _RIGHT
    each = wide / max(len(days), 1)
    every = -(-len(days) // _MOST_LABELS) or 1
    parts = [_line(bottom - _PLOT_HEIGHT, str(most)), _line(bottom, "0")]
    for number, (name, count) in enumerate(days):
        left, tall = _LEFT + number * each, _PLOT_HEIGHT * count / most
        parts.append(_rect(left, bottom - tall, each * _WIDEST_BAR, tall, f"{name}: {count}"))
        if number % every == 0:
            parts.append(_text(left, bottom + 18, name, size=11))
    return parts


def _bars(rows: list[tuple[str, int]], top: int) -> list[str]:
    most, wide = max((count for _, count in rows), default=1), _WIDTH - _LEFT - _RIGHT - 60
    parts: list[str] = []
    for number, (name, count) in enumerate(rows):
        y, long = top + number * _ROW, wide * count / most
        parts += [
            _text(_LEFT - 8, y + 15, name, anchor="end"),
            _rect(_LEFT, y, long, _ROW - 6, f"{name}: {count}"),
            _text(_LEFT + long + 6, y + 15, str(count)),
        ]
    return parts


def _text(x: float, y: float, words: str, *, size: int = 13, anchor: str = "start") -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
    return f"<text {where}>{escape(words)}</text>"


def _rect(x: float, y: float, width: float, height: float, words: str) -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect {where} fill="{_BARS}"><title>{escape(words)}</title></rect>'


def _line(y: float, words: str) -> str:
    drawn = f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="{_GRID}"/>'
    return drawn + _text(_LEFT - 8, y + 4, words, size=11, anchor="end")
