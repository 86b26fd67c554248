"""Whether a request has an API key that is good."""

import hmac

from fastapi import Request

from devstack.emulator.emulator import Emulator

_SCHEME = "Bearer "


def is_authorized(emulator: Emulator, request: Request) -> bool:
    """Tell whether the key of a request is the account's."""
    given = request.headers.get("authorization", "")
    key = given.removeprefix(_SCHEME)
    if not given.startswith(_SCHEME) or not key:
        return False
    wanted = emulator.config.api_key
    return wanted is None or hmac.compare_digest(key.encode(), wanted.get_secret_value().encode())
