from datetime import UTC, date, datetime, timedelta

import pytest

from schemas.contact import Contact
from schemas.content import Mailbox
from schemas.outcomes import Enrolled, Refused, Waiting
from schemas.policies import Pace
from storage.entering import paces, places
from storage.entering.places import Over, Place, Withdrawal
from storage.people import contacts
from tests.activities.world import WELCOME, World, a_start
from tests.builders import MONDAY

ONE = Pace(per_day=1, zone="America/New_York")
TUESDAY = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
"""Tuesday's midnight in New York."""


def _publish(world: World, pace: Pace | None = ONE) -> None:
    world.publish(WELCOME.model_copy(update={"pace": pace}))


def _people(world: World, count: int, **fields: object) -> list[Contact]:
    return [world.contact(email=f"p{number}@customer.example", **fields) for number in range(count)]


def _place(world: World, contact: Contact, run: str = "run-1") -> Place:
    with world.engine.connect() as connection:
        place = places.of_run(connection, f"welcome.{contact.id}", run)
    assert place is not None
    return place


def _overs(world: World, people: list[Contact]) -> list[Over | None]:
    return [_place(world, contact).over for contact in people]


def test_who_finds_room_enters_at_the_moment_of_the_request(world: World) -> None:
    _publish(world)
    (contact,) = _people(world, 1)

    answer = world.enrolled(contact)

    assert answer.at == MONDAY
    assert _place(world, contact).over == "entered"


def test_who_finds_none_has_a_place_on_a_later_day_and_enters_at_its_midnight(
    world: World,
) -> None:
    _publish(world)
    first, second, third = _people(world, 3)
    world.enrolled(first)

    waiting, later = world.begin(a_start(second)), world.begin(a_start(third))

    assert waiting == Waiting(
        until=TUESDAY, why="1 a day may enter welcome: its place is on Tue 3 Mar"
    )
    assert isinstance(later, Waiting)
    assert later.until == TUESDAY + timedelta(days=1)
    entered = world.begin(a_start(second), now=TUESDAY + timedelta(hours=3))
    assert isinstance(entered, Enrolled)
    assert entered.at == TUESDAY


def test_asked_again_before_its_day_it_waits_for_the_same_place(world: World) -> None:
    _publish(world)
    first, second = _people(world, 2)
    world.enrolled(first)

    answers = [world.begin(a_start(second), now=MONDAY + timedelta(hours=n)) for n in range(3)]

    assert answers[1:] == answers[:-1]
    with world.engine.connect() as connection:
        assert paces.taken(connection, "welcome", date(2026, 3, 2)) == {
            (share, day): 1
            for share in ("", paces.WHOLE)
            for day in (date(2026, 3, 2), date(2026, 3, 3))
        }


def test_a_moment_of_its_own_counts_where_there_is_room_and_yields_where_there_is_none(
    world: World,
) -> None:
    _publish(world)
    first, second = _people(world, 2)
    before = MONDAY - timedelta(hours=2)

    assert world.enrolled(first, at=before).at == before
    assert isinstance(world.begin(a_start(second, at=before)), Waiting)
    entered = world.begin(a_start(second, at=before), now=TUESDAY)
    assert isinstance(entered, Enrolled)
    assert entered.at == TUESDAY


def test_a_day_is_one_of_the_pace_s_zone(world: World) -> None:
    _publish(world, Pace(per_day=1, zone="Pacific/Auckland"))
    first, second = _people(world, 2)
    world.enrolled(first)

    answer = world.begin(a_start(second))

    # It is Tuesday there already, and summer.
    assert isinstance(answer, Waiting)
    assert answer.until == datetime(2026, 3, 3, 11, 0, tzinfo=UTC)
    assert answer.why.endswith("on Wed 4 Mar")


