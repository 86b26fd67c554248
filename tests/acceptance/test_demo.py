import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from devstack.demo.demo import demonstrate, sequences_of
from devstack.demo.evidence import Evidence, gather
from devstack.demo.shapes import Checked, Mishap, News, Prepared, Progressed, Told
from devstack.demo.stage import open_stage
from devstack.records import Ports
from devstack.stack import Stack
from postroad.app import build_app
from postroad.demo import look_further, show_told
from runtime.stackfile import StackFile
from tests.acceptance.agreeing import disagreements
from tests.stacks import open_directory, some_ports

SLICES_BEFORE_THE_KILL = 4


@dataclass(frozen=True)
class Shown:
    folder: Path
    ports: Ports
    record: StackFile
    news: tuple[News, ...]
    told: Told

    def of(self, kind: type[News]) -> list[News]:
        return [one for one in self.news if isinstance(one, kind)]


@pytest.fixture(scope="module")
def shown() -> Iterator[Shown]:
    with open_directory() as folder:
        yield _shown_in(folder, some_ports())


def _shown_in(folder: Path, ports: Ports) -> Shown:
    news: list[News] = []
    with Stack(folder, say=print, fresh=True, usual=ports) as stack:
        told = demonstrate(stack, None, news.append, kill_worker_after_slice=SLICES_BEFORE_THE_KILL)
        record = stack.record
    return Shown(folder, ports, record, tuple(news), told)


def test_worker_is_killed_in_the_midst_and_every_promise_is_kept(shown: Shown) -> None:
    broken: list[Checked] = [check for check in shown.told.checks if not check.kept]

    (mishap,) = shown.of(Mishap)
    slices = [one for one in shown.news if isinstance(one, Progressed | Mishap)]
    assert isinstance(mishap, Mishap)
    assert "The worker ended with signal SIGKILL" in mishap.words
    assert slices.index(mishap) >= SLICES_BEFORE_THE_KILL
    assert len(shown.told.checks) == 9
    assert broken == []


def test_refusals_are_part_of_the_story(shown: Shown) -> None:
    (prepared,) = shown.of(Prepared)

    assert isinstance(prepared, Prepared)
    assert prepared.imported.rows >= 60
    assert prepared.imported.repeated
    assert prepared.imported.refused
    assert prepared.refused == {"audience": 2, "suppressed": 2}
    assert {one.ending: one.count for one in shown.told.refused} == prepared.refused


# A mail that the killed worker left in doubt is not sent again, and whoever would have acted on it
# does not: so endings of a single person are not counted on.
OF_SEVERAL = {
    *("no-answer", "completed", "handed_off", "replied", "meeting_booked"),
    *("unsubscribed", "bounced"),
}
OF_ONE = {"complained", "stopped"}


def test_everybody_ends_in_one_of_many_ways(shown: Shown) -> None:
    outbound, priority, *_ = shown.told.reports

    assert (outbound.live, priority.live) == (0, 0)
    assert outbound.endings.keys() >= OF_SEVERAL
    assert outbound.endings.keys() | priority.endings.keys() <= OF_SEVERAL | OF_ONE


def test_whoever_clicks_the_case_study_is_handed_over(shown: Shown) -> None:
    outbound, priority, *_ = shown.told.reports

    clicked = {step.step: step.clicked for step in outbound.steps}["case-study"]
    assert outbound.endings["handed_off"] == priority.enrolled == clicked


def test_three_stories_are_told_in_full(shown: Shown) -> None:
    stories = [[story.ending for story in chosen.stories] for chosen in shown.told.chosen]

    assert [endings[0] for endings in stories] == ["completed", "handed_off", "replied"]
    assert [len(endings) for endings in stories] == [1, 2, 1]
    assert all(story.past[-1].what == "ended" for one in shown.told.chosen for story in one.stories)


def test_story_is_printed_with_its_numbers_and_its_checks(
    shown: Shown, capsys: pytest.CaptureFixture[str]
) -> None:
    show_told(shown.told)
    look_further(shown.record, shown.told, keep=False)

    out = capsys.readouterr().out
    for ended in shown.told.endings:
        assert ended.ending in out
    for check in shown.told.checks:
        assert f"kept    {check.promise}: {check.figures}" in out
    assert shown.record.temporal_ui_url in out
    assert shown.record.inbox_url in out
    assert "postroad show outbound-vp-ops." in out


def test_stack_that_is_opened_again_has_every_run_and_mail_and_explains_it(
    shown: Shown,
) -> None:
    with Stack(shown.folder, say=print, usual=shown.ports) as stack:
        evidence, disagree = asyncio.run(_looked_at(stack.record))

    assert disagree == []
    runs = len(evidence.begun) + len(evidence.refused)
    assert runs > 0
    assert len(evidence.executions) == runs
    assert len(evidence.accepted) == sum(
        step.sent for report in shown.told.reports for step in report.steps
    )


def test_unknown_sequence_is_answered_with_those_there_are() -> None:
    ran = CliRunner().invoke(build_app("dev"), ["dev", "demo", "renewals"])

    assert ran.exit_code == 1
    assert ran.stderr.startswith("postroad: there is no demo of renewals: there is one of ")
    assert "outbound-vp-ops" in ran.stderr


def test_a_scenario_of_each_other_sequence_comes_as_it_was_written(shown: Shown) -> None:
    lived = {one.sequence: one.fault for one in shown.told.rehearsed}

    assert lived == dict.fromkeys(sequences_of(None)[2:], "")


async def _looked_at(record: StackFile) -> tuple[Evidence, list[str]]:
    async with open_stage(record) as stage:
        return await gather(stage, 0), await disagreements(stage.engine)
