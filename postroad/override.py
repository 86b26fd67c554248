"""`postroad override`: one mail of one enrollment gets a text of its own."""

from pathlib import Path
from typing import Annotated

import typer

from postroad.operate import Enrollment, Who
from postroad.printing import AsJson, refuse, say, show_json
from postroad.session import run
from postroad.words import me
from runtime.clock import wall_now
from runtime.session import Session
from schemas.outcomes import Refused
from starter.overriding import Text, overridden, take_back
from starter.overriding import override as keep
from storage.sending.overrides import Override

Step = Annotated[str, typer.Argument(help="The id of the step that sends the mail.")]
File = Annotated[
    Path | None,
    typer.Option(
        help="The text, in Markdown, as a mail's file has it.", exists=True, dir_okay=False
    ),
]
Subject = Annotated[str | None, typer.Option(help="Another subject (default: the mail's own).")]
Show = Annotated[bool, typer.Option("--show", help="Print the text that is kept.")]
Remove = Annotated[bool, typer.Option("--remove", help="Take the text back.")]


def override(  # noqa: PLR0913 one argument an option: the command line's own shape
    enrollment: Enrollment,
    step: Step,
    *,
    file: File = None,
    subject: Subject = None,
    show: Show = False,
    remove: Remove = False,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Let one mail of an enrollment go with its own text.

    Layout, footer and attachments stay. The text is checked before it is kept; once the mail has
    gone, nothing can be changed. `postroad preview --enrollment` shows how it will look.
    """
    if (file is not None) + show + remove != 1:
        raise typer.BadParameter("give one of --file, --show and --remove")
    text = None
    if file is not None:
        text = Text(
            subject=subject, body=_read(file), by=who or me(), at=wall_now(), file=str(file)
        )

    async def work(session: Session) -> Override | Refused:
        if text is not None:
            return keep(session.engine, enrollment, step, text)
        return (take_back if remove else overridden)(session.engine, enrollment, step)

    _tell(run(work), is_shown=show, is_removed=remove, as_json=as_json)


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise typer.BadParameter(f"{file} is no UTF-8 text: save it as UTF-8") from None


def _tell(answer: Override | Refused, *, is_shown: bool, is_removed: bool, as_json: bool) -> None:
    if as_json:
        show_json(answer)
    if isinstance(answer, Refused):
        refuse(answer.message)
    if as_json:
        return
    if is_shown:
        say(f"by {answer.by}, {answer.at:%Y-%m-%d %H:%M} UTC")
        say(f"Subject: {answer.subject or '(as the mail has it)'}\n")
        say(answer.body)
    else:
        say(f"{answer.step} goes as its version has it" if is_removed else f"{answer.step} is kept")


COMMANDS = {"override": override}
