"""Whatever is sent to a route that the description names, the answer is never a fault of ours."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from tests.webhooks.given import World

BASE = "http://postroad.test"
# The same cases in every run; each operation gets a second or two.
BOUNDED = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
_BODIES = ("params", "json", "data", "content")
Call = Callable[..., httpx.Response]


@pytest.fixture
def call(app: FastAPI, world: World) -> Iterator[Call]:
    world.enrollment()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = {"Authorization": "Bearer api-key"}
    client = httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers)

    with asyncio.Runner() as runner:

        def called(method: str, url: str, **more: object) -> httpx.Response:
            return runner.run(client.request(method, url, **more))  # type: ignore[arg-type]  # handed on as it came

        yield called
        runner.run(client.aclose())


def test_no_case_of_the_description_is_answered_by_a_fault(call: Call) -> None:
    description = json.loads(call("GET", "/openapi.json").text)
    schema = schemathesis.openapi.from_dict(description)
    schema.config.update(base_url=BASE)
    tried = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        for mode in GenerationMode:

            @BOUNDED
            @given(operation.as_strategy(generation_mode=mode))
            def answered(case: Case[Any]) -> None:
                nonlocal tried
                tried += 1
                sound(call, case)

            with suppress(Unsatisfiable):  # a route without input cannot get a wrong one
                answered()

    assert tried > 200


def sound(call: Call, case: Case[Any]) -> None:
    try:
        given = case.as_transport_kwargs(base_url=BASE)
        headers = {**given["headers"], "Authorization": "Bearer api-key"}
        request = {name: given[name] for name in _BODIES if name in given}
        if not isinstance(request.get("data", {}), Mapping):
            request["content"] = request.pop("data")
        answer = call(given["method"], given["url"], headers=headers, **request)
    except (httpx.InvalidURL, UnicodeEncodeError):
        return
    assert answer.status_code < 500 or answer.status_code == 503, (case, answer.text)
