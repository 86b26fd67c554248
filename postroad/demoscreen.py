"""What one sees while the demo runs: a live table in a terminal, a line a day in a pipe."""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from devstack.demo.shapes import Mishap, News, Phase, Prepared, Progressed
from storage.results import Results

_NUMBERS = ("sent", "opened", "clicked", "replied", "unsubscribed", "bounced")
_REMEMBERED = 8
_STARTING = "Starting PostgreSQL, Temporal, the SendGrid emulator, the worker and the webhooks app"
_PLAYING = "Skipping time, half a day at once"


class Screen:
    """Shows the news as they come."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began = time.monotonic()
        self._spinner = Spinner("dots", text=_STARTING)
        self._progress: Progressed | None = None
        self._did: deque[str] = deque(maxlen=_REMEMBERED)
        self._day = 0

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show it while this lasts; afterwards only what was said for good stays."""
        if not self._console.is_terminal:
            self.say(_STARTING)
            yield
            return
        with Live(
            get_renderable=self._render, console=self._console, transient=True, refresh_per_second=8
        ):
            yield

    def say(self, words: str) -> None:
        """Say something for good, above the table, with the seconds that have passed."""
        passed = time.monotonic() - self._began
        self._console.print(Text(f"{passed:5.1f} s  {words}"), highlight=False, soft_wrap=True)

    def hear(self, news: News) -> None:
        """Take in what happens."""
        match news:
            case Phase():
                self._spinner.update(text=news.title)
                self.say(news.title)
            case Prepared():
                self._spinner.update(text=_PLAYING)
                self.say(_prepared(news))
                self.say(_PLAYING)
            case Progressed():
                self._take(news)
            case Mishap():
                manner = news.words.partition(". ")[0]
                self.say(f"{manner}, and was started again: {_PATIENCE}")

    def _take(self, news: Progressed) -> None:
        self._progress = news
        self._did.extend(f"day {news.day}: {words}" for words in news.did)
        if not self._console.is_terminal and news.day > self._day:
            self.say(_in_a_line(news))
        self._day = news.day

    def _render(self) -> RenderableType:
        if self._progress is None:
            return self._spinner
        return Group(
            self._spinner,
            Text(""),
            Text(_in_a_line(self._progress), style="bold"),
            Text(""),
            _table(self._progress.results),
            Text(""),
            *(Text(_endings(one)) for one in self._progress.results),
            Text(""),
            *(Text(words, style="dim") for words in self._did),
        )


def _prepared(news: Prepared) -> str:
    refused = ", ".join(f"{count} {reason}" for reason, count in news.refused.items())
    imported = news.imported
    return (
        f"{imported.rows} rows: {imported.created} contacts, {len(imported.repeated)} repeated, "
        f"{len(imported.refused)} unusable; {news.enrolled} enrolled, refused: {refused or 'none'}"
    )


def _in_a_line(news: Progressed) -> str:
    live = sum(one.live for one in news.results)
    over = sum(one.enrolled for one in news.results) - live
    mails = sum(step.sent for one in news.results for step in one.steps)
    return f"day {news.day}, {news.at:%a %d %b %H:%M} UTC: {live} live, {over} over, {mails} mails"


def _table(results: tuple[Results, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("mail")
    for name in _NUMBERS:
        table.add_column(name, justify="right")
    for one in results:
        table.add_row(Text(one.sequence, style="bold"))
        for step in one.steps:
            table.add_row(f"  {step.step}", *(str(getattr(step, name)) for name in _NUMBERS))
    return table


def _endings(one: Results) -> str:
    named = (f"{count} {name}" for name, count in one.endings.items())
    return f"{one.sequence}: {', '.join((f'{one.live} live', *named))}"


_PATIENCE = "what it had begun is taken up when Temporal gives it up, within a minute."
