"""The mails of a sequence's folder: which there are, and whether each can be a mail."""

from pathlib import Path

from authoring.faults import Findings
from authoring.files import read_text
from schemas.sequence import EmailStep, Sequence

LAYOUT = "layout.html"


def mails_at(folder: Path) -> frozenset[str]:
    """Name the mails in a folder: the files `<name>.md` and `<name>.html`, but the layout."""
    files = [file for file in folder.iterdir() if file.suffix in _BODIES and file.is_file()]
    return frozenset(file.stem for file in files if file.name != LAYOUT)


def read_mails(folder: Path, sequence: Sequence, findings: Findings) -> dict[str, str]:
    """Read the files that the sequence's mails are made of, and check them as templates."""
    emails = sorted({step.email for step in sequence.steps if isinstance(step, EmailStep)})
    names = [f"{email}{suffix}" for email in emails for suffix in (*_BODIES, ".txt")]
    present = [name for name in (*names, LAYOUT) if (folder / name).is_file()]
    files = {name: read_text(folder / name, findings) for name in present}
    return {name: text for name, text in files.items() if text is not None}


_BODIES = (".md", ".html")
