"""Dates that come near: from local midnight on, once for each date, by records or attributes."""

from datetime import UTC, datetime, timedelta

import pytest

from schemas.calendar import Window
from schemas.conditions import Fact
from schemas.sequence import Sequence
from schemas.steps import At
from tests.builders import MONDAY, a_sequence, an_email, days
from tests.triggers.app import App, near, triggered

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PER_CONTRACT = Fact(of="data", path="contract_id")
END = Fact(of="data", path="contract_end")
NINETY = near(days(90))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def renewal(**fields: object) -> Sequence:
    return triggered(
        near(days(90), "data.contract_end", **fields), name="renewal", key=PER_CONTRACT
    )


def test_a_date_enrolls_at_midnight_so_long_before(app: App) -> None:
    app.publish(triggered(NINETY), at=MONDAY - DAY)
    app.contact(timezone="America/New_York", attributes={"contract_end": "2026-09-01"})

    app.sweep(at("2026-06-03T04:00"))

    assert app.moments() == [at("2026-06-03T04:00")]
    assert [start.data for start in app.starts()] == [{"contract_end": "2026-09-01"}]


def test_a_date_of_the_contact_itself_enrolls_too(app: App) -> None:
    app.publish(triggered(near(days(7), "contact.birthday")), at=MONDAY - DAY)

    app.contact(attributes={"birthday": "2026-05-20"})

    assert app.waiting() == [at("2026-05-13T00:00")]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-09-01T23:30:00", "2026-06-03T04:00"),
        ("2026-09-01T23:30:00-04:00", "2026-06-03T04:00"),
        ("2026-09-02T03:30:00Z", "2026-06-03T04:00"),
    ],
)
def test_a_date_with_a_time_counts_by_its_local_date(app: App, written: str, moment: str) -> None:
    app.publish(triggered(NINETY), at=MONDAY - DAY)

    app.contact(timezone="America/New_York", attributes={"contract_end": written})

    assert app.waiting() == [at(moment)]


@pytest.mark.parametrize("value", ["soon", "", None, 20260901, "1826-09-01"])
def test_what_is_no_date_enrolls_nobody(app: App, value: object) -> None:
    app.publish(triggered(NINETY), at=MONDAY - DAY)

    app.contact(attributes={"contract_end": value})

    assert app.waiting() == []


def test_a_date_that_moves_moves_its_appointment(app: App) -> None:
    app.publish(triggered(NINETY), at=MONDAY - DAY)
    app.contact(attributes={"contract_end": "2026-09-01"})

    app.contact(attributes={"contract_end": "2026-10-01"})
    moved = app.waiting()
    app.contact(attributes={"contract_end": None})

    assert (moved, app.waiting()) == ([at("2026-07-03T00:00")], [])


def test_a_date_that_was_sooner_than_that_when_it_became_known_enrolls_then(app: App) -> None:
    app.publish(triggered(NINETY), at=MONDAY - DAY)
    app.contact(attributes={"contract_end": "2026-03-20"})
    app.sweep(MONDAY)

    assert app.moments() == [MONDAY]


def test_a_date_that_has_passed_enrolls_nobody(app: App) -> None:
    app.publish(triggered(NINETY), at=MONDAY - DAY)

    app.contact(attributes={"contract_end": "2026-03-01"})

    assert app.waiting() == []


def test_one_date_enrolls_once_even_where_it_comes_back(app: App) -> None:
    app.publish(triggered(NINETY), at=MONDAY - DAY)
    for day, end in enumerate(["2026-03-20", "2026-03-25", "2026-03-20", "2026-03-25"]):
        app.contact(attributes={"contract_end": end}, at=MONDAY + day * DAY)
        app.sweep(MONDAY + day * DAY)

    assert app.moments() == [MONDAY, MONDAY + DAY]


def test_the_next_cycle_s_date_enrolls_anew(app: App) -> None:
    app.publish(triggered(NINETY), at=MONDAY - DAY)
    app.contact(attributes={"contract_end": "2026-03-20"})
    app.sweep(MONDAY)

    app.contact(attributes={"contract_end": "2027-03-20"}, at=MONDAY + 5 * DAY)
    app.sweep(at("2026-12-20T00:00"))

    assert app.moments() == [MONDAY, at("2026-12-20T00:00")]
    assert app.starts()[-1].patience > 1


def test_a_first_step_that_rolls_earlier_takes_the_trigger_along(app: App) -> None:
    first = an_email(
        "thanks",
        at=At(anchor=END, by=days(90), before=True, text="data.contract_end - 90 days"),
        roll="earlier",
    )
    office = Window(days=(0, 1, 2, 3, 4), ranges=((540, 1020),))
    sequence = a_sequence(first, name="orders", triggers=(NINETY,), window=office)
    app.publish(sequence, at=MONDAY - DAY)

    # 90 days before it is a Sunday, so the mail goes on the Friday before that.
    app.contact(attributes={"contract_end": "2026-09-05"})

    assert app.waiting() == [at("2026-06-05T00:00")]


