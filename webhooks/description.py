"""The app's OpenAPI description: errors as what they are, problems."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from webhooks.problems import MEDIA_TYPE, Fault, Problem

# FastAPI and OpenAPI hold descriptions in plain dictionaries.
Description = dict[str, Any]

_SCHEMAS = "#/components/schemas/"
_NOT_OURS = ("HTTPValidationError", "ValidationError")


def documented(*statuses: int) -> dict[int | str, Description]:
    """Describe these answers as problems."""
    return {
        int(status): {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"{_SCHEMAS}Problem"}}},
        }
        for status in statuses
    }


def described(app: FastAPI) -> Callable[[], Description]:
    """Give what describes the app, with the shape of problems in place of FastAPI's own errors."""
    original = app.openapi

    def describe() -> Description:
        description = original()
        schemas = description["components"]["schemas"]
        for name in _NOT_OURS:
            schemas.pop(name, None)
        _, ours = models_json_schema(
            [(Problem, "serialization"), (Fault, "serialization")],
            ref_template=f"{_SCHEMAS}{{model}}",
        )
        schemas.update(ours["$defs"])
        for path in description["paths"].values():
            for operation in path.values():
                _without_foreign_errors(operation["responses"])
        return description

    return describe


def _without_foreign_errors(responses: Description) -> None:
    if any(name in str(responses.get("422", "")) for name in _NOT_OURS):
        del responses["422"]
