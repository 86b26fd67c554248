from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI

from webhooks.app import build_app
from webhooks.deps import Deps, Secrets

API = ["/v1/contacts", "/v1/enrollments", "/v1/events"]
JSON = {"Content-Type": "application/json"}


def is_problem(answer: httpx.Response, status: int) -> bool:
    told = answer.json()
    return (
        answer.headers["content-type"] == "application/problem+json"
        and answer.status_code == status
        and told["status"] == status
        and bool(told["title"])
        and bool(told["detail"])
    )


@pytest.mark.parametrize("path", API)
@pytest.mark.parametrize("body", [b"not json", b"{", b"", b"\xff\xfe{}"], ids=repr)
async def test_a_body_that_is_not_json_is_a_problem(
    api: httpx.AsyncClient, path: str, body: bytes
) -> None:
    answer = await api.post(path, content=body, headers=JSON)

    assert is_problem(answer, 400) or is_problem(answer, 422)


@pytest.mark.parametrize("body", [b'{"a": "\xff"}', b"[" * 100_000], ids=["bytes", "deep"])
async def test_a_body_that_no_reader_takes_is_not_json(api: httpx.AsyncClient, body: bytes) -> None:
    answer = await api.post(API[0], content=body, headers=JSON)

    assert is_problem(answer, 400)
    assert answer.json()["detail"] == "The body is not JSON."


@pytest.mark.parametrize("path", API)
@pytest.mark.parametrize("body", [b"[]", b'"text"', b"7", b"null"], ids=repr)
async def test_json_that_is_no_object_is_a_problem(
    api: httpx.AsyncClient, path: str, body: bytes
) -> None:
    answer = await api.post(path, content=body, headers=JSON)

    assert is_problem(answer, 422)
    assert [error["field"] for error in answer.json()["errors"]] == ["(body)"]


@pytest.mark.parametrize("path", API)
async def test_a_form_is_not_taken_for_json(api: httpx.AsyncClient, path: str) -> None:
    answer = await api.post(path, data={"email": "ada@example.com"})

    assert is_problem(answer, 422)
    assert "application/json" in answer.json()["errors"][0]["message"]
    assert "ada@" not in answer.text


@pytest.mark.parametrize("path", API)
async def test_a_body_over_1_mb_is_a_problem(api: httpx.AsyncClient, path: str) -> None:
    body = b'{"contact": "' + b"x" * (1024 * 1024) + b'"}'

    assert is_problem(await api.post(path, content=body, headers=JSON), 413)


async def test_a_body_that_does_not_say_its_length_is_cut_off(api: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    answer = await api.post("/v1/events", content=pieces(), headers=JSON)

    assert is_problem(answer, 413)


@pytest.mark.parametrize("path", [*API, "/v1/enrollments/any"])
@pytest.mark.parametrize(
    "given", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic YTpi"}], ids=str
)
async def test_without_the_key_nothing_is_done(
    client: httpx.AsyncClient, path: str, given: dict[str, str]
) -> None:
    method = "GET" if path.endswith("any") else "POST"

    answer = await client.request(method, path, headers=given)

    assert is_problem(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_without_a_key_set_the_api_is_closed(deps: Deps) -> None:
    app = build_app(replace(deps, secrets=Secrets(keys=deps.secrets.keys)))
    transport = httpx.ASGITransport(app)

    async with httpx.AsyncClient(transport=transport, base_url="http://postroad.test") as client:
        answer = await client.post("/v1/events", headers={"Authorization": "Bearer "})
        inbound = await client.post("/webhooks/inbound/None")

    assert is_problem(answer, 403)
    assert "POSTROAD_API_KEY" in answer.json()["detail"]
    assert is_problem(inbound, 404)


@pytest.mark.parametrize("path", ["/", "/nothing", "/v1", "/v1/nothing", "/docs", "/u", "/u/a/b"])
async def test_an_unknown_path_is_a_problem(client: httpx.AsyncClient, path: str) -> None:
    assert is_problem(await client.get(path), 404)


@pytest.mark.parametrize("path", ["/webhooks/sendgrid", "/v1/events", "/webhooks/inbound/x"])
async def test_another_method_is_a_problem(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert is_problem(answer, 405)
    assert answer.headers["allow"] == "POST"


async def test_while_postgresql_is_down_the_caller_is_asked_to_try_again(
    api: httpx.AsyncClient,
) -> None:
    answer = await api.post("/v1/contacts", json={"email": "ada@example.com"})

    assert is_problem(answer, 503)
    assert "ada@" not in answer.text


async def test_a_fault_of_our_own_is_a_problem_without_its_words(app: FastAPI) -> None:
    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("ada@example.com")

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://postroad.test") as client:
        answer = await client.get("/broken")

    assert is_problem(answer, 500)
    assert "ada@" not in answer.text
