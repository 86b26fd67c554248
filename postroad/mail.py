"""`postroad mail`: what kind of mail came back, told from files."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from inbound.classifying.classify import classify
from inbound.classifying.verdicts import Verdict
from inbound.mime import date_of, parse_mime
from postroad.printing import AsJson, refuse, say, show_json_line
from runtime.clock import wall_now

# Whatever is said, is said in the beginning; the rest are files.
_MOST = 2_000_000
_TOLD = {
    "kind": True,
    "return_date": True,
    "opt_out": True,
    "confidence": True,
    "evidence": True,
    "reply_text": True,
    "correlation": True,
    "sentiment": True,
    "replacement": True,
    "meeting": True,
    "failed": True,
}


def classify_files(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", help="Mails as they came in (RFC 5322).", exists=True),
    ],
    now: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day of reading; else the mail's own Date."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Tell what each mail is, when its sender is back, and by what one sees it.

    With --json one object a line, for each file in the order given.
    """
    day = None if now is None else now.date()
    for file in _whole(files):
        verdict = _verdict(file, day)
        if as_json:
            show_json_line({"file": str(file), **verdict.model_dump(mode="json", include=_TOLD)})
        else:
            _tell(file, verdict)


def _whole(files: Sequence[Path]) -> Sequence[Path]:
    folder = next((file for file in files if file.is_dir()), None)
    if folder is not None:
        refuse(f"{folder} is a folder: name the mails in it, as in {folder}/*.eml")
    return files


def _verdict(file: Path, day: date | None) -> Verdict:
    with file.open("rb") as mail:
        message = parse_mime(mail.read(_MOST))
    at = date_of(message)
    return classify(message, day or (wall_now() if at is None else at).date())


def _tell(file: Path, verdict: Verdict) -> None:
    back = f", back on {verdict.return_date}" if verdict.return_date else ""
    wish = ", wants no more mail" if verdict.opt_out else ""
    say(f"{file}: {verdict.kind}{back}{wish} ({verdict.confidence:.0%})")
    for one in verdict.evidence:
        say(f"    {one}")


COMMANDS = {"mail": {"classify": classify_files}}