def test_each_owner_has_so_many_a_day(world: World) -> None:
    _publish(world, Pace(per_owner=1, zone="America/New_York"))
    olga, otto = (Mailbox(email=f"{name}@acme.example", name=name) for name in ("olga", "otto"))
    hers = [world.contact(email=f"h{number}@x.example", owner=olga) for number in range(2)]
    his = world.contact(email="his@x.example", owner=otto)
    nobodys = [world.contact(email=f"n{number}@x.example") for number in range(2)]

    answers = [world.begin(a_start(one)) for one in (*hers, his, *nobodys)]

    assert [type(answer) for answer in answers] == [Enrolled, Waiting, Enrolled, Enrolled, Waiting]
    assert isinstance(answers[1], Waiting)
    assert answers[1].why == ("1 a day of one owner may enter welcome: its place is on Tue 3 Mar")


def test_who_may_not_enter_takes_no_place(world: World) -> None:
    _publish(world)
    first, second = _people(world, 2)
    world.suppress(first)

    assert world.refused(a_start(first)).reason == "suppressed"
    assert isinstance(world.begin(a_start(second)), Enrolled)


def test_who_waited_is_looked_at_anew_and_a_place_that_is_refused_lets_another_in(
    world: World,
) -> None:
    _publish(world)
    first, second, third = people = _people(world, 3)
    world.enrolled(first)
    world.begin(a_start(second))
    world.suppress(second)

    answer = world.begin(a_start(second), now=TUESDAY)

    assert isinstance(answer, Refused)
    assert answer.reason == "suppressed"
    entered = world.begin(a_start(third), now=TUESDAY + timedelta(hours=1))
    assert isinstance(entered, Enrolled)
    assert entered.at == TUESDAY + timedelta(hours=1)
    assert _overs(world, people) == ["entered", "refused", "entered"]


def test_a_start_that_was_called_off_is_refused_and_says_by_whom(world: World) -> None:
    _publish(world)
    first, second, third = _people(world, 3)
    world.enrolled(first)
    world.begin(a_start(second))
    off = Withdrawal(by="olga", why="they rang", at=MONDAY, name="stopped")
    with world.engine.begin() as connection:
        contacts.lock(connection, second.id)
        assert places.withdraw(connection, _place(world, second), off)

    answer = world.begin(a_start(second))

    assert isinstance(answer, Refused)
    assert answer.reason == "stopped"
    assert answer.message == f"welcome.{second.id} was called off by olga: they rang"
    assert world.begin(a_start(third)) == Waiting(
        until=TUESDAY, why="1 a day may enter welcome: its place is on Tue 3 Mar"
    )


def test_a_later_run_gives_back_what_a_terminated_one_waited_for(world: World) -> None:
    _publish(world)
    first, second = _people(world, 2)
    world.enrolled(first)
    world.begin(a_start(second))

    answer = world.begin(a_start(second), "run-2")

    assert isinstance(answer, Waiting)
    assert answer.until == TUESDAY
    assert _place(world, second).over == "abandoned"


def test_a_place_is_kept_though_the_pace_is_gone_since(world: World) -> None:
    _publish(world)
    first, second, third = _people(world, 3)
    world.enrolled(first)
    world.begin(a_start(second))
    _publish(world, None)

    assert isinstance(world.begin(a_start(third)), Enrolled)
    assert isinstance(world.begin(a_start(second), now=TUESDAY), Enrolled)


def test_the_latest_version_says_how_many_enter_whichever_is_asked_for(world: World) -> None:
    old = world.publish(WELCOME.model_copy(update={"pace": None}))
    _publish(world)
    first, second = _people(world, 2)
    world.enrolled(first)

    assert isinstance(world.begin(a_start(second, version=old.hash)), Waiting)


@pytest.mark.parametrize("per_day", [1, 3])
def test_day_by_day_all_enter_and_never_more_than_may(world: World, per_day: int) -> None:
    _publish(world, Pace(per_day=per_day, zone="America/New_York"))
    people, entered = _people(world, 7), list[datetime]()
    moments = [MONDAY, *(TUESDAY + timedelta(days=number) for number in range(7))]

    for now in moments:
        answers = [(one, world.begin(a_start(one), now=now)) for one in people]
        people = [one for one, answer in answers if isinstance(answer, Waiting)]
        entered += [answer.at for _, answer in answers if isinstance(answer, Enrolled)]

    assert people == []
    assert entered == [moments[number // per_day] for number in range(7)]
