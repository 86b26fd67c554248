"""How settings are written, and what is meant by them."""

from ipaddress import ip_network

_DRIVER = "postgresql+psycopg"
_DRIVER_BY_SCHEME = {"postgres": _DRIVER, "postgresql": _DRIVER, _DRIVER: _DRIVER}


def with_driver(url: str) -> str:
    """Give a database's address with our driver; raises ValueError if it is none."""
    scheme, found, rest = url.partition("://")
    if not found or scheme not in _DRIVER_BY_SCHEME:
        raise ValueError("must look like postgresql://user:password@host/name")
    return f"{_DRIVER_BY_SCHEME[scheme]}://{rest}"


def listed(written: object) -> object:
    """Give what is written with commas as a list."""
    if not isinstance(written, str):
        return written
    return tuple(part.strip() for part in written.split(",") if part.strip())


def known_networks(written: tuple[str, ...]) -> tuple[str, ...]:
    """Give networks as they are written; raises ValueError if one is none."""
    for one in written:
        try:
            ip_network(one)
        except ValueError:
            raise ValueError("must be networks such as 10.0.0.0/8, by commas") from None
    return written


def web_address(url: str | None) -> str | None:
    """Give an address without a slash at its end; raises ValueError if it is none."""
    if url is not None and not url.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return None if url is None else url.rstrip("/")
