"""Mails in doubt, settled by a person's word."""

from uuid import uuid4

import pytest

from schemas.events import SendSettled
from schemas.outcomes import Refused
from starter.doubting import SettledByHand, Word, settle_at, standing
from storage.sending import sends
from tests.builders import MONDAY
from tests.webhooks.given import World


def word(*, accepted: bool) -> Word:
    return Word(accepted=accepted, who="olga", why="it is in SendGrid's log", wall=MONDAY)


@pytest.mark.parametrize(("accepted", "state"), [(True, "accepted"), (False, "not_sent")])
def test_a_word_settles_a_mail_in_doubt_and_its_enrollment_is_told(
    world: World, *, accepted: bool, state: str
) -> None:
    row = world.enrollment()
    send = world.send(row, state="in_doubt")

    settled = settle_at(world.engine, send.id, word(accepted=accepted), MONDAY)

    assert settled == SettledByHand(send=send.id, workflow_id=row.workflow_id, accepted=accepted)
    assert world.send_of(send.id).state == state
    [told] = world.told(row)
    assert isinstance(told, SendSettled)
    assert (told.send, told.accepted) == (str(send.id), accepted)
    assert standing(world.engine) == []


def test_who_settled_it_and_why_stays_with_the_mail(world: World) -> None:
    send = world.send(world.enrollment(), state="in_doubt")

    settle_at(world.engine, send.id, word(accepted=True), MONDAY)

    with world.engine.connect() as connection:
        last = sends.changes_of(connection, send.id)[-1]
    assert (last.cause, last.why) == ("person", "by olga: it is in SendGrid's log")


@pytest.mark.parametrize("state", ["claimed", "accepted", "refused", "retry"])
@pytest.mark.parametrize("accepted", [True, False])
def test_nothing_but_a_doubt_is_settled(world: World, state: str, *, accepted: bool) -> None:
    row = world.enrollment()
    send = world.send(row, state=state)

    answer = settle_at(world.engine, send.id, word(accepted=accepted), MONDAY)

    assert isinstance(answer, Refused)
    assert answer.reason == "not_in_doubt"
    assert world.send_of(send.id).state == state
    assert world.told(row) == []


def test_a_mail_that_was_given_up_may_still_turn_out_to_have_gone(world: World) -> None:
    send = world.send(world.enrollment(), state="in_doubt")
    settle_at(world.engine, send.id, word(accepted=False), MONDAY)

    late = settle_at(world.engine, send.id, word(accepted=True), MONDAY)

    assert isinstance(late, SettledByHand)
    assert world.send_of(send.id).state == "accepted"


def test_a_mail_that_is_not_there_cannot_be_settled(world: World) -> None:
    answer = settle_at(world.engine, uuid4(), word(accepted=True), MONDAY)

    assert isinstance(answer, Refused)
    assert answer.reason == "unknown_send"
