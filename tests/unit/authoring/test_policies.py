"""What a sequence does beside its steps: effects, arms, signs, facts, triggers, shares."""

import pytest

from schemas.calendar import Duration, Unit
from schemas.conditions import Comparison, Count, Fact
from schemas.content import Mailbox
from schemas.matchers import Matcher
from schemas.policies import ExitRule, Goal, Suppressor, Trigger, Turns, Unengaged
from schemas.steps import Arm, EmailStep, NotifyStep, SetStep, WebhookStep, WhenStep, Winner
from schemas.version import Version
from tests.unit.authoring.written import MAIL, Folder

STEPS = "steps: [{email: intro}, {email: case-study}]\n"
TICKET = (
    "fact: open_ticket, opens: ticket_opened, closes: [ticket_solved, ticket_closed], id: ticket"
)


def days(count: int) -> Duration:
    return Duration(count=count, unit=Unit.DAYS)


def test_steps_may_set_post_and_notify(folder: Folder) -> None:
    steps = folder.steps("""
        steps:
          - {set: {engaged: false, score: 3, tags: [a, b], plan: null}}
          - {webhook: https://app.acme.example/hooks, id: tell}
          - {notify: "{{ contact.email }} is keen"}
    """)

    assert steps["set-1"] == SetStep(
        id="set-1",
        next="tell",
        values={"engaged": False, "score": 3, "tags": ["a", "b"], "plan": None},
    )
    assert isinstance(steps["tell"], WebhookStep)
    assert isinstance(steps["notify-1"], NotifyStep)


def test_arms_have_weights_and_files_of_their_own_if_they_are_there(folder: Folder) -> None:
    folder.write("intro.b.md", MAIL)
    step = folder.steps("""
        steps:
          - email: intro
            variants:
              {a: 50, b: 30, c: {weight: 20, subject: Hi}, d: {weight: 0, email: case-study}}
            winner: {by: click, after: 200}
    """)["intro"]

    assert isinstance(step, EmailStep)
    assert step.arms == (
        Arm(name="a", weight=50, email="intro"),
        Arm(name="b", weight=30, email="intro.b"),
        Arm(name="c", weight=20, email="intro", subject="Hi"),
        Arm(name="d", weight=0, email="case-study"),
    )
    assert step.winner == Winner(metric="click", after=200)


def test_signs_of_interest_tell_the_owner(folder: Folder) -> None:
    sequence = folder.sequence(f"""
high_intent:
  - {{click: intro}}
  - {{click: any, url: "*/pricing*"}}
  - {{count: click, at_least: 3, within: 2 days}}
  - demo_watched
{STEPS}""")

    assert [one.on for one in sequence.reactions] == [
        Matcher(kind="click", step="intro"),
        Matcher(kind="click", url="*/pricing*"),
        Matcher(kind="click", at_least=3, within=days(2)),
        Matcher(kind="event", name="demo_watched"),
    ]
    assert [one.first for one in sequence.reactions] == [f"high-intent-{n}" for n in (1, 2, 3, 4)]
    assert isinstance(sequence.step_by_id["high-intent-3"], NotifyStep)
    assert sequence.listens_to == ("click", "event:demo_watched")


def test_somebody_else_of_the_company_may_end_it(folder: Folder) -> None:
    sequence = folder.sequence(f"""
exit_on:
  - {{reply: true, by: account}}
  - {{event: meeting_booked, by: account, where: event.size > 3}}
  - {{event: won, by: account, as: colleague_won}}
{STEPS}""")

    assert [one.name for one in sequence.exit_on] == [
        "account_replied",
        "account_meeting_booked",
        "colleague_won",
    ]
    assert sequence.exit_on[0] == ExitRule(
        name="account_replied", on=Matcher(kind="reply", by="account")
    )
    assert sequence.listens_to == (
        "account:event:meeting_booked",
        "account:event:won",
        "account:reply",
    )


def test_a_fact_suppresses_while_it_is_true(folder: Folder) -> None:
    sequence = folder.sequence(f"""
key: data.order.order_id
suppress_while: {{{TICKET}, then: exit, match: key, except: transactional}}
{STEPS}""")

    assert sequence.key == Fact(of="data", path="order.order_id")
    assert sequence.suppress_while == Suppressor(
        fact="open_ticket",
        opens=("ticket_opened",),
        closes=("ticket_solved", "ticket_closed"),
        id="ticket",
        match="order_id",
        then="exit",
        spares_transactional=True,
    )
    assert sequence.listens_to == (
        "event:ticket_closed",
        "event:ticket_opened",
        "event:ticket_solved",
    )


