"""A sequence's folder becomes a checked version, or a list of faults."""

from pathlib import Path

from authoring.definitions import read_definition
from authoring.faults import Faults, Findings, Spot
from authoring.files import names_in, read_yaml
from authoring.mails import check_mails, mails_in, read_files
from authoring.projects import find_project
from schemas.content import Content
from schemas.version import Version

SEQUENCE_FILE = "sequence.yaml"


def load_version(folder: Path) -> Version | Faults:
    """Read and check the sequence in `folder`; the same files always give the same hash.

    Nothing that stands in the files raises: what is wrong comes back, all of it at once.
    """
    findings = Findings()
    version = _load(folder, findings)
    return findings.faults() if findings or version is None else version


def _load(folder: Path, findings: Findings) -> Version | None:
    names = _names(folder, findings)
    if names is None:
        return None
    project = find_project(folder, findings)
    node = read_yaml(folder / SEQUENCE_FILE, findings)
    if node is None:
        return None
    definition = read_definition(node, mails_in(names), project, findings)
    if definition is None:
        return None
    content = Content(
        files=read_files(folder, names, definition.sequence, findings),
        sender=definition.sender,
        sender_fallback=definition.sender_fallback,
        reply_to=definition.reply_to,
        postal_address=definition.postal_address,
    )
    check_mails(folder, definition.sequence, content, findings)
    return Version.of(definition.sequence, content)


def _names(folder: Path, findings: Findings) -> frozenset[str] | None:
    names = names_in(folder, findings)
    if names is None or SEQUENCE_FILE in names:
        return names
    problem = f"there is no file {SEQUENCE_FILE} in this folder"
    findings.add(Spot(file=str(folder)), "", problem, "name the folder of one sequence")
    return None
