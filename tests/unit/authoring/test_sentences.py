import pytest

from schemas.version import Version
from tests.unit.authoring.written import HEAD, Folder

STEPS = "steps: [{email: intro}]\n"


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
        ("{set: x}", "4:10: `set` is not known to this version of the language yet"),
        (
            "{email: intro, variants: {a: 1}}",
            "4:24: `variants` is not known to this version of the language yet",
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
        ("{email: intro, day: one}", "4:29: `one` stands where a whole number belongs"),
        ("{email: intro, day: true}", "4:29: `true` stands where a whole number belongs"),
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
            "4:24: `at_time` says the time of a `day`, and there is none here; add `day: …`",
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
                "case-study}`"
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
        ("{task: call, blocking: no}", "4:32: `no` stands where `true` or `false` belongs"),
    ],
)
def test_each_fault_of_a_step_is_one_sentence(folder: Folder, step: str, sentence: str) -> None:
    written = step if step.startswith(("{", "intro")) else f"{{{step}}}"

    assert folder.said(f"steps: [{written}]\n") == [f"sequence.yaml:{sentence}"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "purpos: outbound",
            "4:1: `purpos` is not a key that is known here; did you mean `purpose`?",
        ),
        (
            "purpose: outbond",
            (
                "4:10: `outbond` is not one of `outbound`, `nurture`, `onboarding`, "
                "`post-purchase`, "
                "`renewal`, `win-back`, `other`; did you mean `outbound`?"
            ),
        ),
        ("holdout: 5%", "4:1: `holdout` is not known to this version of the language yet"),
        (
            "enroll_on: {event: x}",
            "4:1: `enroll_on` is not known to this version of the language yet",
        ),
        (
            "suppress_while: {}",
            "4:1: `suppress_while` is not known to this version of the language yet",
        ),
        ("topic: 3", "4:8: `3` stands where text belongs; put it in quotes"),
        ("topic:", "4:7: nothing stands where text belongs"),
        (
            "reply_to: inbond",
            "4:11: `inbond` is not one of `inbound`, `sender`; did you mean `inbound`?",
        ),
        (
            "from_fallback: Ops Team",
            (
                "4:16: this is not a mail address; write `owner`, or an address like "
                "`team@acme.example`"
            ),
        ),
        ("from_fallback: {name: Ops}", "4:16: `email` is missing here; add `email: …`"),
        (
            'audience: contact.role = "vp-ops"',
            "4:24: `=` is not known; did you mean `==`?",
        ),
        (
            "min_gap: 1",
            "4:10: `1` is not a duration; write a number and a unit, for example `3 days`",
        ),
        ("out_of_office: 0 days", "4:16: a duration here must be longer than nothing"),
        (
            "re_enroll: sometimes",
            (
                "4:12: `sometimes` does not say when someone may enter again; "
                "write `never`, `always` or `after 90 days`"
            ),
        ),
        ("goals: [{event: won}]", "4:9: `within` is missing here; add `within: …`"),
        (
            "goals: [{event: won, within: 3 days, value: event.amount}]",
            "4:38: `value` is not known to this version of the language yet",
        ),
        (
            "exit_on: [replied]",
            "4:11: `replied` is no event that the app reports; did you mean `reply`?",
        ),
        ("exit_on: [{when: contact.won}]", "4:11: `as` is missing here; add `as: …`"),
        (
            "exit_on: [{click: intro}]",
            "4:11: an ending by a click has no name of its own; add `as: interested`, say",
        ),
        (
            "exit_on: [reply, reply]",
            (
                "4:10: two entries of `exit_on` end as `replied`, which tells them not apart; "
                "give one of them another `as: …`"
            ),
        ),
        (
            "on: {click: intor, do: [{exit: x}]}",
            "4:13: `intor` is no step of this sequence that sends a mail; did you mean `intro`?",
        ),
        ("on: {click: intro}", "4:5: `do` is missing here; add `do: …`"),
        ("on: {click: intro, do: []}", "4:20: `do` names no step; write one, or more"),
        (
            "on: {click: intro, do: [{wait: 1 day}]}",
            "4:26: `wait` cannot stand in `on:`, which acts at once; move it to `steps:`",
        ),
        (
            "on: {click: intro, do: [{wait_for: reply, within: 1 day}]}",
            "4:26: `wait_for` cannot stand in `on:`, which acts at once; move it to `steps:`",
        ),
        (
            "on: {click: intro, do: [{email: case-study, day: 2}]}",
            "4:45: `day` cannot stand in `on:`, which acts at once; move it to `steps:`",
        ),
        (
            "on: {click: intro, do: [{task: call, blocking: true, within: 1 day}]}",
            "4:38: a task in `on:` runs beside the steps and cannot block; remove `blocking: true`",
        ),
        (
            "send_window: {days: mon-fry, timezone: UTC}",
            "4:25: `fry` is not a day of the week; did you mean `fri`?",
        ),
        (
            "send_window: {days: mon-fri}",
            (
                "4:14: a contact may have no time zone, so `send_window` must say which one "
                "counts then; "
                "add `fallback: America/New_York`, say"
            ),
        ),
        (
            "send_window: {fallback: America/New_Yrok}",
            "4:25: `America/New_Yrok` is not a time zone; did you mean `America/New_York`?",
        ),
        (
            "send_window: {timezone: UTC, holidays: US}",
            "4:30: `holidays` is not known to this version of the language yet",
        ),
        (
            "send_window: {timezone: UTC, from: 17:00, to: 09:00}",
            (
                "4:47: the window closes before it opens; "
                "write two `ranges`, one on each side of midnight"
            ),
        ),
        (
            "send_window: {timezone: UTC, ranges: [{from: 09:00, to: 12:00}, {from: 11:00}]}",
            "4:38: two of the ranges overlap; make one of them",
        ),
        (
            "send_window: {timezone: UTC, from: 09:00, ranges: [{from: 09:00}]}",
            "4:30: `from` and `ranges` both say when the window is open; move `from` into `ranges`",
        ),
        ("topic: a\ntopic: b", "5:1: `topic` stands here twice; remove one of them"),
    ],
)
def test_each_fault_of_a_sequence_is_one_sentence(folder: Folder, line: str, sentence: str) -> None:
    assert folder.said(f"{line}\n{STEPS}") == [f"sequence.yaml:{sentence}"]


