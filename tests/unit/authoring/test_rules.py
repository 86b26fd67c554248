import pytest

from schemas.calendar import Duration, Unit, Window
from schemas.conditions import Fact
from schemas.matchers import Matcher
from schemas.policies import ExitRule, Goal, Pace
from schemas.steps import TaskStep
from tests.unit.authoring.written import Folder

STEPS = "steps: [{email: intro}, {email: case-study}]\n"
OFFICE = (9 * 60, 17 * 60)


def test_what_is_not_written_has_its_usual_value(folder: Folder) -> None:
    sequence = folder.sequence(STEPS)

    assert sequence.purpose == "other"
    assert sequence.re_enroll == "never"
    assert sequence.min_gap == Duration(count=1, unit=Unit.DAYS)
    assert sequence.out_of_office == Duration(count=5, unit=Unit.DAYS)
    assert (sequence.window, sequence.audience, sequence.exit_on) == (None, None, ())


def test_exits_are_events_and_named_conditions_in_the_order_written(folder: Folder) -> None:
    sequence = folder.sequence(f"""
exit_on: [reply, meeting_booked, {{when: contact.won, as: won}}, {{click: intro, as: keen}}]
{STEPS}""")

    assert sequence.exit_on == (
        ExitRule(name="replied", on=Matcher(kind="reply")),
        ExitRule(name="meeting_booked", on=Matcher(kind="event", name="meeting_booked")),
        ExitRule(name="won", when=Fact(of="contact", path="won")),
        ExitRule(name="keen", on=Matcher(kind="click", step="intro")),
    )


def test_what_always_ends_may_be_listed_and_changes_nothing(folder: Folder) -> None:
    listed = folder.sequence(f"exit_on: [unsubscribe, bounced, reply]\n{STEPS}")

    assert listed == folder.sequence(f"exit_on: reply\n{STEPS}")


def test_an_entry_of_on_acts_beside_the_steps(folder: Folder) -> None:
    sequence = folder.sequence(f"""
on:
  - {{click: case-study, do: [{{task: call}}, {{hand_off: other}}]}}
  - {{event: won, repeat: true, do: [{{exit: won}}]}}
{STEPS}""")

    click, won = sequence.reactions
    assert (click.on, click.first, click.repeat) == (
        Matcher(kind="click", step="case-study"),
        "call",
        False,
    )
    assert (won.first, won.repeat) == ("exit-1", True)
    assert sequence.first == "intro"
    task = sequence.step_by_id["call"]
    assert isinstance(task, TaskStep)
    assert (task.blocking, task.next) == (False, "hand-off-1")


def test_goals_have_an_event_and_a_time(folder: Folder) -> None:
    sequence = folder.sequence(f"goals: [{{event: won, within: 60 days, repeat: true}}]\n{STEPS}")

    within = Duration(count=60, unit=Unit.DAYS)
    assert sequence.goals == (Goal(event="won", within=within, repeat=True),)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("never", "never"),
        ("always", "always"),
        ("replace", "replace"),
        ("after 90 days", Duration(count=90, unit=Unit.DAYS)),
    ],
)
def test_someone_may_enter_again_never_always_or_later(
    folder: Folder, written: str, read: object
) -> None:
    assert folder.sequence(f"re_enroll: {written}\n{STEPS}").re_enroll == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("unless goal", "always"),
        ("after 90 days  unless goal", Duration(count=90, unit=Unit.DAYS)),
    ],
)
def test_a_goal_may_bar_whoever_reached_it(folder: Folder, written: str, read: object) -> None:
    goals = "goals: [{event: won, within: 60 days}]"

    sequence = folder.sequence(f"{goals}\nre_enroll: {written}\n{STEPS}")

    assert (sequence.re_enroll, sequence.unless_goal) == (read, True)


