"""The command `postroad`: which commands there are, and what becomes of errors."""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import NamedTuple

import typer

Target = Callable[..., None]

_ABOUT = """Email sequences as code, on Temporal.

Settings come from POSTROAD_* and TEMPORAL_* variables, or from a development stack that runs
in this folder (`postroad dev up`).

Exit status: 0 done, 1 refused or failed, 2 wrong usage. `--debug` anywhere shows the
traceback of an unexpected error.
"""


class Command(NamedTuple):
    """Where a command lives, under which heading, and its line.

    Its module has a table `COMMANDS`: by name, a function, or a table of functions for a group;
    there "" is the group alone.
    """

    module: str
    panel: str
    line: str


# As shells have it: 128 and the number of SIGINT.
_INTERRUPTED = 130

_WRITE, _RUN, _SEE, _SERVE = "Write", "Enroll and steer", "See", "Serve"

COMMANDS: dict[str, Command] = {
    "new": Command(
        "new", _WRITE, "Make a small sequence to begin with, mails and scenarios included."
    ),
    "simulate": Command("simulate", _WRITE, "Print one contact's timeline; needs no server."),
    "test": Command("testing", _WRITE, "Run sequences' own scenarios; needs no server."),
    "preview": Command("preview", _WRITE, "Render a published sequence's mails for one contact."),
    "send-test": Command("preview", _WRITE, "Deliver one mail as a test, outside all numbers."),
    "publish": Command("publish", _WRITE, "Check sequences' folders and publish them."),
    "lint": Command("lint", _WRITE, "Say what is wrong or unwise in sequences; needs no server."),
    "fmt": Command("fmt", _WRITE, "Lay out sequences', projects' and scenarios' files in one way."),
    "schema": Command("schema", _WRITE, "Print the JSON Schema of what goes over a border."),
    "import": Command("contacts", _RUN, "Bring contacts in, or records of theirs."),
    "merge": Command("merge", _RUN, "Merge two contacts that are one person."),
    "enroll": Command(
        "enroll", _RUN, "Enroll contacts, or a list of people, in a published sequence."
    ),
    "signal": Command("signal", _RUN, "Tell what a contact did."),
    "pause": Command(
        "operate", _RUN, "Pause an enrollment, or many: no mail goes until they are resumed."
    ),
    "resume": Command(
        *("operate", _RUN),
        "Resume a paused or held enrollment, or many that were paused together.",
    ),
    "release": Command(
        "holds", _RUN, "Let all go on who are held for one cause, those due first first."
    ),
    "settle": Command(
        *("doubts", _RUN), "Settle a mail in doubt: it went, or it did not and is not sent again."
    ),
    "stop-sending": Command("brakes", _RUN, "Stop all sending at once, or let it go on."),
    "restored": Command(
        *("restored", _RUN),
        "After a restore from a backup: stop sending, reconcile PostgreSQL and Temporal.",
    ),
    "suppressions": Command(
        "suppressions", _RUN, "Whom not to write to: pull SendGrid's own lists."
    ),
    "skip": Command(
        "operate", _RUN, "Give up the mail that an enrollment is held at for its date."
    ),
    "change": Command("operate", _RUN, "Change what an enrollment was given, such as a date."),
    "exit": Command("operate", _RUN, "End an enrollment for good, as stopped."),
    "override": Command("override", _RUN, "Let one mail of an enrollment go with its own text."),
    "adapters": Command("adapters", _SEE, "Services that may post to us: list, try a payload."),
    "mail": Command("mail", _SEE, "Tell from files what kind of mail came back: classify."),
    "tasks": Command("tasks", _RUN, "What people have to do: list and complete tasks."),
    "notices": Command("notices", _RUN, "What sequences post and tell owners: list and try again."),
    "lists": Command("lists", _RUN, "Show the lists that were enrolled, and how far they are."),
    "list": Command("listing", _SEE, "List enrollments."),
    "show": Command("show", _SEE, "Tell one enrollment's story: what happened, why, what is next."),
    "explain": Command("explain", _SEE, "Say why each mail went or did not, and what comes next."),
    "report": Command("report", _SEE, "Print a sequence's numbers, per step, goal and ending."),
    "winners": Command(
        *("winners", _SEE),
        "Show each test of arms: its counts, its evidence, and its winner or why there is none.",
    ),
    "holds": Command(
        *("holds", _SEE),
        "Show for what enrollments are held, the most frequent cause first.",
    ),
    "health": Command(
        *("health", _SEE),
        "Tell what is in doubt, held, stopped or broken by a bug; exit status 1 if anything is "
        "broken.",
    ),
    "doubts": Command(
        "doubts", _SEE, "List the mails in doubt, the oldest first: for how long, what is known."
    ),
    "brakes": Command(
        *("brakes", _SEE),
        "Show what is stopped or paused for many at once, by whom, and how many mails wait.",
    ),
    "rates": Command(
        "rates", _SEE, "Show the rates in force by sender and domain, and how many mails wait."
    ),
    "caps": Command(
        "caps", _SEE, "Show the frequency caps in force, and how many mails wait for room."
    ),
    "triggers": Command(
        "triggers",
        _SEE,
        "Show the triggers that stand: since when, who waits, and how many entered today.",
    ),
    "migrate": Command("migrate", _SERVE, "Bring the database's tables up to this release."),
    "worker": Command("working", _SERVE, "Run a worker: it decides, renders and sends."),
    "webhooks": Command("serving", _SERVE, "Run the HTTP app: webhooks, unsubscribe page, API."),
    "dev": Command("dev", _SERVE, "The development stack: real servers without Docker."),
}


def build_app(*chosen: str) -> typer.Typer:
    """Build the app; only the modules of the `chosen` commands are imported.

    The others are there by name and line, which is all that `--help` shows: it stays quick.
    """
    app = typer.Typer(
        help=_ABOUT, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False
    )
    app.callback()(_options)
    for name, command in COMMANDS.items():
        target = _target(name, command) if name in chosen else _not_chosen
        if isinstance(target, Mapping):
            group = _build_group(target)
            app.add_typer(group, name=name, help=command.line, rich_help_panel=command.panel)
        else:
            line = None if name in chosen else command.line
            app.command(name, help=line, rich_help_panel=command.panel)(target)
    return app


def main(
    arguments: Sequence[str] | None = None, *, build: Callable[[str], typer.Typer] = build_app
) -> None:
    """Run the command line; every error ends as one plain sentence and an exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    words = [word for word in given if word != "--debug"]
    chosen = next((word for word in words if not word.startswith("-")), "")
    try:
        build(chosen)(args=words, prog_name="postroad")
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except Exception as error:
        if "--debug" in given:
            raise
        sys.exit(_report(error))


def _target(name: str, command: Command) -> Target | Mapping[str, Target]:
    table: Mapping[str, Target | Mapping[str, Target]]
    table = import_module(f"postroad.{command.module}").COMMANDS
    return table[name]


def _build_group(targets: Mapping[str, Target]) -> typer.Typer:
    group = typer.Typer(no_args_is_help="" not in targets)
    for name, target in targets.items():
        if name:
            group.command(name)(target)
        else:
            group.callback(invoke_without_command=True)(target)
    return group


def _options() -> None:
    pass


def _not_chosen() -> None:
    raise AssertionError("this command was built without its module")


def _report(error: Exception) -> int:
    return int(import_module("postroad.faults").report(error))
