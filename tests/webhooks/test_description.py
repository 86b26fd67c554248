import re

import httpx
import pytest

from webhooks.description import Description

OPERATIONS = {
    ("/webhooks/sendgrid", "post"),
    ("/webhooks/inbound/{secret}", "post"),
    ("/hooks/{name}", "post"),
    ("/u/{token}", "get"),
    ("/u/{token}", "post"),
    ("/healthz", "get"),
    ("/readyz", "get"),
    ("/v1/contacts", "post"),
    ("/v1/contacts/{ref}/merge", "post"),
    ("/v1/contacts/{ref}/records/{record}", "delete"),
    ("/v1/contacts/{ref}/records/{record}", "put"),
    ("/v1/enrollments", "post"),
    ("/v1/enrollments/{id}", "get"),
    ("/v1/enrollments/{id}/explain", "get"),
    ("/v1/explain", "get"),
    ("/v1/enrollments/{workflow_id}/mails/{step}", "delete"),
    ("/v1/enrollments/{workflow_id}/mails/{step}", "get"),
    ("/v1/enrollments/{workflow_id}/mails/{step}", "put"),
    ("/v1/events", "post"),
    ("/v1/enrollments", "patch"),
    ("/v1/enrollments/{id}", "patch"),
    ("/v1/enrollments/{id}/skip", "post"),
}


@pytest.fixture
async def description(client: httpx.AsyncClient) -> Description:
    described: Description = (await client.get("/openapi.json")).json()
    return described


BODIES = [
    *("ContactBody", "EnrollmentBody", "EventBody"),
    *("ChangeBody", "PlacedChangeBody", "OrderBody", "MergeBody"),
]


async def test_every_route_is_described(description: Description) -> None:
    described = {
        (path, method) for path, methods in description["paths"].items() for method in methods
    }

    assert described == OPERATIONS


async def test_every_shape_that_is_named_is_there(description: Description) -> None:
    named = set(re.findall(r"#/components/schemas/(\w+)", str(description)))

    assert named <= set(description["components"]["schemas"])
    assert "HTTPValidationError" not in description["components"]["schemas"]


@pytest.mark.parametrize("body", BODIES)
async def test_every_field_of_a_body_has_an_example(description: Description, body: str) -> None:
    fields = description["components"]["schemas"][body]["properties"]

    assert [name for name, field in fields.items() if "examples" not in field] == []


@pytest.mark.parametrize("path", ["/v1/contacts", "/v1/enrollments", "/v1/events"])
async def test_a_call_made_of_the_examples_is_well_formed(
    api: httpx.AsyncClient, description: Description, path: str
) -> None:
    content = description["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    name = content["schema"]["$ref"].rpartition("/")[2]
    fields = description["components"]["schemas"][name]["properties"]
    body = {name: field["examples"][0] for name, field in fields.items()}

    answer = await api.post(path, json=body)

    assert answer.status_code in (201, 503)


async def test_the_api_names_its_errors_as_problems(description: Description) -> None:
    answers = description["paths"]["/v1/events"]["post"]["responses"]

    for status in ("400", "401", "403", "413", "422", "503"):
        assert list(answers[status]["content"]) == ["application/problem+json"]
