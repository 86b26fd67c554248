"""The project's own file: what sequences take over, and what it may not say."""

from pathlib import Path

import pytest

from authoring.loading import Loaded, load
from schemas.breakers import Breaker
from schemas.calendar import Duration, Unit, Window
from schemas.content import Mailbox
from schemas.rates import Rate, WarmUp
from tests.unit.authoring.whole import PROJECT, whole_folder
from tests.unit.authoring.written import Folder

BARE = "sequence: welcome\nsteps: [{email: intro}]\n"


def loaded(tmp_path: Path, sequence: str = BARE, project: str = PROJECT) -> Loaded:
    folder = whole_folder(tmp_path, sequence, project)
    folder.write("intro.md", "---\nsubject: Hi\n---\nHi\n")
    found = load(folder.path)
    assert isinstance(found, Loaded), str(found)
    return found


def test_a_sequence_takes_over_what_it_does_not_say(tmp_path: Path) -> None:
    found = loaded(tmp_path)

    content = found.version.content
    assert content.sender == Mailbox(name="Ops", email="ops@acme.example")
    assert content.sender_fallback == Mailbox(email="help@acme.example")
    assert content.postal_address.startswith("Acme Inc.")
    assert content.snippets == {"ps": "PS: hello"}
    assert found.version.sequence.window == Window(
        days=(0, 1, 2, 3, 4),
        ranges=((540, 1020),),
        fallback="America/New_York",
        holidays_of="contact",
    )


def test_the_projects_zone_is_the_fallback_of_every_window(tmp_path: Path) -> None:
    found = loaded(tmp_path, f"send_window: {{days: mon}}\n{BARE}")

    window = found.version.sequence.window
    assert window == Window(days=(0,), ranges=((0, 1440),), fallback="America/New_York")


def test_what_only_tools_need_is_kept(tmp_path: Path) -> None:
    project = loaded(tmp_path).project

    assert project.caps is not None
    assert (project.caps.per_day, project.caps.per_week) == (1, 3)
    assert project.caps.defer_up_to == Duration(count=7, unit=Unit.DAYS)
    assert project.groups == ("outbound", "nurture")
    assert project.attributes is not None
    assert project.attributes["seats"] == "number"
    assert project.languages == ("en", "de")
    assert project.folder == tmp_path


def test_breakers_say_what_differs_for_some(tmp_path: Path) -> None:
    breakers = loaded(tmp_path).project.breakers

    usual = Breaker(
        bounces=400,
        complaints=20,
        at_least=100,
        within=Duration(count=14, unit=Unit.DAYS),
        probe_after=Duration(count=2, unit=Unit.HOURS),
    )
    assert breakers.of("sequence", "welcome") == usual
    assert breakers.of("sequence", "whole") == usual.model_copy(update={"bounces": 300})
    assert breakers.of("sequence", "other") is None
    soon = Duration(count=30, unit=Unit.MINUTES)
    own = usual.model_copy(update={"probe_after": soon})
    assert breakers.of("sender", "ops@acme.example") == own
    assert breakers.notify == "ops@acme.example"


def test_rates_say_what_differs_for_some(tmp_path: Path) -> None:
    rates = loaded(tmp_path).project.rates

    assert rates is not None
    warm_up = WarmUp(first=50, times=1.5)
    usual = Rate(per_second=5, per_hour=500, per_day=2000, warm_up=warm_up)
    assert rates.of_sender("sam@acme.example") == usual
    assert rates.of_sender("ops@acme.example") == usual.model_copy(update={"per_day": 200})
    assert rates.of_domain("customer.example") == Rate(per_second=10, per_day=5000)
    assert rates.of_domain("gmail.com") == Rate(per_second=10, per_hour=900, per_day=5000)


@pytest.mark.parametrize(
    ("written", "usual"),
    [("", Breaker()), ("breakers: off\n", None), ("breakers: {}\n", Breaker())],
)
def test_without_a_word_breakers_are_the_usual_ones(
    tmp_path: Path, written: str, usual: Breaker | None
) -> None:
    head = "postal_address: 1 Main St\nfrom: ops@acme.example\n"
    project = loaded(tmp_path, project=f"{head}{written}").project

    assert project.breakers.of("sequence", "welcome") == usual


def test_without_a_project_every_name_is_let_pass(folder: Folder) -> None:
    sequence = folder.sequence(
        "audience: contact.whatever == 1\nexit_on: [any_event]\nsteps: [{email: intro}]\n"
    )

    assert sequence.contact_facts == ("whatever",)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("postal_adress: x", "1:1: `postal_adress` is not a key that is known here; did you mean"),
        ("caps: {}", "1:7: `caps` names no cap; add `per_week: 3`, say"),
        (
            "caps: {per_day: 4, per_week: 3}",
            "1:8: 4 a day is more than the 3 a week that are allowed",
        ),
        ("events: [won, won]", "1:9: `won` stands here twice; remove one of them"),
        ("events: [click]", "1:9: `click` is known of itself: the app does not report it"),
        ("events: []", "1:9: this list is empty"),
        ("attributes: {role: string}", "1:20: `string` is not one of `text`, `number`, `truth`"),
        ("attributes: {email: text}", "1:14: every contact has `email` of itself; remove it"),
        ("attributes: {a-b: text}", "1:14: `a-b` cannot name an attribute"),
        ("facts: {t: {opens: a, closes: b}}", "1:12: `id` is missing here; add `id: …`"),
        (
            "events: [a]\nfacts: {t: {opens: aa, closes: a, id: x}}",
            "2:20: `aa` is no event of `events`",
        ),
        ("senders: {owner: a@b.example}", "1:11: `owner` always means the contact's own"),
        ("senders: {ops: nobody}", "1:16: this is not a mail address"),
        ("from: ops", "1:7: this is not a mail address"),
        ("languages: [german]", "1:12: `german` is not the tag of a language; write one like `de`"),
        (
            "attachment_urls: ['http://x/*']",
            "1:18: `http://x/*` must begin with `https://` and a host",
        ),
        ("timezone: Berlin", "1:11: `Berlin` is not a time zone"),
        ("send_window: {days: mon}", "1:14: a contact may have no time zone"),
        ("exclusive: {a b: x}", "1:13: `a b` is not a name"),
    ],
)
def test_each_mistake_is_told_in_a_sentence(tmp_path: Path, written: str, sentence: str) -> None:
    folder = whole_folder(
        tmp_path, "sequence: a\nfrom: owner\nsteps: [{exit: x}]\n", f"{written}\n"
    )

    found = load(folder.path)

    (first, *_) = str(found).removeprefix(f"{tmp_path}/postroad.yaml:").splitlines()
    assert first.startswith(sentence)
