"""The command line, used in the folder of a running stack."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from postroad.app import build_app
from runtime.variables import variables

SEQUENCE = """\
sequence: {name}
spread: 0 minutes
from: {{name: Kim Lee, email: kim@us.example}}
postal_address: Acme, 1 Main Street, Springfield
audience: contact.role == "vp-ops"
exit_on: [reply, meeting_booked]
steps:
  - {{email: hello, day: 1}}
  - {{task: call, within: 2 days}}
  - {{email: again, day: 5, thread: hello}}
"""
MAIL = """\
---
subject: Hello {{ contact.first_name }}
---
Hello {{ contact.first_name }}.

{{ footer }}
"""
HEADER = "Record ID,First Name,Email,Role,Time Zone,Unsubscribed from all email\n"


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    def value(self) -> object:
        """What it printed, as JSON."""
        return json.loads(self.out)


class Desk:
    """A person's desk: a folder, the stack it runs in, and the command."""

    def __init__(self, name: str) -> None:
        self.name = name

    def run(self, *words: str) -> Ran:
        """Run `postroad` with these words."""
        ran = CliRunner().invoke(build_app(words[0]), words, catch_exceptions=False)
        return Ran(ran.exit_code, ran.stdout, ran.stderr)

    def publish(self, folder: Path) -> Ran:
        """Publish a sequence of this desk's name."""
        (folder / "sequence.yaml").write_text(SEQUENCE.format(name=self.name))
        for mail in ("hello", "again"):
            (folder / f"{mail}.md").write_text(MAIL)
        return self.run("publish", str(folder))

    def bring_in(self, folder: Path, *rows: str) -> Ran:
        """Import contacts from a CSV file with these rows."""
        file = folder / "people.csv"
        file.write_text(HEADER + "".join(f"{row}\n" for row in rows))
        return self.run("import", "contacts", str(file), "--json")

    def enrollment_of(self, contact: str) -> str:
        """Give the workflow id of the contact's latest enrollment."""
        listed = self.run("list", self.name, "--contact", contact, "--json").value()
        assert isinstance(listed, list)
        return str(listed[0]["workflow_id"])

    def whats(self, enrollment: str) -> list[str]:
        """Give what happened in an enrollment, in a word each."""
        told = self.run("show", enrollment, "--json").value()
        assert isinstance(told, dict)
        return [line["what"] for line in told["past"]]


def desk_in(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Sit down at a desk in the folder of a stack, no other one in sight."""
    for row in variables():
        monkeypatch.delenv(row.name, raising=False)
    monkeypatch.chdir(folder)
    return Desk(name)


def rows_of(report: object, field: str) -> Sequence[dict[str, object]]:
    """Give the rows of an import's report."""
    assert isinstance(report, dict)
    rows: Sequence[dict[str, object]] = report[field]
    return rows
