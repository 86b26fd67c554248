"""So many a day: oldest first, across restarts, and what an outage leaves behind."""

from datetime import UTC, datetime, timedelta

from schemas.calendar import Window
from schemas.suppression import SCOPE_BY_REASON, Reason, Suppression
from storage.people import suppressions
from tests.builders import MONDAY, days
from tests.triggers.app import App, becoming, silent, triggered

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def people(app: App, count: int, *, first: datetime = MONDAY) -> list[str]:
    """Let so many order, a minute after another, and give their ids in that order."""
    ids = []
    for number in range(count):
        email = f"c{number}@example.com"
        ids.append(app.contact(email).id)
        app.report(of=email, at=first + number * MINUTE)
    return ids


def midnight(day: int) -> datetime:
    return datetime(2026, 5, day, tzinfo=UTC)


def test_so_many_a_day_enter_the_oldest_first(app: App) -> None:
    app.publish(triggered(silent(days(60), per_day=2)), at=MONDAY - DAY)
    ids = people(app, 5)
    due = MONDAY + 60 * DAY

    entered = [
        app.sweep(due + day * DAY + minute * MINUTE) for day in range(4) for minute in (5, 6)
    ]

    assert entered == [2, 0, 2, 0, 1, 0, 0, 0]
    assert [start.contact_id for start in app.starts()] == ids
    assert app.moments() == [due, due + MINUTE, midnight(2), midnight(2), midnight(3)]


def test_those_held_back_go_before_those_who_are_due_later(app: App) -> None:
    app.publish(triggered(silent(days(60), per_day=2)), at=MONDAY - DAY)
    ids = people(app, 3)
    due = MONDAY + 60 * DAY
    late = app.contact("late@example.com").id
    app.report(of="late@example.com", at=MONDAY + DAY)

    app.sweep(due + 5 * MINUTE)
    app.sweep(due + DAY)

    assert [start.contact_id for start in app.starts()] == [*ids, late]
    assert app.moments()[2:] == [midnight(2), due + DAY]


def test_after_an_outage_of_three_days_everybody_enters_from_their_own_moments(app: App) -> None:
    app.publish(triggered(silent(days(60))), at=MONDAY - DAY)
    for day in range(4):
        app.contact(f"c{day}@example.com")
        app.report(of=f"c{day}@example.com", at=MONDAY + day * DAY)

    app.sweep(MONDAY + 60 * DAY)
    entered = app.sweep(MONDAY + 63 * DAY)

    assert entered == 3
    assert app.moments() == [MONDAY + (60 + day) * DAY for day in range(4)]


def test_an_outage_makes_no_day_larger(app: App) -> None:
    app.publish(triggered(silent(days(60), per_day=2)), at=MONDAY - DAY)
    people(app, 5)

    entered = [app.sweep(MONDAY + (63 + day) * DAY) for day in range(3)]

    assert entered == [2, 2, 1]


def test_days_are_those_of_the_windows_zone(app: App) -> None:
    office = Window(days=(0, 1, 2, 3, 4), ranges=((540, 1020),), zone="America/New_York")
    app.publish(triggered(silent(days(60), per_day=1), window=office), at=MONDAY - DAY)
    people(app, 3)
    before = datetime(2026, 5, 2, 3, 59, tzinfo=UTC)

    app.sweep(before)
    app.sweep(before + MINUTE)

    assert app.moments()[1:] == [datetime(2026, 5, 2, 4, 0, tzinfo=UTC)]


def test_whoever_would_not_be_let_in_takes_nobodys_place(app: App) -> None:
    app.publish(triggered(silent(days(60), per_day=2)), at=MONDAY - DAY)
    people(app, 4)
    with app.engine.begin() as connection:
        for number in (0, 2):
            complaint = Suppression(
                target=f"c{number}@example.com",
                reason=Reason.COMPLAINED,
                scope=SCOPE_BY_REASON[Reason.COMPLAINED],
                source="test",
                at=MONDAY,
            )
            suppressions.suppress(connection, complaint)

    entered = app.sweep(MONDAY + 60 * DAY + 5 * MINUTE)

    assert entered == 2
    refused = [start.refused for start in app.starts()]
    assert refused == ["suppressed", None, "suppressed", None]


def test_a_condition_with_a_limit_waits_for_its_day_and_holds_still_then(app: App) -> None:
    app.publish(triggered(becoming("stage", "customer", per_day=1)), at=MONDAY - DAY)
    for name in ("ada", "bob", "cleo"):
        app.contact(f"{name}@example.com", attributes={"stage": "customer"})

    app.sweep(MONDAY)
    app.contact("bob@example.com", attributes={"stage": "lead"}, at=MONDAY + MINUTE)
    app.sweep(MONDAY + DAY)

    assert app.moments() == [MONDAY, datetime(2026, 3, 3, tzinfo=UTC)]
    assert app.starts()[-1].contact_id == app.contact("cleo@example.com").id
