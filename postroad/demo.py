"""`postroad dev demo`: the first example, played through on real servers."""

import sys
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, NoReturn
from urllib.parse import quote

import typer
from rich.console import Console

from devstack.demo.demo import demonstrate, sequences_of
from devstack.demo.shapes import Checked, Chosen, DemoFailedError, Ended, Rehearsed, Told
from devstack.ports import PortTakenError
from devstack.processes import ChildFailedError
from devstack.stack import Stack
from devstack.state import StackRunningError
from devstack.timeskip import SkipFailedError
from postroad.demoscreen import Screen
from postroad.printing import Side, complain, refuse, say, show_rows
from postroad.report import show_report
from postroad.show import show_story
from runtime.stackfile import StackFile
from schemas.names import ATTRIBUTE_ENDING

_FAULTS = (
    *(StackRunningError, PortTakenError, ChildFailedError, SkipFailedError, DemoFailedError),
)
_INTERRUPTED = 130
_WIDTH = 80


def demo(
    sequence: Annotated[
        str | None, typer.Argument(help="The one to watch (default: a short run of all).")
    ] = None,
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the stack running afterwards, until Ctrl-C.")
    ] = False,
    kill_worker_after_slice: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="N",
            help="Kill the worker (SIGKILL) in the midst of its work after N slices: "
            "everything must still hold.",
        ),
    ] = None,
) -> None:
    """Watch sequences do their work on real servers, days in seconds.

    Starts the stack anew (what `.postroad/` held is thrown away), enrolls contacts of a CRM's
    export in outbound-vp-ops and skips the days, while they act by a fixed script; of each other
    sequence a scenario is lived, of a named one all. Then it checks itself: the exit status is 1
    if a promise was not kept. `make up` opens the same stack again.
    """
    try:
        sequences_of(sequence)
        _run(sequence, keep=keep, kill_after=kill_worker_after_slice)
    except _FAULTS as fault:
        refuse(str(fault))


def _run(sequence: str | None, *, keep: bool, kill_after: int | None) -> None:
    screen = Screen(Console())
    stack = Stack(Path.cwd(), say=screen.say, fresh=True)
    ends: list[Told] = []
    with ExitStack() as live:
        live.enter_context(screen.shown())

        def show(record: StackFile) -> None:
            told = demonstrate(stack, sequence, screen.hear, kill_worker_after_slice=kill_after)
            live.close()
            show_told(told)
            look_further(record, told, keep=keep)
            ends.append(told)

        stack.serve(show, keep=keep)
    _leave(ends)


def _leave(ends: list[Told]) -> NoReturn:
    if not ends:
        complain("the demo was interrupted before its end: the stack has stopped")
        raise typer.Exit(_INTERRUPTED)
    broken = [check for check in ends[0].checks if not check.kept]
    if broken:
        refuse(f"{len(broken)} of {len(ends[0].checks)} promises were not kept: see BROKEN above")
    raise typer.Exit(0)


def look_further(record: StackFile, told: Told, *, keep: bool) -> None:
    """Print where to look: pages and commands, with names that the story has made."""
    story = told.chosen[0].stories[0] if told.chosen else None
    ending = told.endings[0].ending if told.endings else "completed"
    query = quote(f'{ATTRIBUTE_ENDING}="{ending}"')
    runs = f"{record.temporal_ui_url}/namespaces/{record.temporal_namespace}/workflows"
    places = {
        f"{runs}?query={query}": f"Temporal's UI, those that ended as {ending}",
        record.inbox_url: "every mail as its recipient saw it",
        f"{_called()} list --ending {ending}": "the same in the terminal",
        f"{_called()} show {story.workflow_id if story else 'ENROLLMENT'}": "one story",
        f"{_called()} tasks list --all": "what the reps had to do",
    }
    opened = "All of it runs until Ctrl-C." if keep else "`make up` opens all of it again:"
    say(f"{_rule('To look further')}{opened}\n")
    for place, what in places.items():
        say(f"{what}\n  {place}")


def _called() -> str:
    called = Path(sys.argv[0])
    return str(called) if called.name == "postroad" else "postroad"


def show_told(told: Told) -> None:
    """Print the story: endings, three contacts' timelines, the numbers, the checks."""
    if told.days:
        say(f"\nAll is over after {told.days} days.\n")
    _show_rehearsed(told.rehearsed)
    _show_counts("ended as", told.endings)
    _show_counts("not enrolled", told.refused)
    for chosen in told.chosen:
        _show_chosen(chosen)
    for report in told.reports:
        say(_rule(f"The numbers of {report.sequence}"))
        show_report(report)
    say(_rule("The checks"))
    for check in told.checks:
        _show_check(check)
    phases = ", ".join(f"{one.phase} {one.seconds:.1f} s" for one in told.took)
    say(f"\n{phases}")


def _show_counts(title: str, counts: Iterable[Ended]) -> None:
    show_rows(
        {title: "left", "in": "left", "contacts": "right"},
        ((one.ending, one.sequence, str(one.count)) for one in counts),
    )
    say("")


def _show_rehearsed(rehearsed: tuple[Rehearsed, ...]) -> None:
    if rehearsed:
        columns: dict[str, Side] = {"sequence": "left", "mails": "right"}
        show_rows(
            {**columns, "ended as": "left", "scenario": "left", "as written": "left"},
            (
                (one.sequence, str(one.mails), one.ending, one.scenario, _yes_or_no(one))
                for one in rehearsed
            ),
        )
        say("")


def _yes_or_no(rehearsed: Rehearsed) -> str:
    return "no" if rehearsed.fault else "yes"


def _show_chosen(chosen: Chosen) -> None:
    say(_rule(chosen.title))
    for story in chosen.stories:
        show_story(story)
        say("")


def _show_check(check: Checked) -> None:
    say(f"{'kept  ' if check.kept else 'BROKEN'}  {check.promise}: {check.figures}")
    for line in check.listed:
        say(f"        {line}")


def _rule(title: str) -> str:
    return f"\n── {title} {'─' * max(0, _WIDTH - len(title))}\n"
