"""What stands in the mails of the shipped sequences, as their readers see it."""

import pytest

from activities.rendering.mails import render
from activities.rendering.rendered import Rendered, Variables
from authoring.loading import load_version
from schemas.content import Mailbox
from schemas.values import Facts
from schemas.version import Version
from tests.unit.docs.reading import ROOT

KIM = Mailbox(name="Kim Sample", email="kim@sample.invalid")
URL = "https://mail.sample.invalid/unsubscribe"


def loaded(sequence: str) -> Version:
    version = load_version(ROOT / "sequences" / sequence)
    assert isinstance(version, Version), str(version)
    return version


def mail_of(sequence: str, email: str, data: Facts) -> Rendered:
    variables = Variables(sender=KIM, sequence=sequence, step=email, data=data, key="1")
    variables = variables.model_copy(update={"unsubscribe_url": URL})
    mail = render(loaded(sequence).content, email, variables=variables)
    assert isinstance(mail, Rendered), mail.reason
    return mail


@pytest.mark.parametrize(
    ("sequence", "email", "data", "words"),
    [
        ("trial-onboarding", "welcome", "trial_end", "open until May 4, 2026, with"),
        ("trial-onboarding", "trial-ending", "trial_end", "Your trial ends on Monday, May 4."),
        ("renewal", "options", "contract_end", "Your contract ends on May 4, 2026."),
    ],
)
def test_dates_stand_as_people_write_them(sequence: str, email: str, data: str, words: str) -> None:
    assert words in mail_of(sequence, email, {data: "2026-05-04"}).text


def test_the_end_of_a_trial_is_in_the_subject_as_a_day_of_the_week() -> None:
    mail = mail_of("trial-onboarding", "trial-ending", {"trial_end": "2026-05-04T18:00"})

    assert mail.subject == "Your trial ends on Monday, May 4"


def test_two_people_take_turns_at_writing_to_leads() -> None:
    sender = loaded("lead-nurture").content.sender

    assert isinstance(sender, tuple)
    assert [one.name for one in sender] == ["Ines Roth", "Jonas Brandt"]


def test_whoever_looks_for_labels_sees_what_the_words_tell() -> None:
    mail = mail_of("win-back", "running-low", {})

    image = 'alt="The end of a roll of labels held to the light, with the red stripe showing"'
    assert f'<img src="https://shop.acme.example/images/red-stripe.png" {image}' in mail.html
    assert "with the red stripe showing" in mail.text


def test_the_shops_mails_stand_in_the_shops_own_frame() -> None:
    mail = mail_of("win-back", "stay-or-go", {})

    assert loaded("win-back").content.layout == "shop"
    assert "Acme Shop" in mail.html.partition("Hi there")[0]
    assert mail.html.count("500 Example Avenue") == 1
