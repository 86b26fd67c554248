"""The examples of the sequence language, completed to whole folders where they show a part."""

import re
from pathlib import Path

from tests.unit.docs.reading import LANGUAGE, Fence, fences

_HEAD = "sequence: example\nfrom: {name: Kim, email: kim@acme.example}\npostal_address: Acme\n"
_STEPS = "steps: [{email: intro, day: 1}]\n"
_MAIL = "---\nsubject: About {{ sequence }}\n---\nHello.\n"
_EMAIL = re.compile(r"email: ([a-z0-9-]+)")


def examples() -> list[Fence]:
    return fences(LANGUAGE, "yaml")


def example_before(told: Fence) -> Fence:
    """Give the example that a printed timeline is about."""
    return [one for one in examples() if one.line < told.line][-1]


def text_of(example: Fence) -> str:
    """Give an example as a whole sequence."""
    text = example.text if "sequence:" in example.text else _HEAD + example.text
    return text if "\nsteps:" in f"\n{text}" else text + _STEPS


def folder_of(example: Fence, folder: Path) -> Path:
    """Write an example as a sequence's folder, with a mail for each one it names."""
    text = text_of(example)
    (folder / "sequence.yaml").write_text(text, encoding="utf-8")
    for email in _EMAIL.findall(text):
        (folder / f"{email}.md").write_text(_MAIL, encoding="utf-8")
    return folder