def test_a_fault_carries_its_parts(folder: Folder) -> None:
    fault = folder.fault("steps: [{email: intor}]\n")

    assert (fault.at.file, fault.at.line, fault.at.column) == (
        str(folder.path / "sequence.yaml"),
        4,
        17,
    )
    assert fault.text == "intor"
    assert fault.mend == "did you mean `intro`?"


def test_all_faults_are_found_at_once_in_order(folder: Folder) -> None:
    said = folder.said("purpos: x\ntopic: 3\nsteps: [{email: intor}, {wiat: 3 days}]\n")

    assert [one.split(":")[1] for one in said] == ["4", "5", "6", "6"]


def test_a_sequence_needs_a_name_steps_and_a_sender(folder: Folder) -> None:
    said = folder.said("topic: news\n", head="")

    assert said == [
        "sequence.yaml:1:1: `sequence` is missing here; add `sequence: …`",
        "sequence.yaml:1:1: `steps` is missing here; add `steps: …`",
        (
            "sequence.yaml:1:1: nobody is said to send these mails; "
            "add `from: owner` or `from: {name: …, email: …}`"
        ),
    ]


def test_a_marketing_mail_needs_a_postal_address(folder: Folder) -> None:
    head = "\n".join(line for line in HEAD.splitlines() if "postal" not in line) + "\n"

    said = folder.said("steps: [{email: intro}]\n", head)

    assert said == [
        (
            "sequence.yaml:1:1: a marketing mail must say the sender's postal address, "
            "and there is none; add `postal_address: …` here or in postroad.yaml"
        )
    ]


def test_a_sequence_of_transactional_mails_needs_none(folder: Folder) -> None:
    head = "sequence: welcome\nfrom: owner\n"

    version = folder.load("steps: [{email: intro, kind: transactional}]\n", head)

    assert isinstance(version, Version)


def test_a_file_that_is_a_list_is_no_sequence(folder: Folder) -> None:
    assert folder.said("- a\n", head="") == [
        (
            "sequence.yaml:1:1: a sequence must be a mapping of keys; "
            "known keys: `sequence`, `purpose`, `topic`, `kind`, `from`, `from_fallback`"
        )
    ]
