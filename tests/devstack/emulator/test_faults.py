"""Each fault as the official client meets it, and whether the mail went out all the same."""

import time
from http.client import HTTPException, IncompleteRead, RemoteDisconnected

import pytest
from python_http_client.exceptions import HTTPError  # type: ignore[import-untyped] # untyped

from devstack.emulator.faults import Fault, FaultKind
from tests.devstack.emulator.desk import Desk, a_mail

# What a closed connection is called depends on how far the kernel had come.
CLOSED = (RemoteDisconnected, ConnectionResetError)


async def attempt(desk: Desk, fault: Fault, *, timeout_after: float = 5) -> Exception:
    await desk.client.arm(fault)
    with pytest.raises((HTTPError, HTTPException, OSError)) as failure:
        await desk.send(a_mail(), timeout_after=timeout_after)
    assert isinstance(failure.value, Exception)
    return failure.value


async def accepted(desk: Desk) -> int:
    return len(await desk.client.mails())


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        (FaultKind.UNAUTHORIZED, 401, b"The provided authorization grant is invalid"),
        (FaultKind.CREDITS_EXCEEDED, 401, b"Maximum credits exceeded"),
        (FaultKind.FORBIDDEN, 403, b"does not match a verified Sender Identity"),
        (FaultKind.TOO_MANY_REQUESTS, 429, b"too many requests"),
        (FaultKind.BAD_REQUEST, 400, b"Bad Request"),
        (FaultKind.UNAVAILABLE, 503, b"Service Unavailable"),
    ],
)
async def test_a_refusal_has_its_status_and_words_and_sends_nothing(
    desk: Desk, kind: FaultKind, status: int, words: bytes
) -> None:
    failure = await attempt(desk, Fault(kind=kind))

    assert isinstance(failure, HTTPError)
    assert failure.status_code == status
    assert words in failure.body
    assert await accepted(desk) == 0


async def test_a_rate_limit_says_when_it_ends(desk: Desk) -> None:
    before = int(time.time())

    failure = await attempt(desk, Fault(kind=FaultKind.TOO_MANY_REQUESTS, seconds=30))

    assert isinstance(failure, HTTPError)
    assert failure.headers["X-RateLimit-Remaining"] == "0"
    assert int(failure.headers["X-RateLimit-Reset"]) >= before + 30


async def test_a_refused_connection_sends_nothing(desk: Desk) -> None:
    failure = await attempt(desk, Fault(kind=FaultKind.REFUSE))

    assert isinstance(failure, CLOSED)
    assert await accepted(desk) == 0


async def test_a_connection_closed_after_accepting_has_sent_the_mail(desk: Desk) -> None:
    failure = await attempt(desk, Fault(kind=FaultKind.CLOSE_AFTER_ACCEPT))

    assert isinstance(failure, CLOSED)
    assert await accepted(desk) == 1


async def test_an_answer_that_never_comes_has_sent_the_mail(desk: Desk) -> None:
    fault = Fault(kind=FaultKind.HANG_AFTER_ACCEPT, seconds=60)

    failure = await attempt(desk, fault, timeout_after=1)

    assert type(failure) is TimeoutError
    assert await accepted(desk) == 1


async def test_an_answer_that_hangs_is_given_up_after_its_time(desk: Desk) -> None:
    failure = await attempt(desk, Fault(kind=FaultKind.HANG_AFTER_ACCEPT, seconds=0.05))

    assert isinstance(failure, CLOSED)
    assert await accepted(desk) == 1


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_server_error_after_accepting_has_sent_the_mail(desk: Desk, status: int) -> None:
    failure = await attempt(desk, Fault(kind=FaultKind.ERROR_AFTER_ACCEPT, status=status))

    assert isinstance(failure, HTTPError)
    assert failure.status_code == status
    assert await accepted(desk) == 1


async def test_an_answer_cut_in_the_middle_has_sent_the_mail(desk: Desk) -> None:
    failure = await attempt(desk, Fault(kind=FaultKind.CUT_AFTER_ACCEPT))

    assert isinstance(failure, (IncompleteRead, *CLOSED))
    assert await accepted(desk) == 1


async def test_a_slow_answer_is_a_good_one(desk: Desk) -> None:
    await desk.client.arm(Fault(kind=FaultKind.SLOW, seconds=0.05))

    answer = await desk.send(a_mail())

    assert answer.status_code == 202
    assert await accepted(desk) == 1


async def test_a_bad_mail_is_refused_even_under_a_fault(desk: Desk) -> None:
    await desk.client.arm(Fault(kind=FaultKind.CLOSE_AFTER_ACCEPT))

    with pytest.raises(HTTPError) as refused:
        await desk.send(a_mail(content=[]))

    assert refused.value.status_code == 400


async def test_a_fault_ends_after_its_count(desk: Desk) -> None:
    fault = Fault(kind=FaultKind.UNAVAILABLE, count=2)
    await attempt(desk, fault)
    with pytest.raises(HTTPError):
        await desk.send(a_mail())

    answer = await desk.send(a_mail())

    assert answer.status_code == 202
    (state,) = await desk.client.faults()
    assert (state.left, state.struck) == (0, 2)


async def test_a_cleared_fault_strikes_no_more(desk: Desk) -> None:
    await desk.client.arm(Fault(kind=FaultKind.UNAVAILABLE, count=None))

    await desk.client.clear_faults()

    assert (await desk.send(a_mail())).status_code == 202


async def test_seeded_dice_strike_the_same_requests_again(desk: Desk) -> None:
    fault = Fault(kind=FaultKind.UNAVAILABLE, count=12, probability=0.5, seed=7)

    first, second = [await statuses(desk, fault) for _ in range(2)]

    assert first == second
    assert set(first) == {202, 503}


async def statuses(desk: Desk, fault: Fault) -> list[int]:
    await desk.client.arm(fault)
    headers = {"Authorization": "Bearer SG.right"}
    return [
        (await desk.http.post("/v3/mail/send", json=a_mail(), headers=headers)).status_code
        for _ in range(12)
    ]
