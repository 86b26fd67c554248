"""How events reach the webhook, whatever it answers, and what is remembered."""

import asyncio
from datetime import timedelta
from pathlib import Path

from pydantic import JsonValue

from devstack.emulator.actions import Action, ActionKind
from devstack.emulator.config import Duplicates, EmulatorConfig, Switches
from devstack.emulator.records import PostState
from devstack.emulator.selection import Selection
from devstack.emulator.views import Told
from tests.devstack.emulator.desk import DEFAULT, MORNING, Desk, Switchboard, a_desk, a_mail


def switched(**switches: object) -> EmulatorConfig:
    return DEFAULT.model_copy(update={"switches": Switches.model_validate(switches)})


async def until_tried(desk: Desk) -> Told:
    while True:
        await desk.client.drain(timedelta(seconds=0.01))
        (first, _) = await desk.client.events()
        if first.told and first.told.attempts:
            return first.told


def ids(desk: Desk) -> list[JsonValue]:
    return [event["sg_event_id"] for event in desk.webhook.events()]


async def test_a_batch_that_is_not_taken_is_posted_again(desk: Desk) -> None:
    desk.webhook.answers.extend([500, 404, 302])

    await desk.mail()

    assert [heard.body for heard in desk.webhook.heard] == [desk.webhook.heard[0].body] * 4
    (first, _) = await desk.client.events()
    assert first.told is not None
    assert first.told.state is PostState.ANSWERED
    assert [a.status for a in first.told.attempts] == [500, 404, 302, 200]
    assert first.told.attempts[0].answer == "answer 500"


async def test_a_batch_that_is_never_taken_is_given_up(switchboard: Switchboard) -> None:
    config = DEFAULT.model_copy(update={"give_up_after": timedelta(0)})
    async with a_desk(switchboard, config) as desk:
        desk.webhook.answers.append(503)
        await desk.mail()

        (first, _) = await desk.client.events()

    assert first.told is not None
    assert first.told.state is PostState.GIVEN_UP


async def test_draining_says_what_is_still_pending(desk: Desk) -> None:
    desk.webhook.answers.extend([503] * 10_000)
    await desk.send(a_mail())

    drained = await desk.client.drain(timedelta(seconds=0.01))

    assert not drained.drained
    assert drained.pending == 1


async def test_a_webhook_that_is_not_there_is_tried_again(desk: Desk) -> None:
    there = await desk.client.switches()
    await desk.client.switch(there.model_copy(update={"webhook_url": "http://127.0.0.1:1/"}))
    await desk.send(a_mail())

    tried = await until_tried(desk)

    assert tried.state is PostState.WAITING
    assert tried.attempts[0].answer == "no answer: ConnectError"


async def test_a_webhook_that_has_moved_is_told_at_its_new_address(desk: Desk) -> None:
    there = await desk.client.switches()
    await desk.client.switch(there.model_copy(update={"webhook_url": "http://127.0.0.1:1/"}))
    await desk.send(a_mail())
    await until_tried(desk)

    await desk.client.switch(there)
    await desk.client.drain()

    assert len(desk.webhook.events()) == 2


async def test_without_an_address_events_go_nowhere(desk: Desk) -> None:
    await desk.client.switch(Switches())

    await desk.mail()

    (first, _) = await desk.client.events()
    assert first.told is not None
    assert first.told.state is PostState.NOWHERE


async def test_each_event_comes_alone_when_batching_is_off(switchboard: Switchboard) -> None:
    async with a_desk(switchboard, switched(batching=False)) as desk:
        await desk.mail()

        assert [len(heard.events) for heard in desk.webhook.heard] == [1, 1]


async def test_duplicates_come_with_the_same_id(switchboard: Switchboard) -> None:
    async with a_desk(switchboard, switched(duplicates=Duplicates.SAME_ID)) as desk:
        await desk.mail()

        assert len(ids(desk)) == 4
        assert len(set(ids(desk))) == 2
        assert (await desk.client.counts()).events == {"processed": 1, "delivered": 1}


async def test_duplicates_come_with_an_id_of_their_own(switchboard: Switchboard) -> None:
    async with a_desk(switchboard, switched(duplicates=Duplicates.NEW_ID)) as desk:
        await desk.mail()

        assert len(set(ids(desk))) == 4


async def test_reordered_events_are_all_there(switchboard: Switchboard) -> None:
    async with a_desk(switchboard, switched(reorder=True)) as desk:
        await asyncio.gather(*(desk.send(a_mail()) for _ in range(5)))
        await desk.client.drain()
        told = [event["event"] for event in desk.webhook.events()]

    assert sorted(map(str, told)) == ["delivered"] * 5 + ["processed"] * 5


async def test_mails_events_and_suppressions_outlive_the_program(
    switchboard: Switchboard, tmp_path: Path
) -> None:
    config = DEFAULT.model_copy(update={"state": tmp_path})
    async with a_desk(switchboard, config) as desk:
        mail = await desk.mail()
        await desk.client.act(mail, Action(kind=ActionKind.BOUNCE))
        await desk.client.drain()
        key, before = await desk.client.public_key(), await desk.client.mail(mail)

    async with a_desk(switchboard, config) as desk:
        assert await desk.client.public_key() == key
        assert await desk.client.mail(mail) == before
        await desk.mail()
        assert [event["event"] for event in desk.webhook.events()] == ["dropped"]


async def test_what_was_not_told_is_told_by_the_next_run(
    switchboard: Switchboard, tmp_path: Path
) -> None:
    config = DEFAULT.model_copy(update={"state": tmp_path})
    async with a_desk(switchboard, config) as desk:
        desk.webhook.answers.extend([503] * 10_000)
        await desk.send(a_mail())
        await desk.client.drain(timedelta(seconds=0.01))

    async with a_desk(switchboard, config) as desk:
        await desk.client.drain()
        told = [event["event"] for event in desk.webhook.events()]

    assert told == ["processed", "delivered"]


async def test_a_half_written_line_is_forgotten(switchboard: Switchboard, tmp_path: Path) -> None:
    config = DEFAULT.model_copy(update={"state": tmp_path})
    async with a_desk(switchboard, config) as desk:
        await desk.mail()
    with (tmp_path / "journal.jsonl").open("ab") as journal:
        journal.write(b'{"mail": {"id"')

    async with a_desk(switchboard, config) as desk:
        await desk.mail()
    async with a_desk(switchboard, config) as desk:
        mails = await desk.client.mails()

    assert len(mails) == 2


async def test_mails_are_found_by_each_filter(desk: Desk) -> None:
    await desk.mail(subject="First")
    await desk.mail(custom_args={"seq_at": "2027-03-09T09:00:00Z", "seq_send_id": "send-2"})
    first, second = await desk.client.mails()

    async def found(**selection: object) -> list[str]:
        mails = await desk.client.mails(Selection.model_validate(selection))
        return [mail.id for mail in mails]

    assert await found(to="ADA@example.com") == [first.id, second.id]
    assert await found(to="other@example.com") == []
    assert await found(text="first") == [first.id]
    assert await found(since=MORNING + timedelta(days=1)) == [second.id]
    assert await found(after=first.number) == [second.id]
    assert await found(arg=("seq_send_id=send-2",)) == [second.id]
    assert await found(newest_first=True, limit=1) == [second.id]