@pytest.mark.parametrize(
    ("written", "pace"),
    [
        ("pace: 200 per day", Pace(per_day=200)),
        ("pace: {per_owner: 20}", Pace(per_owner=20)),
        ("pace: {per_day: 200, per_owner: 20}", Pace(per_day=200, per_owner=20)),
        (
            "pace: 9 per day\nsend_window: {timezone: Asia/Tokyo}",
            Pace(per_day=9, zone="Asia/Tokyo"),
        ),
        (
            "pace: 9 per day\nsend_window: {timezone: contact, fallback: Asia/Tokyo}",
            Pace(per_day=9, zone="Asia/Tokyo"),
        ),
    ],
)
def test_so_many_may_enter_a_day_of_the_window_s_zone(
    folder: Folder, written: str, pace: Pace
) -> None:
    assert folder.sequence(f"{written}\n{STEPS}").pace == pace


def test_a_day_of_the_pace_is_one_of_the_project_s_zone_if_the_sequence_names_none(
    folder: Folder,
) -> None:
    (folder.path.parent.parent / "postroad.yaml").write_text("timezone: Asia/Tokyo")

    pace = folder.sequence(f"pace: 200 per day\n{STEPS}").pace

    assert pace == Pace(per_day=200, zone="Asia/Tokyo")


def test_the_smallest_gap_may_be_nothing(folder: Folder) -> None:
    sequence = folder.sequence(f"min_gap: 0 minutes\n{STEPS}")

    assert sequence.min_gap == Duration(count=0, unit=Unit.MINUTES)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("sat-mon", (0, 5, 6)),
        ("wed", (2,)),
        ("[mon, wed, fri]", (0, 2, 4)),
        ("[fri-sat, mon, mon]", (0, 4, 5)),
    ],
)
def test_days_are_a_range_that_may_wrap_or_a_list(
    folder: Folder, written: str, days: tuple[int, ...]
) -> None:
    sequence = folder.sequence(f"send_window: {{days: {written}, timezone: UTC}}\n{STEPS}")

    assert sequence.window == Window(days=days, ranges=((0, 1440),), zone="UTC")


@pytest.mark.parametrize(
    ("written", "ranges"),
    [
        ('from: "09:00", to: "17:00"', (OFFICE,)),
        ("from: 09:00, to: 17:00", (OFFICE,)),
        ('from: "00:00", to: "24:00"', ((0, 1440),)),
        ("to: 17:00", ((0, 1020),)),
        (
            "ranges: [{from: 14:00, to: 17:00}, {from: 09:00, to: 12:00}]",
            ((540, 720), (840, 1020)),
        ),
        ("ranges: [{from: 09:00, to: 12:00}, {from: 12:00, to: 17:00}]", (OFFICE,)),
    ],
)
def test_times_are_ranges_sorted_and_apart(
    folder: Folder, written: str, ranges: tuple[tuple[int, int], ...]
) -> None:
    sequence = folder.sequence(f"send_window: {{days: mon, {written}, timezone: UTC}}\n{STEPS}")

    assert sequence.window == Window(days=(0,), ranges=ranges, zone="UTC")


def test_the_window_is_in_the_contacts_zone_or_in_the_fallback(folder: Folder) -> None:
    written = "{days: mon, timezone: contact, fallback: America/New_York}"

    window = folder.sequence(f"send_window: {written}\n{STEPS}").window

    assert window == Window(days=(0,), ranges=((0, 1440),), fallback="America/New_York")


def test_a_sequence_says_which_facts_it_names_and_what_it_hears(folder: Folder) -> None:
    sequence = folder.sequence("""
        audience: contact.role == "vp-ops" and contact.address.country == data.country
        exit_on: [reply, {when: contact.won, as: won}]
        on: {event: ticket, where: event.open, do: [{exit: ticket}]}
        steps:
          - {email: intro}
          - {wait_for: {open: intro}, within: 1 day}
          - {when: not clicked("intro"), then: [{email: case-study}]}
    """)

    assert sequence.contact_facts == ("address", "role", "won")
    assert sequence.listens_to == ("click", "event:ticket", "open", "reply")


def test_a_sequence_that_asks_nothing_hears_nothing(folder: Folder) -> None:
    sequence = folder.sequence(f"goals: [{{event: won, within: 1 day}}]\n{STEPS}")

    assert (sequence.contact_facts, sequence.listens_to) == ((), ())
