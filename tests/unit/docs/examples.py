"""The examples of the sequence language, completed to whole folders where they show a part."""

import re
from pathlib import Path

from tests.unit.docs.reading import LANGUAGE, Fence, fences

_HEAD = "sequence: example\nfrom: {name: Kim, email: kim@acme.example}\npostal_address: Acme\n"
_STEPS = "steps: [{email: intro, day: 1}]\n"
_MAIL = "---\nsubject: About {{ sequence }}\n---\nHello.\n"
_PROJECT = re.compile(r"^# In postroad\.yaml: (?P<said>.*)$", re.MULTILINE)
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
    """Write an example as a sequence's folder, with a mail for each one it names.

    What a comment says of the project's file stands in one beside the folder.
    """
    text = text_of(example)
    if said := _PROJECT.search(text):
        (folder / "postroad.yaml").write_text(f"{said['said']}\n", encoding="utf-8")
        folder = folder / "sequence"
        folder.mkdir()
    (folder / "sequence.yaml").write_text(text, encoding="utf-8")
    for email in _EMAIL.findall(text):
        (folder / f"{email}.md").write_text(_MAIL, encoding="utf-8")
    return folder
