"""Who may call the API: whoever gives the key as a bearer token (RFC 6750)."""

from collections.abc import Callable
from hmac import compare_digest
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

_BEARER = HTTPBearer(auto_error=False, description="The value of POSTROAD_API_KEY.")

Guard = Callable[[HTTPAuthorizationCredentials | None], None]


def guard(api_key: str | None) -> Guard:
    """Build what refuses a call without the key; without one set, all calls."""

    def check(
        given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
    ) -> None:
        if api_key is None:
            raise HTTPException(
                HTTPStatus.FORBIDDEN, "The API is closed: set POSTROAD_API_KEY to open it."
            )
        if given is None or not compare_digest(given.credentials.encode(), api_key.encode()):
            raise HTTPException(
                HTTPStatus.UNAUTHORIZED,
                "Give the API key: Authorization: Bearer …",
                headers={"WWW-Authenticate": "Bearer"},
            )

    return check
