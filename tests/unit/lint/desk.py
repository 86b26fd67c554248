"""Writing sequences' folders for lint, and reading what it says of them."""

from pathlib import Path
from textwrap import dedent

from authoring.lint.folders import lint_folders
from authoring.lint.remarks import Remark

KEYS = {
    "from": "{name: Ops Team, email: team@acme.example}",
    "postal_address": "Acme Inc., 500 Example Avenue, Springfield",
    "audience": 'contact.role == "vp-ops"',
    "exit_on": "[reply]",
    "send_window": '{days: mon-fri, from: "09:00", to: "17:00", timezone: UTC}',
}
"""What a sequence says here unless a test says otherwise; there is nothing to remark on it."""

STEPS = """\
- {email: intro, day: 1}
- {email: proof, day: 3}
"""
FRONT = "subject: Orders that wait\njob: introduce one problem\n"
BODY = 'Hi {{ contact.first_name or "there" }},\n\n[the story](https://acme.example/story)\n'


def mail(body: str = BODY, front: str = FRONT) -> str:
    return f"---\n{front}---\n{body}"


class Desk:
    """A project's folder in the making, with one sequence called `welcome`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.mails("intro", "proof")
        self.sequence()

    def mails(self, *names: str, within: str = "welcome", **written: str) -> None:
        for name in names:
            self.write(f"{within}/{name}.md", mail())
        for name, text in written.items():
            self.write(f"{within}/{name}.md", text)

    def sequence(
        self, steps: str = STEPS, name: str = "welcome", top: str = "", **keys: str | None
    ) -> None:
        said = {"sequence": name, **KEYS, **{key.rstrip("_"): text for key, text in keys.items()}}
        lines = [f"{key}: {text}\n" for key, text in said.items() if text is not None]
        body = "".join(f"  {line}\n" for line in dedent(steps).splitlines())
        self.write(f"{name}/sequence.yaml", f"{top}{''.join(lines)}steps:\n{body}")

    def write(self, name: str, text: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def remarks(self, name: str = "welcome") -> tuple[Remark, ...]:
        return lint_folders([self.root / name])

    def said(self, name: str = "welcome") -> list[str]:
        return [self.shown(one) for one in self.remarks(name)]

    def rules(self, name: str = "welcome") -> list[str]:
        return [one.rule for one in self.remarks(name)]

    def one(self, name: str = "welcome") -> str:
        (said,) = self.said(name)
        return said

    def shown(self, remark: Remark) -> str:
        file = remark.at.file.removeprefix(f"{self.root}/")
        return f"{file}:{remark.at.line}: {remark.rule}: {remark.sentence}"
