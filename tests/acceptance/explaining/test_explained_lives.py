"""Every fate and every reason, lived on real servers, and explained by it and by the ledger."""

from collections.abc import Iterator, Mapping
from typing import get_args

import pytest

from devstack.demo.stage import Stage
from schemas.explained import Explained, Fate
from schemas.outcomes import (
    Behind,
    Braked,
    Deferred,
    Held,
    InDoubt,
    SendOutcome,
    Sent,
    Stopped,
    Suppressed,
)
from schemas.progress import Entry, Skip, What
from storage import enrolled
from tests.acceptance.agreeing import disagreements
from tests.acceptance.explaining import lives, ways
from tests.acceptance.explaining.staging import Acting, workflow_of
from tests.acceptance.explaining.stories import Expected, Story

STORIES = (*lives.STORIES, *ways.STORIES)
BY_OUTCOME: Mapping[type, Story] = {
    Sent: lives.MENDED,
    Suppressed: lives.SUPPRESSED,
    Held: lives.MENDED,
    InDoubt: ways.DOUBTED,
    Stopped: lives.STOPPED,
    Behind: lives.BEHIND,
    Deferred: lives.CAPPED,
    Braked: lives.MENDED,
}
"""In which story each outcome of a send comes about."""

BY_THE_RECORD_ALONE = {What.EVENT}
"""What only the record tells where no worker does."""


@pytest.fixture(scope="module")
async def acted(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Acting:
    acting = Acting(stage, tmp_path_factory.mktemp("explained"))
    await acting.act(STORIES)
    return acting


def wrong(told: Explained, expected: Expected) -> Iterator[str]:
    """Say which steps are told of otherwise than expected."""
    known = {one.step: one for one in told.steps}
    for step, (fate, words) in expected.items():
        if (known[step].fate, words in known[step].why) != (fate, True):
            yield f"{step} is {known[step].fate}: {known[step].why}"


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
async def test_what_became_of_each_step_is_told_with_its_reason(
    acted: Acting, story: Story
) -> None:
    told = acted.told[story.name]

    assert list(wrong(told, story.told)) == []
    assert {one.step for one in told.steps} == set(story.told)
    assert told.over == story.over


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
async def test_while_it_lives_it_says_what_keeps_it_and_what_comes(
    acted: Acting, story: Story
) -> None:
    seen = acted.lived[story.name].seen

    assert set(seen) == set(story.seen) == set(story.waits)
    for name, told in seen.items():
        assert told.told_by == "live"
        assert list(wrong(told, story.seen[name])) == []
        assert len([line for line in told.waits if story.waits[name] in line]) == 1, told.waits


async def test_explanations_agree_with_the_ledger(acted: Acting) -> None:
    ours = {workflow_of(story) for story in STORIES}

    found = await disagreements(acted.stage.engine)

    assert [words for words in found if words.partition(":")[0] in ours] == []


async def test_every_fate_reason_and_outcome_has_come_about(acted: Acting) -> None:
    timeline = [one for story in STORIES for one in _timeline(acted, story)]
    meanwhile = [told for one in acted.lived.values() for told in one.seen.values()]
    explained = [*acted.told.values(), *meanwhile]

    assert {one.fate for told in explained for one in told.steps} == set(get_args(Fate))
    assert {one.skip for one in timeline if one.what is What.SKIPPED} == set(Skip)
    assert {one.what for one in timeline} == set(What) - BY_THE_RECORD_ALONE
    assert set(BY_OUTCOME) == set(get_args(SendOutcome))


def _timeline(acted: Acting, story: Story) -> tuple[Entry, ...]:
    with acted.stage.engine.connect() as connection:
        row = enrolled.find(connection, workflow_of(story))
    assert row is not None
    return row.timeline or ()