@pytest.mark.parametrize(
    ("written", "read", "heard"),
    [
        ("{after: 4}", Unengaged(after=4), ("click", "reply")),
        (
            "{after: 2, do: exit, opens: true}",
            Unengaged(after=2, opens=True),
            ("click", "open", "reply"),
        ),
    ],
)
def test_whom_no_mail_moves_is_left_alone(
    folder: Folder, written: str, read: Unengaged, heard: tuple[str, ...]
) -> None:
    sequence = folder.sequence(f"unengaged: {written}\n{STEPS}")

    assert (sequence.unengaged, sequence.listens_to) == (read, heard)


@pytest.mark.parametrize(
    ("written", "share"), [("5%", 500), ("2.5%", 250), ("0.05%", 5), ("0%", 0), ("99.99 %", 9999)]
)
def test_a_holdout_is_counted_in_hundredths_of_a_percent(
    folder: Folder, written: str, share: int
) -> None:
    assert folder.sequence(f"holdout: {written}\n{STEPS}").holdout == share


@pytest.mark.parametrize(
    ("written", "minutes"), [("0 minutes", 0), ("45 minutes", 45), ("2 hours", 120)]
)
def test_a_spread_is_in_minutes(folder: Folder, written: str, minutes: int) -> None:
    assert folder.sequence(f"spread: {written}\n{STEPS}").spread == minutes


@pytest.mark.parametrize(
    ("written", "days_off"),
    [("[fri, sat]", (4, 5)), ("sun", (6,)), ("fri-sun", (4, 5, 6)), ("[]", ())],
)
def test_a_weekend_is_written_as_days(
    folder: Folder, written: str, days_off: tuple[int, ...]
) -> None:
    assert folder.sequence(f"weekend: {written}\n{STEPS}").weekend == days_off


def test_people_are_enrolled_by_events_dates_silence_and_conditions(folder: Folder) -> None:
    sequence = folder.sequence(f"""
new_cycle: 60 days
enroll_on:
  - {{event: order_placed, where: event.total > 3, backfill: none, create: true}}
  - {{near: contact.renewal, by: 2 weeks, backfill: all}}
  - {{inactive: login, for: 60 days, max: 200 per day, backfill: all}}
  - {{when: contact.stage == "trial", backfill: none}}
{STEPS}""")

    event, near, inactive, attribute = sequence.triggers
    assert (event.kind, event.creates, event.backfill) == ("event", True, "none")
    assert event.on is not None
    assert event.on.where is not None
    assert near == Trigger(
        kind="near",
        anchor=Fact(of="contact", path="renewal"),
        by=Duration(count=2, unit=Unit.WEEKS),
        backfill="all",
    )
    assert (inactive.by, inactive.per_day) == (days(60), 200)
    assert attribute.when is not None


def test_sequences_of_a_group_share_a_contact(folder: Folder) -> None:
    written = "exclusive: outbound\npriority: 3\non_lost: exit\nif_busy: wait 3 days\n"

    assert folder.sequence(written + STEPS).turns == Turns(
        exclusive="outbound", priority=3, on_lost="exit", if_busy=days(3)
    )
    assert folder.sequence(f"exclusive: outbound\n{STEPS}").turns == Turns(exclusive="outbound")


def test_a_goal_may_have_a_worth(folder: Folder) -> None:
    goal = "{event: won, within: 9 days, value: event.amount, currency: event.money.currency}"

    assert folder.sequence(f"goals: {goal}\n{STEPS}").goals == (
        Goal(
            event="won",
            within=days(9),
            value=Fact(of="event", path="amount"),
            currency=Fact(of="event", path="money.currency"),
        ),
    )


def test_a_condition_may_ask_how_often_an_event_came(folder: Folder) -> None:
    step = folder.steps("""
        steps:
          - {when: 'count("login", last="7 days") < 2', then: [{email: intro}]}
    """)["when-1"]

    assert isinstance(step, WhenStep)
    assert isinstance(step.test, Comparison)
    assert step.test.left == Count(event="login", last=days(7))


def test_mails_may_be_from_several_in_turn_and_single_steps_from_others(folder: Folder) -> None:
    version = folder.load(
        "steps: [{email: intro, from: owner}, {email: case-study}]\n",
        "sequence: x\npostal_address: A\n"
        "from: [a@acme.example, {name: B, email: b@acme.example}]\n",
    )

    assert isinstance(version, Version), str(version)
    assert version.content.sender == (
        Mailbox(email="a@acme.example"),
        Mailbox(email="b@acme.example", name="B"),
    )
    assert version.content.senders == {"intro": "owner"}
