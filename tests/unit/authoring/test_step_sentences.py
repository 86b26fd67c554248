import pytest

from tests.unit.authoring.written import Folder


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ("intro", "4:9: a step must be a mapping; did you mean `{email: intro}`?"),
        ("{}", "4:9: this step is empty; write `{email: intro, day: 1}`, say"),
        ("{emial: intro}", "4:10: `emial` is not a kind of step; did you mean `email`?"),
        (
            "{email: intro, wait: 1 day}",
            "4:9: one step cannot be `email` and `wait`; make two steps of it",
        ),
        (
            "{email: intro, dya: 1}",
            "4:24: `dya` is not a key that is known here; did you mean `day`?",
        ),
        (
            "{email: intor}",
            (
                "4:17: there is no mail `intor.md` or `intor.html` in the folder; did you mean "
                "`intro`?"
            ),
        ),
        (
            "{email: zzz}",
            "4:17: there is no mail `zzz.md` or `zzz.html` in the folder; write `zzz.md`",
        ),
        ("{email: intro, day: 0}", "4:29: 0 is not between 1 and 3660"),
        (
            "{email: intro, day: one}",
            "4:29: `one` stands where a whole number belongs; write digits alone, like `1`",
        ),
        (
            "{email: intro, day: true}",
            "4:29: `true` stands where a whole number belongs; write digits alone, like `1`",
        ),
        (
            "{email: intro, day: 1, at_time: 9:30}",
            "4:41: `9:30` is not a time of day; write hours and minutes, for example `09:30`",
        ),
        (
            "{email: intro, day: 1, at_time: 24:00}",
            "4:41: `24:00` is no time of day; write `00:00`",
        ),
        (
            "{email: intro, at_time: 09:30}",
            (
                "4:24: `at_time` says the time of a `day` or an `at`, and there is none here; "
                "add `day: …`"
            ),
        ),
        (
            "{email: intro, kind: marketting}",
            (
                "4:30: `marketting` is not one of `marketing`, `transactional`; did you mean "
                "`marketing`?"
            ),
        ),
        (
            "{email: intro, thread: case-study}, {email: case-study}",
            "4:32: `case-study` does not come before `intro`, so there is nothing to answer yet",
        ),
        (
            "{email: intro}, {email: case-study, thread: intor}",
            "4:53: `intor` is no step of this sequence that sends a mail; did you mean `intro`?",
        ),
        (
            "{email: intro}, {email: intro}",
            (
                "4:25: two steps are called `intro`, the first in line 4; "
                "give one of them another `id: …`"
            ),
        ),
        (
            "{email: intro, id: a b}",
            "4:28: `a b` is not a name; use letters, digits, `.`, `_` and `-`, at most 100",
        ),
        ("{email: intro, subject: 3}", "4:33: `3` stands where text belongs; put it in quotes"),
        (
            'email: intro, subject: "Hi {{ contct.x }}"',
            "4:40: contct does not exist; did you mean contact?",
        ),
        (
            "{wait: 3}",
            "4:16: `3` is not a duration; write a number and a unit, for example `3 days`",
        ),
        ("{wait: 3 d}", "4:18: `d` is no unit; did you mean `days`?"),
        ("{wait: 0 days}", "4:16: a duration here must be longer than nothing"),
        ("{wait: [3 days]}", "4:16: a list stands where text belongs"),
        ("{wait_for: reply}", "4:9: `within` is missing here; add `within: …`"),
        (
            "{wait_for: reply, within: 1 day, since: step}",
            "4:42: `since` stands inside `wait_for: {…}`, beside the event",
        ),
        (
            "{wait_for: click, within: 1 day}",
            (
                "4:20: `click` is no event that the app reports; say of which mail: `{click: "
                "case-study}`, or `{click: any}`"
            ),
        ),
        (
            "{wait_for: unsubscribe, within: 1 day}",
            (
                "4:20: `unsubscribe` is no event that the app reports; it ends the enrollment by "
                "itself"
            ),
        ),
        (
            "{wait_for: {click: intor}, within: 1 day}, {email: intro}",
            "4:28: `intor` is no step of this sequence that sends a mail; did you mean `intro`?",
        ),
        (
            "{wait_for: {since: step}, within: 1 day}",
            (
                "4:20: this must name exactly one of `event`, `click`, `open` and `reply`; "
                "write `{click: case-study}`, for example"
            ),
        ),
        (
            "{wait_for: {reply: true, where: key}, within: 1 day}",
            "4:34: `where` looks at the fields of an `event`; a reply has none; remove it",
        ),
        (
            "{wait_for: {any: [won, lost]}, within: 1 day, then: {wno: []}}",
            "4:62: `wno` is not one of the events awaited; did you mean `won`?",
        ),
        ("{wait_for: {any: []}, within: 1 day}", "4:26: `any` names no event"),
        (
            "{when: contact.vip}",
            "4:9: a condition without `then` and `else` changes nothing; add `then: […]`",
        ),
        (
            '{when: clicked("intor"), then: []}, {email: intro}',
            "4:24: `intor` is no step of this sequence that sends a mail; did you mean `intro`?",
        ),
        (
            "{task: call}",
            (
                "4:9: a task that blocks must say for how long; "
                "add `within: 2 days`, or `blocking: false`"
            ),
        ),
        (
            "{task: call, blocking: false, else: []}",
            (
                "4:39: a task that does not block has no `else`: the sequence has gone on already; "
                "remove it, or let the task block"
            ),
        ),
        (
            "{task: call, blocking: no}",
            "4:32: `no` stands where `true` or `false` belongs; write `false`",
        ),
    ],
)
def test_each_fault_of_a_step_is_one_sentence(folder: Folder, step: str, sentence: str) -> None:
    written = step if step.startswith(("{", "intro")) else f"{{{step}}}"

    assert folder.said(f"steps: [{written}]\n") == [f"sequence.yaml:{sentence}"]
