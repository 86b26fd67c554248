"""Fetching what a mail attaches from an address, within bounds of time and size."""

import time
from collections.abc import Callable

import httpx

from activities.letters.attachments import Unfetched
from activities.reaching import FORBIDDEN, ForbiddenAddressError, Networks, Reaching

_WITHIN = 5.0  # seconds, well below the time in which a claimed mail must be posted
_FOUND = 200
_AS_IT_IS = {"Accept-Encoding": "identity"}


def fetch(
    url: str,
    most: int,
    *,
    private: Networks = (),
    within: float = _WITHIN,
    clock: Callable[[], float] = time.monotonic,
) -> bytes | Unfetched:
    """Fetch an address once, from the internet or a named private network; `within` is in seconds.

    No redirect is followed: it might lead to what no pattern allows.
    """
    end = clock() + within
    try:
        with (
            httpx.Client(transport=Reaching(private), timeout=within, trust_env=False) as client,
            client.stream("GET", url, headers=_AS_IT_IS) as answer,
        ):
            return _read(answer, most, lambda: clock() > end)
    except ForbiddenAddressError:
        return _unfetched(FORBIDDEN)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return _unfetched(f"its server did not answer ({type(error).__name__})")


def _read(answer: httpx.Response, most: int, is_late: Callable[[], bool]) -> bytes | Unfetched:
    unwanted = _unwanted(answer)
    if unwanted is not None:
        return unwanted
    taken = bytearray()
    for piece in answer.iter_raw():
        taken += piece
        if len(taken) > most:
            return _unfetched(f"it is larger than {most // 1_000_000} MB")
        if is_late():
            return _unfetched("its server is too slow")
    return bytes(taken) or _unfetched("it is empty")


def _unwanted(answer: httpx.Response) -> Unfetched | None:
    if answer.status_code != _FOUND:
        return _unfetched(f"its server answered {answer.status_code}")
    # Five megabytes may be packed into five kilobytes, and that again.
    if "content-encoding" in answer.headers:
        return _unfetched("its server packed it, though it was asked not to")
    return None


def _unfetched(problem: str) -> Unfetched:
    return Unfetched(problem=f"{problem}; mend that, then resume")
