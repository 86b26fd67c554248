"""Which queue a mail waits in, and before whom."""

from temporalio.api.history.v1 import ActivityTaskScheduledEventAttributes

from tests.builders import a_sequence, an_email
from tests.stage import Handle, Stage

Scheduled = ActivityTaskScheduledEventAttributes


async def scheduled_mails(handle: Handle) -> list[Scheduled]:
    found = [
        event.activity_task_scheduled_event_attributes
        async for event in handle.fetch_history_events()
        if event.HasField("activity_task_scheduled_event_attributes")
    ]
    return [one for one in found if one.activity_type.name == "send_email"]


async def test_a_transactional_mail_waits_in_a_queue_of_its_own_and_goes_first(
    stage: Stage,
) -> None:
    receipt = an_email("receipt", transactional=True)
    handle = await stage.start(a_sequence(receipt, an_email("offer")))
    await handle.result()

    first, second = await scheduled_mails(handle)

    assert first.task_queue.name == "email-send-transactional"
    assert first.priority.priority_key == 1
    assert second.task_queue.name == "email-send"
    assert second.priority.priority_key == 0


async def test_each_sequence_has_its_share_of_the_queue_however_long_its_name_is(
    stage: Stage,
) -> None:
    name = "welcome-" + "x" * 90
    handle = await stage.start(a_sequence(an_email("intro"), name=name))

    report = await handle.result()
    (mail,) = await scheduled_mails(handle)

    assert report.ending == "completed"
    assert mail.priority.fairness_key == name[:64]
