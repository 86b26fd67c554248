import json
import logging
import socket
from datetime import timedelta
from threading import Event

import pytest

from activities.mailing.sendgrid import (
    Accepted,
    Ambiguous,
    Answer,
    Message,
    NotAccepted,
    RateLimited,
    RefusedBy,
    SenderFault,
    SendGrid,
)
from tests.activities.peers import (
    Script,
    Silence,
    a_peer,
    answering,
    closing,
    resetting,
    saying,
)

KEY = "SG.secret-key"
MAIL: Message = {"subject": "Hello"}
HUGE: Message = {"subject": "x" * 30_000_000}
NOW = 1_800_000_000.0


def a_door(url: str, *, sandbox: bool = False, key: str = KEY) -> SendGrid:
    return SendGrid(key, url, timeout=0.3, sandbox=sandbox, clock=lambda: NOW)


def posted(script: Script, message: Message = MAIL, *, reads: bool = True) -> Answer:
    with a_peer(script, reads=reads) as peer:
        return a_door(peer.url).post(message)


def test_a_202_is_accepted_with_its_id() -> None:
    with a_peer(answering(202, X_Message_Id="abc")) as peer:
        answer = a_door(peer.url).post(MAIL)

    assert answer == Accepted(provider_id="abc")
    assert peer.requests[0].startswith(b"POST /v3/mail/send HTTP/1.1")
    assert f"Authorization: Bearer {KEY}".encode() in peer.requests[0]
    assert peer.requests[0].endswith(b'{"subject": "Hello"}')


def test_an_accepted_mail_without_an_id_is_accepted() -> None:
    assert posted(answering(202)) == Accepted(provider_id=None)


def test_sandbox_mode_is_asked_for_and_answered_200() -> None:
    with a_peer(answering(200)) as peer:
        answer = a_door(peer.url, sandbox=True).post(MAIL)

    assert isinstance(answer, Accepted)
    body = json.loads(peer.requests[0].partition(b"\r\n\r\n")[2])
    assert body["mail_settings"] == {"sandbox_mode": {"enable": True}}


def test_a_200_outside_sandbox_mode_says_nothing() -> None:
    assert isinstance(posted(answering(200, "<html>")), Ambiguous)


def test_a_refused_connection_is_not_accepted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    answer = a_door(f"http://127.0.0.1:{port}").post(MAIL)

    assert answer == NotAccepted(words="SendGrid cannot be reached (ConnectionRefusedError)")


def test_a_connection_that_does_not_come_about_in_time_is_not_accepted() -> None:
    with socket.socket() as listener, socket.socket() as one, socket.socket() as two:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for waiting in (one, two):
            waiting.settimeout(0)
            waiting.connect_ex(listener.getsockname())
        answer = a_door(f"http://127.0.0.1:{listener.getsockname()[1]}").post(MAIL)

    assert isinstance(answer, NotAccepted)


def test_a_failed_tls_handshake_is_not_accepted() -> None:
    with a_peer(saying("this is no TLS"), reads=False) as peer:
        answer = a_door(f"https://127.0.0.1:{peer.port}").post(MAIL)

    assert answer == NotAccepted(words="SendGrid cannot be reached (SSLError)")


