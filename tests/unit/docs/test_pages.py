"""All pages: what they name exists, where they point leads somewhere."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from postroad.app import COMMANDS, build_app
from runtime.variables import variables
from tests.unit.docs.reading import (
    INTEGRATING,
    OPERATIONS,
    README,
    ROOT,
    anchors,
    fences,
    links,
    pages,
    read,
    rows,
)

SHELL = ("sh", "console")
NAMED = re.compile(r"`(postroad [a-z][^`]*)`")
IN_LINE = re.compile(r"(?:^\s*(?:\$ )?|\$\(|\bcli )postroad ([^|;)\n]+)", re.MULTILINE)
MADE = re.compile(r"\bmake ([a-z]+)")
SET = re.compile(r"\b(?:POSTROAD|TEMPORAL)_[A-Z_]+[A-Z]\b")
# Temporal's own variables, and what only docker-compose.yml and deploy/ read.
ELSEWHERE = {"TEMPORAL_API_KEY", "TEMPORAL_TLS", "TEMPORAL_PROFILE", "TEMPORAL_RETENTION"}


def written() -> dict[str, str]:
    """Give each command line that a page has, without `postroad`, and the page's name."""
    found: dict[str, str] = {}
    for page in pages():
        in_fences = (one for fence in fences(page, *SHELL) for one in IN_LINE.findall(fence.text))
        in_text = (one.removeprefix("postroad ") for one in NAMED.findall(read(page)))
        for one in (*in_fences, *in_text):
            found.setdefault(one.strip(), page.name)
    return found


def known() -> list[tuple[str, str]]:
    return [(page, one) for one, page in written().items() if one.split()[0] in COMMANDS]


@pytest.mark.parametrize(("page", "line"), known())
def test_a_command_that_is_written_exists_with_its_options(page: str, line: str) -> None:
    words = shlex.split(line.replace("…", ""), comments=True)

    options = _options_of(words)

    given = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert given - options == set(), page


def test_no_command_is_written_that_does_not_exist() -> None:
    assert {one: page for one, page in written().items() if one.split()[0] not in COMMANDS} == {}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_link_leads_somewhere(page: Path) -> None:
    assert [link for link in links(page) if not _leads_somewhere(page, link)] == []


def test_the_table_of_settings_is_that_of_the_code() -> None:
    table = rows(README, "| variable | default | meaning |")

    assert table == [
        [f"`{one.name}`", f"`{one.default}`" if one.default else "", one.meaning]
        for one in variables()
    ]


def test_each_variable_that_is_named_exists() -> None:
    known = {one.name for one in variables()} | ELSEWHERE
    named = {(page.name, name) for page in pages() for name in SET.findall(read(page))}

    assert {(page, name) for page, name in named if name not in known} == set()


def test_each_target_that_is_named_exists() -> None:
    known = set(re.findall(r"^([a-z]+):.*## ", read(ROOT / "Makefile"), re.MULTILINE))
    named = {
        name
        for page in (README, OPERATIONS, INTEGRATING)
        for fence in fences(page, "sh")
        for name in MADE.findall(fence.text)
    }

    assert named
    assert named - known == set()


def test_a_line_of_prose_holds_one_sentence() -> None:
    ends = re.compile(r"[a-z)`\]][.!?] [A-Z`]")
    lists = re.compile(r"^\s*(\||-|\d+\.) ")
    mine = (
        README,
        ROOT / "CHANGELOG.md",
        OPERATIONS,
        INTEGRATING,
        ROOT / "docs/sequence-language.md",
    )

    found = [
        (page.name, line)
        for page in mine
        for line in _plain_lines(page)
        if ends.search(line) and not lists.match(line) and not line.startswith("**")
    ]

    assert found == []


def _plain_lines(page: Path) -> list[str]:
    return re.sub(r"^```.*?^```$", "", read(page), flags=re.DOTALL | re.MULTILINE).splitlines()


def _options_of(words: list[str]) -> set[str]:
    app = get_command(build_app(words[0]))
    context = typer.Context(app)
    command = app
    for word in words:
        if not isinstance(command, typer.core.TyperGroup):
            break
        below = command.get_command(context, word)
        assert below is not None, f"there is no command {word}"
        command = below
    return {option for one in command.params for option in one.opts} | {"--help"}


def _leads_somewhere(page: Path, link: str) -> bool:
    if link.startswith("https://"):
        return True
    file, _, anchor = link.partition("#")
    target = page if not file else (page.parent / file).resolve()
    return target.exists() and (not anchor or anchor in anchors(target))
