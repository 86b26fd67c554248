"""What differs between two versions, as publishing tells it beforehand."""

from pathlib import Path

import pytest

from authoring.loading import load_version
from schemas.version import Version
from starter.authored.changed import ChangedFile, ChangedStep, Changes, changes_between
from tests.unit.authoring.written import HEAD, MAIL, Folder

BODY = """\
min_gap: 1 day
exit_on: [reply]
steps:
  - {email: intro, day: 1}
  - {when: contact.a, then: [{notify: Hot}]}
  - {wait_for: reply, within: 2 days, then: [{set: {a: 1}}]}
  - {email: case-study, day: 3}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "sequences" / "welcome")


def changes(folder: Folder, before: str, after: str, head: str = HEAD) -> Changes:
    versions = [loaded(folder, before), loaded(folder, after, head)]
    return changes_between(*versions)


def loaded(folder: Folder, body: str, head: str = HEAD) -> Version:
    folder.write("sequence.yaml", head + body)
    version = load_version(folder.path)
    assert isinstance(version, Version), str(version)
    return version


def test_the_same_files_differ_in_nothing(folder: Folder) -> None:
    assert changes(folder, BODY, f"# a comment\n{BODY}") == Changes()


def test_steps_come_and_go_without_changing_their_neighbours(folder: Folder) -> None:
    other = BODY.replace("  - {email: intro, day: 1}\n", "  - {email: intro, id: first, day: 1}\n")

    assert changes(folder, BODY, other) == Changes(steps_added=("first",), steps_removed=("intro",))


@pytest.mark.parametrize(
    ("old", "new", "step", "keys"),
    [
        ("intro, day: 1", "intro, day: 2", "intro", ("day",)),
        (
            "intro, day: 1",
            "intro, kind: transactional, subject: Hi",
            "intro",
            ("day", "kind", "subject"),
        ),
        ("day: 3", 'day: 3, at_time: "10:00"', "case-study", ("at_time",)),
        ("contact.a", "contact.b", "when-1", ("when",)),
        ("notify: Hot", "notify: Cold", "notify-1", ("notify",)),
        ("wait_for: reply", "wait_for: won", "wait-for-1", ("wait_for",)),
        ("a: 1", "a: 2", "set-1", ("set",)),
    ],
)
def test_a_changed_step_tells_its_keys(
    folder: Folder, old: str, new: str, step: str, keys: tuple[str, ...]
) -> None:
    found = changes(folder, BODY, BODY.replace(old, new))

    assert found == Changes(steps_changed=(ChangedStep(step=step, keys=keys),))


def test_another_order_is_told(folder: Folder) -> None:
    lines = BODY.splitlines(keepends=True)

    found = changes(folder, BODY, "".join([*lines[:3], lines[6], *lines[3:6]]))

    assert found == Changes(reordered=True)


def test_a_changed_mail_tells_its_lines(folder: Folder) -> None:
    before = loaded(folder, BODY)
    folder.write("intro.md", f"{MAIL}PS: one\nmore\n".replace("Hi there", "Hello"))

    found = changes_between(before, loaded(folder, BODY))

    assert found == Changes(files=(ChangedFile(file="intro.md", added=3, removed=1),))


def test_changed_keys_have_the_names_of_the_file(folder: Folder) -> None:
    other = BODY.replace("min_gap: 1 day", "min_gap: 2 days\nspread: 0 minutes").replace(
        "exit_on: [reply]",
        "exit_on: [won]\nsend_window: {timezone: UTC}\non: {event: x, do: [{exit: intro}]}",
    )

    found = changes(folder, BODY, other, HEAD.replace("Ops Team", "Us"))

    assert found.keys == ("exit_on", "from", "min_gap", "on", "send_window", "spread")
