"""What SendGrid refuses, delays, loses or never hears of, from the worker to the operator."""

from datetime import timedelta

from devstack.emulator.faults import FaultKind
from tests.acceptance.looking import until
from tests.acceptance.playing import Play

BOTH = ["Hello Ada", "Again Ada"]


async def listed(play: Play, query: str) -> list[str]:
    return [one.id async for one in play.stage.client.list_workflows(query)]


async def test_a_refused_key_stops_the_account_until_it_is_mended(play: Play) -> None:
    await play.strike(FaultKind.UNAUTHORIZED)
    await play.enroll()
    shown = await until(
        lambda: play.run("show", play.enrollment), lambda ran: "takes no mail" in ran.out
    )
    (missed,) = await play.sends()
    brakes = await play.run("brakes")

    resumed = await play.run("resume", "account", "--who", "olga")

    await play.until_mailed(1)
    await play.until("live", next_step="wait-1")
    (sent,) = await play.sends()
    assert "SendGrid answered 401" in shown.out
    assert "check POSTROAD_SENDGRID_API_KEY" in brakes.out
    assert resumed.out == "account: goes on; 1 mail waited, the last one goes in 0 s\n"
    assert (sent.id, missed.state, sent.state) == (missed.id, "retry", "accepted")
    assert sent.attempt == missed.attempt + 1
    assert await play.subjects() == ["Hello Ada"]


async def test_all_sending_stops_and_goes_on(play: Play) -> None:
    stopped = await play.run("stop-sending", "--why", "a leak", "--who", "olga")
    await play.enroll()
    await until(lambda: play.run("show", play.enrollment), lambda ran: "is stopped" in ran.out)
    kept = await play.subjects()

    resumed = await play.run("stop-sending", "--resume")

    await play.until_mailed(1)
    assert stopped.out == "all: stopped; mails wait until it is resumed\n"
    assert kept == []
    assert resumed.status == 0
    assert await play.subjects() == ["Hello Ada"]


async def test_a_mail_that_sendgrid_refuses_is_held_and_says_so_wherever_one_looks(
    play: Play,
) -> None:
    await play.strike(FaultKind.BAD_REQUEST)
    await play.enroll()

    await play.until("held")

    shown = await play.run("show", play.enrollment)
    held = 'PostroadState = "held" AND PostroadHeld STARTS_WITH "SendGrid refused this mail (400)"'
    assert "SendGrid refused this mail (400)" in shown.out
    assert await until(
        lambda: listed(play, f'{held} AND PostroadSequence = "{play.desk.name}"'), bool
    ) == [play.enrollment]
    assert await play.subjects() == []


async def test_a_held_mail_goes_once_when_it_is_resumed(play: Play) -> None:
    await play.strike(FaultKind.BAD_REQUEST)
    await play.enroll()
    await play.until("held")
    (refused,) = await play.sends()

    resumed = await play.run("resume", play.enrollment, "--why", "SendGrid is right again")

    await play.until_mailed(1)
    await play.until("live", next_step="wait-1")
    (sent,) = await play.sends()
    assert resumed.status == 0
    assert (sent.id, sent.state, sent.attempt) == (refused.id, "accepted", refused.attempt + 1)
    assert await play.subjects() == ["Hello Ada"]


async def test_all_who_are_held_for_a_cause_are_shown_and_go_on_together(play: Play) -> None:
    await play.strike(FaultKind.BAD_REQUEST)
    await play.enroll()
    await play.until("held")
    shown = await play.run("holds")

    released = await play.run("release", "--cause", "SendGrid refused this mail (400)")

    await play.until_mailed(1)
    assert "SendGrid refused this mail (400)" in shown.out
    assert play.desk.name in shown.out
    assert "go on, the last one in" in released.out
    assert await play.subjects() == ["Hello Ada"]


async def test_a_rate_limit_makes_a_mail_wait_and_go(play: Play) -> None:
    await play.strike(FaultKind.TOO_MANY_REQUESTS, seconds=1)
    await play.enroll()

    failure = await until(play.failures, bool)

    await play.until_mailed(1)
    (sent,) = await until(play.sends, lambda rows: rows[0].state == "accepted")
    assert "too many requests" in failure
    assert sent.attempt == 2
    assert await play.subjects() == ["Hello Ada"]


async def test_an_error_after_accepting_is_settled_by_the_event(play: Play) -> None:
    await play.keep_quiet()
    await play.strike(FaultKind.ERROR_AFTER_ACCEPT)
    await play.enroll()
    doubtful = await play.until("in_doubt")

    await play.speak_again()

    settled = await play.until("live", next_step="wait-1")
    (sent,) = await play.sends()
    assert [line.what for line in doubtful.past] == ["enrolled", "in_doubt"]
    assert [line.what for line in settled.past] == ["enrolled", "in_doubt", "sent"]
    assert (sent.state, sent.attempt) == ("accepted", 1)
    assert await play.subjects() == ["Hello Ada"]


async def test_what_stays_in_doubt_is_not_sent_again(play: Play) -> None:
    await play.keep_quiet()
    await play.strike(FaultKind.CLOSE_AFTER_ACCEPT)
    await play.enroll()
    await play.until("in_doubt")

    await play.skip(timedelta(days=4))

    given_up, sent = await until(play.sends, lambda rows: len(rows) == len(BOTH))
    assert (given_up.state, given_up.attempt, sent.state) == ("not_sent", 1, "accepted")
    assert [mail.subject for mail in await play.mails()] == BOTH


async def test_a_mail_waits_while_sendgrid_cannot_be_reached(play: Play) -> None:
    play.kill("emulator")
    await play.enroll()
    failure = await until(play.failures, bool)

    await play.restart("emulator")

    await play.until_mailed(1)
    await play.until("live", next_step="wait-1")
    await play.skip()
    assert "SendGrid cannot be reached" in failure
    assert await play.subjects() == BOTH
