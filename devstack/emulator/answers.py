"""Answers in SendGrid's form."""

from datetime import datetime

from starlette.responses import JSONResponse, Response

from devstack.emulator.problems import Problem, error_body

# No numbers are published (reference 1.2); the headers' names and units are.
_LIMIT = 600
_WINDOW = 60


def rate_limit_headers(
    now: datetime, *, reset: float = _WINDOW, exhausted: bool = False
) -> dict[str, str]:
    """Give the headers that each answer carries; `reset` is in seconds from `now`."""
    return {
        "X-RateLimit-Limit": str(_LIMIT),
        "X-RateLimit-Remaining": "0" if exhausted else str(_LIMIT - 1),
        "X-RateLimit-Reset": str(int(now.timestamp() + reset)),
    }


def refusal(status: int, *problems: Problem, headers: dict[str, str] | None = None) -> Response:
    """Say no in SendGrid's words."""
    return JSONResponse(error_body(problems), status_code=status, headers=headers)
