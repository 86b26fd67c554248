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
