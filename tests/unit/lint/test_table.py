"""The table of rules, and that docs/lint.md agrees with it."""

import re
from pathlib import Path

from authoring.lint.rules import ABOUT, RULES

DOCS = (Path(__file__).parents[3] / "docs" / "lint.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([a-z-]+)` \| (error|warning) \| (.+) \| (.+) \|$", DOCS, re.MULTILINE)


def test_every_rule_has_one_row_in_the_docs_and_no_other_has() -> None:
    assert [row[0] for row in ROWS] == list(ABOUT)


def test_the_docs_say_how_grave_each_rule_is() -> None:
    levels = {rule.id: rule.level for rule in RULES}

    assert {row[0]: row[1] for row in ROWS if row[0] in levels} == levels


def test_every_row_gives_a_reason_and_how_to_silence_it() -> None:
    assert all(len(reason) > 20 and silencing for _, _, reason, silencing in ROWS)


def test_ids_are_words_and_each_is_there_once() -> None:
    ids = [rule.id for rule in RULES]

    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", one) for one in ids)


def test_every_rule_has_a_case_in_a_test() -> None:
    written = "".join(
        file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py")
    )

    assert [rule.id for rule in RULES if rule.id not in written] == []
