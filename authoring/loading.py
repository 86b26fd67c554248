"""A sequence's folder becomes a checked version, or a list of faults."""

from dataclasses import dataclass
from pathlib import Path

from authoring.language.definitions import read_definition
from authoring.language.places import Places
from authoring.language.projects import Project, find_project
from authoring.language.signing import Signature
from authoring.mails import check_mails, mails_in
from authoring.sources import SEQUENCE_FILE, Sources, fill
from authoring.text.faults import Faults, Findings, Spot
from authoring.text.files import names_in, read_yaml
from schemas.content import Content
from schemas.version import Version


@dataclass(frozen=True)
class Loaded:
    """A checked version, the project that it was read in, and where its parts stand."""

    version: Version
    project: Project
    places: Places


def load_version(folder: Path) -> Version | Faults:
    """Read and check the sequence in `folder`; the same files always give the same hash.

    Nothing that stands in the files raises: what is wrong comes back, all of it at once.
    """
    loaded = load(folder)
    return loaded if isinstance(loaded, Faults) else loaded.version


def load(folder: Path) -> Loaded | Faults:
    """Read and check the sequence in `folder`, and keep the places for whoever judges it more."""
    findings = Findings()
    loaded = _load(folder, findings)
    return findings.faults() if findings or loaded is None else loaded


def _load(folder: Path, findings: Findings) -> Loaded | None:
    names = _names(folder, findings)
    if names is None:
        return None
    project = find_project(folder, findings)
    sources = Sources(folder, project.folder, project.languages)
    node = read_yaml(folder / SEQUENCE_FILE, findings)
    if node is None:
        return None
    ours = frozenset(name for name in names if sources.place(name) is not None)
    definition = read_definition(node, mails_in(ours), project, findings)
    if definition is None:
        return None
    bare = _content(definition.signature, project)
    content = fill(bare, definition.sequence, sources, findings)
    check_mails(sources, definition.sequence, content, findings)
    return Loaded(Version.of(definition.sequence, content), project, definition.places)


def _content(signature: Signature, project: Project) -> Content:
    return Content(
        files={},
        sender=signature.sender,
        senders=signature.senders,
        sender_fallback=signature.sender_fallback,
        reply_to=signature.reply_to,
        postal_address=signature.postal_address,
        snippets=signature.snippets,
        layout=signature.layout,
        attachment_urls=project.attachment_urls,
        mailboxes=project.senders,
    )


def _names(folder: Path, findings: Findings) -> frozenset[str] | None:
    names = names_in(folder, findings)
    if names is None or SEQUENCE_FILE in names:
        return names
    problem = f"there is no file {SEQUENCE_FILE} in this folder"
    findings.add(Spot(file=str(folder)), "", problem, "name the folder of one sequence")
    return None
