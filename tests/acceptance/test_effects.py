"""What a sequence does beside mailing the contact, on the running stack."""

import asyncio
from pathlib import Path

from standardwebhooks.webhooks import Webhook

from devstack.emulator.actions import Action, ActionKind
from devstack.emulator.selection import Selection
from devstack.emulator.views import MailView
from devstack.ports import LOOPBACK, free_port
from storage import notices
from storage.people import contacts
from tests.acceptance.looking import until
from tests.acceptance.playing import MAIL, Play
from tests.webhooks.endpoints import an_endpoint

OWNER = "kim@us.example"
SEQUENCE = """\
sequence: {name}
spread: 0 minutes
from: {{name: Kim Lee, email: kim@us.example}}
postal_address: Acme, 1 Main Street, Springfield
exit_on: [reply]
steps:
  - email: hello
  - set: {{engaged: false}}
  - webhook: {url}
  - notify: "{{{{ contact.first_name }}}} was greeted"
  - wait: 3 days
  - email: again
"""


async def publish(play: Play, folder: Path, url: str) -> None:
    (folder / "sequence.yaml").write_text(SEQUENCE.format(name=play.desk.name, url=url))
    for mail in ("hello", "again"):
        (folder / f"{mail}.md").write_text(MAIL.format(subject=mail, link="https://us.example"))
    ran = await play.run("publish", str(folder))
    assert ran.status == 0, ran.err


async def mail_to_owner(play: Play, text: str) -> MailView:
    wanted = Selection(to=OWNER, text=text)
    found = await until(lambda: play.stage.emulator.mails(wanted), bool)
    return await play.stage.emulator.mail(found[0].id)


async def test_steps_set_post_and_tell(play: Play, tmp_path: Path) -> None:
    async with an_endpoint() as endpoint:
        await publish(play, tmp_path, endpoint.url)
        await play.enroll_and_greet()
        await asyncio.wait_for(endpoint.came.wait(), 60)

    told = await mail_to_owner(play, play.address)
    [posted] = endpoint.posted
    said = Webhook(play.stack.record.webhook_secret[0]).verify(posted.body, posted.headers)
    assert (said["enrollment"], said["step"]) == (play.enrollment, "webhook-1")
    assert told.subject == "Ada was greeted"
    with play.stage.engine.connect() as connection:
        contact = contacts.find(connection, play.address)
    assert contact is not None
    assert contact.attributes["engaged"] is False


async def test_a_reply_reaches_the_owner(play: Play) -> None:
    await play.enroll_and_greet()
    [mail] = await play.mails()
    words = f"Yes, {play.desk.name}, let us talk."

    await play.stage.emulator.act(mail.id, Action(kind=ActionKind.REPLY, text=words))

    passed_on = await mail_to_owner(play, words)
    assert passed_on.answers_to.email == play.address
    assert passed_on.subject.startswith("Re: ")


async def test_what_cannot_be_brought_is_listed_and_tried_again(play: Play, tmp_path: Path) -> None:
    await publish(play, tmp_path, f"http://{LOOPBACK}:{free_port()}/hook")
    await play.enroll_and_greet()

    def waiting() -> list[notices.ListedNotice]:
        with play.stage.engine.connect() as connection:
            found = notices.listing(connection, undelivered=True)
        return [one for one in found if one.workflow_id == play.enrollment and one.last_error]

    async def waits() -> list[notices.ListedNotice]:
        return await asyncio.to_thread(waiting)

    [one] = await until(waits, bool)
    listed = await play.run("notices", "list", "--undelivered")
    again = await play.run("notices", "retry", str(one.id))

    assert play.enrollment in listed.out
    assert "no answer (ConnectError)" in listed.out
    assert again.out == (
        f"notice {one.id} is tried again within 2 s by a worker that runs, "
        "later only while its endpoint is busy\n"
    )


async def test_what_is_no_notice_is_not_tried_again(play: Play) -> None:
    ran = await play.run("notices", "retry", "999999999")

    assert ran.status == 1
    assert ran.err.startswith("postroad: notice 999999999 was delivered or is none")
