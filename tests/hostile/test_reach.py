"""Addresses that others wrote lead to the public internet, and nowhere else by themselves."""

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator
from ipaddress import ip_address

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activities.letters.attachments import Unfetched
from activities.letters.fetching import fetch
from activities.reaching import FORBIDDEN, AsyncReaching, Reaching, may_be_reached, networks
from devstack.emulator.server import running_app
from starter.outgoing.hooks import HookDoor
from starter.outgoing.noticing import Outcome
from storage.notices import Notice
from tests.builders import MONDAY
from tests.webhooks.endpoints import an_endpoint, answering

INSIDE = (
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),  # noqa: S104  not bound, refused
    *("169.254.169.254", "100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a9fe:a9fe::", "::127.0.0.1"),
)
OUTSIDE = ("1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "64:ff9b::101:101")
LOOPBACK = networks(["127.0.0.0/8"])


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_inside_is_reached(address: str) -> None:
    assert not may_be_reached(ip_address(address), ())


@pytest.mark.parametrize("address", OUTSIDE)
def test_the_public_internet_is_reached(address: str) -> None:
    assert may_be_reached(ip_address(address), ())


def test_a_private_network_is_reached_where_an_operator_names_it() -> None:
    assert may_be_reached(ip_address("10.1.2.3"), networks(["10.1.0.0/16"]))
    assert may_be_reached(ip_address("::ffff:10.1.2.3"), networks(["10.1.0.0/16"]))
    assert not may_be_reached(ip_address("10.2.2.3"), networks(["10.1.0.0/16"]))


# As curl and browsers read them, they all mean this machine.
SPELLINGS = ("127.0.0.1", "2130706433", "0x7f000001", "127.1", "[::1]", "localhost")


@pytest.mark.parametrize("host", SPELLINGS)
async def test_no_spelling_of_this_machine_is_called_or_fetched(host: str) -> None:
    async with an_endpoint() as endpoint:
        url = f"https://{host}:{endpoint.port}/hook"
        outcome = await brought(HookDoor((b"k" * 32,)), url)
        fetched = fetch(url, 100)

    assert outcome == Outcome(state="gone", why=FORBIDDEN)
    assert isinstance(fetched, Unfetched)
    assert FORBIDDEN in fetched.problem
    assert endpoint.posted == []


async def test_a_redirect_inside_is_not_followed() -> None:
    async with an_endpoint() as inside:
        away = answering(307, Location=inside.url)
        async with an_endpoint(away) as endpoint:
            outcome = await brought(HookDoor((b"k" * 32,), LOOPBACK), endpoint.url)

    assert outcome.state == "failed"
    assert inside.posted == []


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Give a name server's answers: what a name means, one look after the other."""
    meanings: dict[str, list[str]] = {}
    true = socket.getaddrinfo

    def looked_up(host: str, port: int, *rest: object, **more: object) -> object:
        if host not in meanings:
            return true(host, port, *rest, **more)  # type: ignore[arg-type]  # handed on as it came
        address = meanings[host].pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    return meanings


async def test_the_address_that_is_judged_is_the_one_that_is_connected_to(
    names: dict[str, list[str]],
) -> None:
    """A name server that answers otherwise a moment later (DNS rebinding) has gained nothing."""
    async with an_endpoint() as endpoint:
        names["rebound.example"] = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
        url = f"http://rebound.example:{endpoint.port}/hook"
        async with httpx.AsyncClient(transport=AsyncReaching(LOOPBACK)) as client:
            answer = await client.post(url, content=b"{}")

    assert answer.status_code == 204
    assert endpoint.posted[0].headers["host"] == f"rebound.example:{endpoint.port}"
    assert names["rebound.example"] == ["127.0.0.2", "127.0.0.3"]


async def test_a_name_that_means_an_address_inside_is_not_called(
    names: dict[str, list[str]],
) -> None:
    names["inside.example"] = ["169.254.169.254", "10.0.0.1"]

    outcome = await brought(HookDoor((b"k" * 32,)), "https://inside.example/hook")
    fetched = fetch("https://inside.example/a.pdf", 100)

    assert outcome == Outcome(state="gone", why=FORBIDDEN)
    assert isinstance(fetched, Unfetched)
    assert FORBIDDEN in fetched.problem


async def test_a_name_that_is_not_known_is_tried_again() -> None:
    outcome = await brought(HookDoor((b"k" * 32,)), "https://nobody.invalid/hook")

    assert outcome == Outcome(state="failed", why="no answer (ConnectError)")


async def test_a_proxy_is_asked_for_names_and_for_no_address_inside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with an_endpoint() as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        transport = AsyncReaching(
            (), httpx.AsyncHTTPTransport(proxy=f"http://127.0.0.1:{proxy.port}")
        )
        async with httpx.AsyncClient(transport=transport) as client:
            answer = await client.post("http://inside.example/hook", content=b"{}")
            with pytest.raises(httpx.TransportError, match="private network"):
                await client.post("http://169.254.169.254/hook", content=b"{}")

    assert answer.status_code == 204
    assert len(proxy.posted) == 1


@pytest.fixture
async def packed() -> AsyncIterator[str]:
    bomb = gzip.compress(gzip.compress(b"\0" * 50_000_000))

    async def answer(_: Request) -> Response:
        return Response(bomb, headers={"Content-Encoding": "gzip, gzip"})

    async with running_app(Starlette(routes=[Route("/a.pdf", answer)])) as url:
        yield f"{url}/a.pdf"


async def test_what_a_server_packs_is_not_unpacked(packed: str) -> None:
    fetched = await asyncio.to_thread(fetch, packed, 5_000_000, private=LOOPBACK)

    assert isinstance(fetched, Unfetched)
    assert "packed" in fetched.problem


def test_the_certificate_is_asked_for_by_name(names: dict[str, list[str]]) -> None:
    """The address is connected to, the name is what TLS proves."""
    seen: list[dict[str, object]] = []

    def keep(request: httpx.Request) -> httpx.Response:
        seen.append({"host": request.url.host, **request.extensions})
        return httpx.Response(204)

    names["hooks.example"] = ["1.1.1.1"]
    transport = Reaching(())
    transport._inner = httpx.MockTransport(keep)  # type: ignore[assignment]  # noqa: SLF001  no TLS to the internet in tests
    with httpx.Client(transport=transport) as client:
        client.get("https://hooks.example/hook")

    assert seen[0]["host"] == "1.1.1.1"
    assert seen[0]["sni_hostname"] == "hooks.example"


async def brought(door: HookDoor, url: str) -> Outcome:
    notice = Notice.model_validate(
        {
            "id": 1,
            "natural_key": "one",
            "kind": "webhook",
            "enrollment_id": None,
            "contact_id": None,
            "at": MONDAY,
            "payload": {"url": url, "body": {"id": "msg_1"}},
            "attempts": 1,
            "endpoint": "e",
        }
    )
    try:
        return await door.bring(notice)
    finally:
        await door.close()
