"""Lists to begin with: a published sequence, a file, and what was kept of it."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from schemas.content import Content, Mailbox
from schemas.sequence import Sequence
from schemas.version import Version
from starter.lists.entries import Reading
from starter.lists.opening import open_list
from starter.lists.uploading import Wish, keep, upload
from storage import versions
from storage.entering.lists import ListRow
from tests.builders import MONDAY, a_sequence, an_email

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
FILES = {"hello.md": "---\nsubject: Hello\n---\nHello {{ contact.first_name }}.\n"}
WELCOME = a_sequence(an_email("hello"))
WISH = Wish(sequence="welcome")


def publish(engine: Engine, sequence: Sequence = WELCOME, files: dict[str, str] = FILES) -> Version:
    content = Content(
        files=files,
        sender=Mailbox(email="olga@acme.example", name="Olga"),
        postal_address="1 Main St",
    )
    version = Version.of(sequence, content)
    with engine.begin() as connection:
        versions.publish(connection, version, by="test", at=MONDAY)
    return version


def a_file(folder: Path, count: int) -> Path:
    path = folder / "people.csv"
    people = "".join(f"{n},Ada,ada{n}@acme.example\n" for n in range(count))
    path.write_text(f"Record ID,First Name,Email\n{people}", encoding="utf-8")
    return path


def opened(path: Path, version: Version, wish: Wish = WISH) -> Reading:
    reading = open_list(path, wish, version)
    assert isinstance(reading, Reading), reading
    return reading


async def uploaded(engine: Engine, path: Path, version: Version, wish: Wish = WISH) -> ListRow:
    kept = keep(engine, path, wish, by="test")
    await upload(engine, kept, opened(path, version, wish), at=NOW)
    return kept
