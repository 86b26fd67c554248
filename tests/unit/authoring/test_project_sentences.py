"""What the loader says of each mistake in what a project says of sending."""

import pytest

from authoring.text.faults import Faults
from tests.unit.authoring.written import Folder


def said(folder: Folder, project: str) -> list[str]:
    (folder.path.parent.parent / "postroad.yaml").write_text(project, encoding="utf-8")
    found = folder.load("steps: [{email: intro}]\n")
    faults = found.faults if isinstance(found, Faults) else ()
    return [f"{one.at.line}:{one.at.column}: {one.problem}; {one.mend}" for one in faults]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("breakers: no", "1:11: `breakers` must be a mapping of keys; known keys: "),
        ("breakers: {bounces: 5}", "1:21: `5` is not a share of the mails, above 0%; write it"),
        ("breakers: {bounces: 0%}", "1:21: `0%` is not a share of the mails, above 0%; write"),
        ("breakers: {bounces: 101%}", "1:21: `101%` is not a share of the mails, above 0%"),
        ("breakers: {at_least: 0}", "1:22: 0 is not between 1 and 20000"),
        ("breakers: {within: 3 hours}", "1:20: `3 hours` is no number of days; write days"),
        ("breakers: {bounce: 5%}", "1:12: `bounce` is not a key that is known here; did you"),
        ("breakers: {notify: ops}", "1:20: this is not a mail address; write an address like"),
        ("breakers: {notify: 'http://a.example'}", "1:20: this is not a mail address"),
        ("breakers: {senders: {sam: off}}", "1:22: this is not a mail address; write an"),
        ("breakers: {sequences: [a]}", "1:23: this must be a mapping of names to what holds"),
        ("rates: {sender: {per_second: 0}}", "1:30: 0 is not between 1 and 1000"),
        ("rates: {sender: {per_minute: 3}}", "1:18: `per_minute` is not a key that is known"),
        ("rates: {domain: {warm_up: {}}}", "1:18: `warm_up` is not a key that is known here"),
        (
            "rates: {domains: {gmail: {per_hour: 3}}}",
            "1:19: `gmail` is not a domain of mail; write",
        ),
        (
            "rates: {sender: {warm_up: {from: 50, times: 2}}}",
            "1:18: `warm_up` grows up to `per_day`, and there is none; add `per_day: 2000`, say",
        ),
        (
            "rates: {sender: {per_day: 9, warm_up: {from: 5, times: 1}}}",
            "1:56: `1` is not between 1.05 and 10; write it like `1.5`",
        ),
        ("breakers: {sequences: {a: {notify: x}}}", "1:28: `notify` is not a key that is known"),
    ],
)
def test_each_mistake_is_told_in_a_sentence(folder: Folder, written: str, words: str) -> None:
    (one,) = said(folder, f"{written}\n")

    assert one.startswith(words)


def test_off_is_a_word_for_a_sequence_too(folder: Folder) -> None:
    assert said(folder, "breakers: {sequences: {a: off}}\n") == []