@pytest.mark.parametrize("parts", [0, 1], ids=["before the head", "before the body"])
def test_what_is_late_with_the_connection_there_is_not_written(parts: int) -> None:
    heard: list[bytes] = []
    asked: list[bool] = []
    over = Event()

    def in_time() -> bool:
        asked.append(len(asked) < parts)
        return asked[-1]

    def hear(connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            heard.append(stream.read())
        over.set()

    with a_peer(hear, reads=False) as peer:
        answer = a_door(peer.url).post(MAIL, in_time)
        assert over.wait(5)

    assert answer == NotAccepted(words="the worker was too slow to post the mail in time")
    assert heard[0].partition(b"\r\n\r\n")[2] == b""
    assert bool(heard[0]) is bool(parts)


def test_whether_it_is_late_is_asked_when_tls_is_there_and_not_before() -> None:
    asked: list[str] = []

    def in_time() -> bool:
        asked.append("asked")
        return True

    with a_peer(saying("this is no TLS"), reads=False) as peer:
        a_door(f"https://127.0.0.1:{peer.port}").post(MAIL, in_time)

    assert asked == []


def test_a_body_that_a_stalling_peer_does_not_read_is_not_accepted() -> None:
    answer = posted(Silence(), HUGE, reads=False)

    assert answer == NotAccepted(words="SendGrid cannot be reached (TimeoutError)")


def test_a_connection_that_breaks_within_the_body_is_not_accepted() -> None:
    assert isinstance(posted(resetting, HUGE, reads=False), NotAccepted)


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (Silence(), "TimeoutError"),
        (closing, "RemoteDisconnected"),
        (resetting, "ConnectionResetError"),
        (saying("nonsense\r\n\r\n"), "BadStatusLine"),
        (saying("HTTP/1.1 202 Accepted\r\nContent-Length: 9\r\n\r\n{"), "IncompleteRead"),
        (saying("HTTP/1.1 400 Bad\r\nContent-Length: 9\r\n\r\n{"), "IncompleteRead"),
    ],
    ids=["silence", "close", "reset", "nonsense", "cut acceptance", "cut refusal"],
)
def test_what_fails_after_the_whole_body_is_ambiguous(script: Script, kind: str) -> None:
    assert posted(script) == Ambiguous(words=f"SendGrid's answer did not come whole ({kind})")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_fault_of_the_server_is_ambiguous(status: int) -> None:
    assert posted(answering(status, "Ack! Bad proxy!")) == Ambiguous(
        words=f"SendGrid answered {status}"
    )


def test_a_refusal_says_all_of_sendgrids_words_and_no_address() -> None:
    errors = [{"message": "We found [ada@example.com] twice."}, {"message": "No subject."}]

    answer = posted(answering(400, json.dumps({"errors": errors})))

    assert answer == RefusedBy(status=400, words="We found [(address)] twice.; No subject.")


@pytest.mark.parametrize("body", ["", "<html>Too big</html>", '{"errors": 3}', "[]"])
def test_an_unreadable_refusal_is_a_refusal(body: str) -> None:
    assert posted(answering(413, body)) == RefusedBy(status=413, words="no words")


@pytest.mark.parametrize(
    ("status", "mend"),
    [
        (401, "POSTROAD_SENDGRID_API_KEY and the account's credits"),
        (403, "verify the sender"),
        (404, "POSTROAD_SENDGRID_URL"),
    ],
)
def test_a_fault_of_ours_says_what_to_mend(status: int, mend: str) -> None:
    answer = posted(answering(status, '{"errors": [{"message": "Maximum credits exceeded"}]}'))

    assert isinstance(answer, SenderFault)
    assert answer.words.startswith(f"SendGrid answered {status} (Maximum credits exceeded): ")
    assert mend in answer.words


def test_a_redirect_is_not_followed() -> None:
    with a_peer(answering(302, Location="/elsewhere")) as peer:
        answer = a_door(peer.url).post(MAIL)

    assert isinstance(answer, SenderFault)
    assert len(peer.requests) == 1


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [("1800000042", 42), ("1700000000", 1), ("1900000000", 3600), ("soon", 30), ("", 30)],
)
def test_a_rate_limit_names_a_time_to_wait(reset: str, seconds: int) -> None:
    answer = posted(answering(429, X_RateLimit_Reset=reset))

    assert answer == RateLimited(wait=timedelta(seconds=seconds))


def test_a_proxy_of_the_environment_is_not_asked_about_loopback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    assert isinstance(posted(answering(202)), Accepted)


def test_a_key_is_cleaned_of_the_line_break_that_a_file_ends_with() -> None:
    with a_peer(answering(202)) as peer:
        a_door(peer.url, key=f"{KEY}\n").post(MAIL)

    assert f"Bearer {KEY}\r\n".encode() in peer.requests[0]


@pytest.mark.parametrize(
    ("key", "url"), [("SG.two\nlines", "http://127.0.0.1:9"), (KEY, "http://a b")]
)
def test_a_request_that_cannot_be_made_is_a_fault_of_ours(key: str, url: str) -> None:
    answer = a_door(url, key=key).post(MAIL)

    assert isinstance(answer, SenderFault)
    assert "SG." not in answer.words


def test_neither_key_nor_mail_is_ever_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    posted(answering(202))

    assert KEY not in caplog.text
    assert "Hello" not in caplog.text
