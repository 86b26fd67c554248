"""Reading authored files: size, encoding, and what a folder holds."""

from pathlib import Path

from authoring.text.documents import Node, parse_document
from authoring.text.faults import Findings, Spot

LARGEST = 1_000_000
"""The most bytes that an authored file may have."""


def read_text(file: Path, findings: Findings) -> str | None:
    """Read a text file; None if that cannot be done, which `findings` then explains."""
    at = Spot(file=str(file))
    try:
        if file.stat().st_size > LARGEST:
            findings.add(at, file.name, "the file is larger than 1 MB", "make it smaller")
            return None
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        findings.add(at, file.name, f"the file cannot be read: {error.strerror or 'unknown'}")
    except UnicodeDecodeError as error:
        problem = f"byte {error.start + 1} is not UTF-8 text"
        findings.add(at, file.name, problem, "save the file as UTF-8")
    else:
        return _without_nul(text, at, findings)
    return None


def read_yaml(file: Path, findings: Findings) -> Node | None:
    """Read a file of one YAML document."""
    text = read_text(file, findings)
    return None if text is None else parse_document(text, str(file), findings)


def names_in(folder: Path, findings: Findings) -> frozenset[str] | None:
    """Name the files that lie in a folder; None if it cannot be read, which `findings` explains."""
    try:
        return frozenset(file.name for file in folder.iterdir() if file.is_file())
    except OSError as error:
        problem = f"the folder cannot be read: {error.strerror or 'unknown'}"
        findings.add(Spot(file=str(folder)), "", problem, "name the folder of one sequence")
        return None


# PostgreSQL's jsonb refuses U+0000 (postgresql.org/docs/current/datatype-json.html).
def _without_nul(text: str, at: Spot, findings: Findings) -> str | None:
    if "\0" not in text:
        return text.replace("\r\n", "\n")
    line = text[: text.index("\0")].count("\n") + 1
    problem = "the file holds a NUL character"
    findings.add(at.model_copy(update={"line": line}), "", problem, "save it as plain text")
    return None
