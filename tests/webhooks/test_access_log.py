import logging

import httpx
import pytest

from inbound.tokens import mint
from tests.webhooks.conftest import KEYS
from tests.webhooks.given import World


async def test_a_line_names_the_route_and_no_token(
    client: httpx.AsyncClient, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    token = mint("unsubscribe", world.send(world.enrollment()).id, KEYS)

    with caplog.at_level(logging.INFO, logger="webhooks.log"):
        await client.get(f"/u/{token}?email=ada@example.com")

    (line,) = [record.getMessage() for record in caplog.records if record.name == "webhooks.log"]
    assert line.startswith("GET /u/{token} 200 ")


@pytest.mark.parametrize(
    ("method", "path", "line"),
    [
        ("POST", "/webhooks/inbound/secret-guess", "POST /webhooks/inbound/{secret} 404 "),
        ("GET", "/v1/enrollments/welcome.c1", "GET /v1/enrollments/{id} 401 "),
        ("GET", "/ada@example.com", "GET (no route) 404 "),
        ("POST", "/webhooks/sendgrid", "POST /webhooks/sendgrid 401 "),
    ],
)
async def test_every_answer_has_its_line(
    client: httpx.AsyncClient,
    caplog: pytest.LogCaptureFixture,
    method: str,
    path: str,
    line: str,
) -> None:
    with caplog.at_level(logging.INFO, logger="webhooks.log"):
        await client.request(method, path)

    (said,) = [record.getMessage() for record in caplog.records if record.name == "webhooks.log"]
    assert said.startswith(line)


async def test_a_fault_is_a_line_too(
    api: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="webhooks.log"):
        await api.post("/v1/contacts", json={"email": "ada@example.com"})

    said = [record.getMessage() for record in caplog.records if record.name.startswith("webhooks")]
    assert any(line.startswith("POST /v1/contacts 503 ") for line in said)
    assert "ada@" not in "".join(said)
