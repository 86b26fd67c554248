import pytest
from pydantic import JsonValue

from schemas.events import Colleague
from tests.unit.decisions.living import at, happened, live, paused, replied, told, written

STEPS = "steps: [email: one, wait: 9 days, email: two]"
REPLIED = written("exit_on: [{reply: true, by: account, as: colleague_replied}]", STEPS)
BOOKED = written("exit_on: [{event: booked, by: account}]", STEPS)


def of_colleague(when: str, name: str | None = None, **fields: JsonValue) -> Colleague:
    of = "event" if name else "reply"
    return Colleague.model_validate(
        {"id": f"colleague {when}", "of": of, "name": name, "at": at(when), "fields": fields}
    )


def test_an_answer_of_a_colleague_ends_it_under_its_own_name() -> None:
    assert told(live(REPLIED, of_colleague("03-03 12:00")))[-1] == "= colleague_replied 03-03 12:00"


def test_an_answer_of_the_contact_is_none_of_a_colleague_nor_the_other_way_round() -> None:
    own = written("exit_on: [reply]", STEPS)

    assert told(live(REPLIED, replied("03-03 12:00")))[-1] == "= completed 03-11 10:00"
    assert told(live(own, of_colleague("03-03 12:00")))[-1] == "= completed 03-11 10:00"


@pytest.mark.parametrize(
    ("event", "ending"),
    [
        (of_colleague("03-03 12:00", "booked"), "= account_booked 03-03 12:00"),
        (of_colleague("03-03 12:00", "other"), "= completed 03-11 10:00"),
        (of_colleague("03-03 12:00"), "= completed 03-11 10:00"),
        (happened("booked", "03-03 12:00"), "= completed 03-11 10:00"),
        (of_colleague("03-02 09:59", "booked"), "= completed 03-11 10:00"),
        (of_colleague("03-02 10:00", "booked"), "= account_booked 03-02 10:00"),
    ],
)
def test_what_the_app_reports_of_a_colleague_ends_it_by_its_name_since_the_enrollment(
    event: Colleague, ending: str
) -> None:
    assert told(live(BOOKED, event))[-1] == ending


def test_the_fields_of_a_colleagues_event_can_be_asked_for() -> None:
    sequence = written(
        'exit_on: [{event: booked, by: account, where: event.room == "A", as: met}]', STEPS
    )

    assert (
        told(live(sequence, of_colleague("03-03 12:00", "booked", room="B")))[-1][:7] == "= compl"
    )
    assert told(live(sequence, of_colleague("03-03 12:00", "booked", room="A")))[-1][:5] == "= met"


def test_both_may_be_written_and_in_one_moment_the_order_written_decides() -> None:
    sequence = written("exit_on: [{reply: true, by: account}, reply]", STEPS)
    both = (replied("03-03 12:00"), of_colleague("03-03 12:00"))

    assert told(live(sequence, *both))[-1] == "= account_replied 03-03 12:00"
    assert told(live(sequence, both[0]))[-1] == "= replied 03-03 12:00"


def test_an_event_of_the_contact_is_none_of_a_colleague_where_both_are_listened_to() -> None:
    sequence = written(
        "exit_on: [{event: booked, by: account}]",
        "on: [{event: booked, do: [notify: 'look']}]",
        STEPS,
    )

    own = live(sequence, happened("booked", "03-03 12:00"))
    other = live(sequence, of_colleague("03-03 12:00", "booked"))

    assert (told(own)[-1], len(own.started)) == ("= completed 03-11 10:00", 1)
    assert (told(other)[-1], len(other.started)) == ("= account_booked 03-03 12:00", 0)


def test_it_ends_a_paused_enrollment_too() -> None:
    lived = live(REPLIED, paused("03-02 12:00"), of_colleague("03-03 12:00"))

    assert told(lived)[-1] == "= colleague_replied 03-03 12:00"


def test_a_colleague_is_no_engagement_of_the_contact() -> None:
    sequence = written("unengaged: {after: 1}", "exit_on: [{event: booked, by: account}]", STEPS)

    assert told(live(sequence, of_colleague("03-03 12:00")))[-1] == "= unengaged 03-11 10:00"
