"""Writing a sequence's folder, and reading what the loader says of it."""

from pathlib import Path
from textwrap import dedent

from authoring.loading import load_version
from authoring.text.faults import Fault, Faults
from schemas.sequence import Sequence
from schemas.steps import AnyStep
from schemas.version import Version

HEAD = """\
sequence: welcome
from: {name: Ops Team, email: team@acme.example}
postal_address: Acme Inc., 500 Example Avenue, Springfield
"""
"""Three lines that every sequence here begins with."""

MAIL = "---\nsubject: Hello\n---\nHi there\n"


class Folder:
    """A sequence's folder in the making."""

    def __init__(self, path: Path, mails: tuple[str, ...] = ("intro", "case-study")) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        for mail in mails:
            self.write(f"{mail}.md", MAIL)

    def write(self, name: str, text: str) -> None:
        (self.path / name).write_text(text, encoding="utf-8")

    def load(self, body: str, head: str = HEAD) -> Version | Faults:
        self.write("sequence.yaml", head + dedent(body))
        return load_version(self.path)

    def sequence(self, body: str) -> Sequence:
        version = self.load(body)
        assert isinstance(version, Version), str(version)
        return version.sequence

    def steps(self, body: str) -> dict[str, AnyStep]:
        return dict(self.sequence(body).step_by_id)

    def faults(self, body: str, head: str = HEAD) -> tuple[Fault, ...]:
        found = self.load(body, head)
        assert isinstance(found, Faults)
        return found.faults

    def fault(self, body: str, head: str = HEAD) -> Fault:
        (fault,) = self.faults(body, head)
        return fault

    def said(self, body: str, head: str = HEAD) -> list[str]:
        return [str(one).removeprefix(f"{self.path}/") for one in self.faults(body, head)]


STEPS = "steps: [{email: intro}]\n"


def loaded(folder: Folder, body: str = STEPS) -> Version:
    version = folder.load(body)
    assert isinstance(version, Version), str(version)
    return version


def files_of(folder: Folder, body: str = STEPS) -> list[str]:
    return sorted(loaded(folder, body).content.files)
