"""The page about explanations: what it shows as printed is what the command prints."""

import re

import pytest
from typer.testing import CliRunner

from postroad.app import build_app
from schemas.conditions import Comparison, Constant, Fact
from schemas.matchers import Matcher
from schemas.policies import ExitRule
from tests.activities.test_explained import over
from tests.activities.world import World
from tests.builders import MONDAY, OFFICE, a_sequence, an_email
from tests.unit.decisions.living import live, replied
from tests.unit.docs.reading import ROOT, fences

PAGE = ROOT / "docs" / "explain.md"
NAMES = re.compile(r"\b[0-9a-f]{32}\b|\b[0-9a-f]{12}\b")
CUSTOMERS = Comparison(
    by="eq", left=Fact(of="contact", path="stage"), right=Constant(value="customer")
)


@pytest.fixture
def _settings(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    url = world.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("POSTROAD_DATABASE_URL", url)
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")


def printed(*words: str) -> list[str]:
    ran = CliRunner().invoke(build_app("explain"), ["explain", *words], catch_exceptions=False)
    return NAMES.sub("…", ran.stdout).splitlines()


def shown() -> list[list[str]]:
    return [one.text.splitlines()[1:] for one in fences(PAGE, "console")]


@pytest.mark.usefixtures("_settings")
def test_an_enrollment_that_is_over_is_explained_as_the_page_shows(world: World) -> None:
    sequence = a_sequence(
        an_email("intro", day=1, next="note"),
        an_email("note", day=6),
        window=OFFICE,
        exit_on=(ExitRule(name="replied", on=Matcher(kind="reply")),),
    )
    world.publish(sequence)
    row = world.enrolled(world.contact())
    over(world, row, live(sequence, replied("03-04 11:07"), start=MONDAY), sequence)

    assert printed(row.row) == shown()[0]


@pytest.mark.usefixtures("_settings")
def test_somebody_outside_the_audience_is_explained_as_the_page_shows(world: World) -> None:
    world.publish(a_sequence(an_email("intro"), audience=CUSTOMERS))
    contact = world.contact()

    assert printed("--contact", contact.id, "--sequence", "welcome") == shown()[1]
