"""Fetching what a mail attaches from an address, within bounds of time and size."""

import time
from collections.abc import Callable

import httpx

from activities.letters.attachments import Unfetched

_WITHIN = 5.0  # seconds, well below the time in which a claimed mail must be posted
_FOUND = 200
_AS_IT_IS = {"Accept-Encoding": "identity"}


def fetch(
    url: str, most: int, *, within: float = _WITHIN, clock: Callable[[], float] = time.monotonic
) -> bytes | Unfetched:
    """Fetch an address once; `within` is in seconds.

    No redirect is followed: it might lead to what no pattern allows.
    """
    end = clock() + within
    try:
        with (
            httpx.Client(timeout=within, trust_env=False, follow_redirects=False) as client,
            client.stream("GET", url, headers=_AS_IT_IS) as answer,
        ):
            if answer.status_code != _FOUND:
                return _unfetched(f"its server answered {answer.status_code}")
            return _read(answer, most, lambda: clock() > end)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return _unfetched(f"its server did not answer ({type(error).__name__})")


def _read(answer: httpx.Response, most: int, is_late: Callable[[], bool]) -> bytes | Unfetched:
    taken = bytearray()
    for piece in answer.iter_bytes():
        taken += piece
        if len(taken) > most:
            return _unfetched(f"it is larger than {most // 1_000_000} MB")
        if is_late():
            return _unfetched("its server is too slow")
    return bytes(taken) or _unfetched("it is empty")


def _unfetched(problem: str) -> Unfetched:
    return Unfetched(problem=f"{problem}; mend that, then resume")
