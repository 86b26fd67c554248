"""The sequences that are measured, and the mails in them."""

from datetime import UTC, datetime

from schemas.calendar import Duration, Unit, Window
from schemas.conditions import Fact
from schemas.content import Content, Mailbox
from schemas.matchers import Matcher
from schemas.policies import ExitRule
from schemas.sequence import Sequence
from schemas.steps import AnyStep, At, EmailStep, WaitStep
from schemas.version import Version

SENDER = Mailbox(email="olga@acme.example", name="Olga Smith")
WAIT_DAYS = 2
"""Days between two mails."""

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""Monday 2 March 2026, 10:00 in New York."""

_DAYS = (1, 3, 7, 14, 21, 30, 45, 60, 75, 90)
_REPLY = ExitRule(name="replied", on=Matcher(kind="reply"))
_MAIL = """---
subject: {subject}
---
Hi {{{{ contact.first_name or "there" }}}},

{{{{ contact.company or "Your team" }}}} ships from three hubs, and a truck that is late at one of
them is felt at the other two. Carriers on your lanes cut such delays by a third with
[one shared dock calendar](https://acme.example/docks).

Is that worth ten minutes next week?

{{{{ sender.name }}}}
"""


def mails_with_waits(mails: int) -> Sequence:
    """Give a sequence of so many mails, two days between two; every second one is in a thread."""
    steps: list[AnyStep] = []
    for number in range(mails):
        wait = WaitStep(id=f"wait-{number}", wait=Duration(count=WAIT_DAYS, unit=Unit.DAYS))
        thread = "mail-0" if number % 2 else None
        mail = EmailStep(id=f"mail-{number}", email=f"mail-{number}", thread=thread)
        steps += [wait, mail] if number else [mail]
    return _sequence(f"mails-{mails}", steps)


def one_mail_after_a_wait() -> Sequence:
    """Give a sequence that sleeps after its beginning."""
    wait = WaitStep(id="wait", wait=Duration(count=WAIT_DAYS, unit=Unit.DAYS))
    return _sequence("one-mail", [wait, EmailStep(id="mail", email="mail")])


def one_mail_at_a_moment(name: str) -> Sequence:
    """Give a sequence that sleeps until the moment that each enrollment's data says."""
    at = At(anchor=Fact(of="data", path="wakes"), text="data.wakes")
    return _sequence(name, [EmailStep(id="mail", email="mail", at=at, if_past="send_now")])


def one_transactional_mail() -> Sequence:
    """Give a sequence of one transactional mail, sent at once."""
    return _sequence("receipt", [EmailStep(id="mail", email="mail", transactional=True)])


def ninety_days() -> Sequence:
    """Give ten mails from day 1 to day 90, in a send window of office hours."""
    steps: list[AnyStep] = [
        EmailStep(id=f"mail-{day}", email=f"mail-{day}", day=day) for day in _DAYS
    ]
    office = Window(days=(0, 1, 2, 3, 4), ranges=((540, 1020),))
    return _sequence("ninety-days", steps).model_copy(update={"window": office})


def version_of(sequence: Sequence) -> Version:
    """Give a sequence its mails."""
    names = [step.email for step in sequence.steps if isinstance(step, EmailStep)]
    subjects = ("Docks at {{ contact.company }}", "One more thing about docks")
    files = {
        f"{name}.md": _MAIL.format(subject=subjects[place % 2]) for place, name in enumerate(names)
    }
    content = Content(files=files, sender=SENDER, postal_address="1 Main St, Springfield")
    return Version.of(sequence, content)


def _sequence(name: str, steps: list[AnyStep]) -> Sequence:
    following = [*(step.id for step in steps[1:]), None]
    chained = tuple(
        step.model_copy(update={"next": after})
        for step, after in zip(steps, following, strict=True)
    )
    return Sequence(
        name=name, steps=chained, first=steps[0].id, exit_on=(_REPLY,), listens_to=("reply",)
    )
