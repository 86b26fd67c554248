import pytest

from schemas.version import Version
from tests.unit.authoring.written import HEAD, Folder

STEPS = "steps: [{email: intro}]\n"


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
        ("caps: {per_day: 1}", "4:1: `caps` stands in postroad.yaml, under `caps`"),
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
                "write `never`, `always`, `replace`, `unless goal`, `after 90 days` or "
                "`after 90 days unless goal`"
            ),
        ),
        ("goals: [{event: won}]", "4:9: `within` is missing here; add `within: …`"),
        (
            "goals: [{event: won, within: 3 days, currency: event.currency}]",
            (
                "4:38: `currency` says what a `value` is counted in, and there is none here; "
                "add `value: event.amount`, say"
            ),
        ),
        (
            "goals: [{event: won, within: 3 business days}]",
            (
                "4:30: only `wait` and the `within` of a step count business days; "
                "write `3 days`, say"
            ),
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
            "send_window: {timezone: UTC, holidays: UX}",
            (
                "4:40: `UX` is no country whose holidays are known; write a code like `US` or "
                "`US-CA`, `contact.country`, or a list of dates"
            ),
        ),
        (
            "send_window: {timezone: UTC, holidays: [2026-02-30]}",
            "4:41: `2026-02-30` is not a date; write it like `2026-12-24`",
        ),
        (
            "send_window: {timezone: UTC, weekend: [fri, sat]}",
            "4:30: `weekend` stands at the top of the file, beside `send_window`",
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
            "known keys: `sequence`, `purpose`, `topic`, `kind`, `key`, `from`"
        )
    ]