def test_each_record_has_its_own_date_and_key(app: App) -> None:
    app.publish(renewal(), at=MONDAY - DAY)

    app.record("c-1", {"contract_end": "2026-09-01"})
    app.record("c-2", {"contract_end": "2026-10-01", "contract_id": 17, "plan": "team"})
    app.sweep(at("2026-08-01T00:00"))

    assert app.moments() == [at("2026-06-03T00:00"), at("2026-07-03T00:00")]
    assert [(start.key, start.data) for start in app.starts()] == [
        ("c-1", {"contract_end": "2026-09-01", "contract_id": "c-1"}),
        ("17", {"contract_end": "2026-10-01", "contract_id": 17, "plan": "team"}),
    ]


def test_a_record_that_is_forgotten_enrolls_nobody(app: App) -> None:
    app.publish(renewal(), at=MONDAY - DAY)
    app.record("c-1", {"contract_end": "2026-09-01"})
    app.record("c-2", {"contract_end": "2026-10-01"})

    first, second = app.forget("c-1"), app.forget("c-1")

    assert (first, second, app.waiting()) == (True, False, [at("2026-07-03T00:00")])


def test_without_records_the_contacts_attributes_stand_for_them(app: App) -> None:
    app.publish(renewal(), at=MONDAY - DAY)

    app.contact(attributes={"contract_end": "2026-03-20", "contract_id": "c-9", "secret": 1})
    app.sweep(MONDAY)

    (start,) = app.starts()
    assert start.key == "c-9"
    assert start.data == {"contract_end": "2026-03-20", "contract_id": "c-9"}


@pytest.mark.parametrize(("backfill", "entered"), [("none", 0), ("all", 1)])
def test_who_is_nearer_at_the_publishing_enters_then_or_never(
    app: App, backfill: str, entered: int
) -> None:
    app.record("c-1", {"contract_end": "2026-03-20"}, at=MONDAY - DAY)
    app.record("c-2", {"contract_end": "2026-09-01"}, at=MONDAY - DAY)
    app.record("c-3", {"contract_end": "2026-02-20"}, at=MONDAY - DAY)

    app.publish(renewal(backfill=backfill), at=MONDAY)
    app.sweep(MONDAY)
    at_once = app.moments()
    app.sweep(at("2026-06-03T00:00"))

    assert at_once == [MONDAY][:entered]
    assert app.moments() == [*at_once, at("2026-06-03T00:00")]


@pytest.mark.parametrize(
    ("backfill", "moments"), [("none", []), ("all", [MONDAY])], ids=["none", "all"]
)
def test_whoever_is_changed_before_the_first_look_enters_no_more_than_others(
    app: App, backfill: str, moments: list[datetime]
) -> None:
    app.contact(attributes={"contract_end": "2026-04-01"}, at=MONDAY - DAY)
    app.publish(triggered(near(days(90), backfill=backfill)))

    app.contact(first_name="Ada", at=MONDAY + HOUR)
    app.sweep(MONDAY + 2 * HOUR)

    assert app.moments() == moments


def test_a_date_that_is_new_before_the_first_look_is_no_date_of_before(app: App) -> None:
    app.contact(attributes={"contract_end": "2027-04-01"}, at=MONDAY - DAY)
    app.publish(triggered(NINETY))

    app.contact(attributes={"contract_end": "2026-04-01"}, at=MONDAY + HOUR)
    app.sweep(MONDAY + 2 * HOUR)

    assert app.moments() == [MONDAY + HOUR]


def test_a_record_that_another_one_comes_beside_before_the_first_look_is_one_of_before(
    app: App,
) -> None:
    app.record("a1", {"contract_end": "2026-04-01"}, at=MONDAY - DAY)
    app.publish(renewal())

    app.record("a2", {"contract_end": "2026-04-02"}, at=MONDAY + HOUR)
    app.sweep(MONDAY + 2 * HOUR)

    assert [(start.key, start.at) for start in app.starts()] == [("a2", MONDAY + HOUR)]


def test_who_was_due_in_an_outage_enters_though_the_date_passed_and_the_contact_changed(
    app: App,
) -> None:
    app.publish(triggered(near(days(1))), at=MONDAY - DAY)
    app.contact(attributes={"contract_end": "2026-03-10"})

    app.contact(first_name="Ada", at=at("2026-03-11T12:00"))
    app.sweep(at("2026-03-12T12:00"))

    assert app.moments() == [at("2026-03-09T00:00")]


def test_a_record_beside_one_that_passed_in_an_outage_does_not_drop_it(app: App) -> None:
    app.publish(renewal(), at=MONDAY - DAY)
    app.record("a1", {"contract_end": "2026-09-01"})

    app.record("a2", {"contract_end": "2026-09-03"}, at=at("2026-09-02T12:00"))
    app.sweep(at("2026-09-02T12:00"))

    assert sorted(app.keys(), key=str) == ["a1", "a2"]
