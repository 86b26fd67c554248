"""Whom an address of others' writing may lead to: the public internet, and what an operator names.

A name is looked up once, what it means is judged, and that very address is connected to: so a
name that means another address a moment later leads nowhere else. TLS is still the name's own.
"""

import asyncio
import socket
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.request import proxy_bypass

import httpx
from typing_extensions import override

Address = IPv4Address | IPv6Address
Networks = tuple[IPv4Network | IPv6Network, ...]

FORBIDDEN = "its address lies in a private network, which POSTROAD_PRIVATE_NETWORKS does not name"

_NAT64 = IPv6Network("64:ff9b::/96")
_PORT_BY_SCHEME = {"http": 80, "https": 443}
# Several names may lie at one address, and a connection proves one of them.
_ONE_EACH = httpx.Limits(max_keepalive_connections=0)
_Found = Iterable[tuple[object, object, object, object, tuple[object, ...]]]


class ForbiddenAddressError(httpx.TransportError):
    """The address leads where nobody but an operator may look."""


def networks(written: Sequence[str]) -> Networks:
    """Read networks such as 10.0.0.0/8; raises ValueError if one is none."""
    return tuple(ip_network(one) for one in written)


def may_be_reached(address: Address, private: Networks) -> bool:
    """Tell whether an address is a public one, or in one of the private networks that are named."""
    meant = _meant(address)
    if any(meant in network for network in private):
        return True
    return meant.is_global and not (meant.is_multicast or meant.is_reserved)


class Reaching(httpx.BaseTransport):
    """Requests to where they may go; ForbiddenAddressError for all others."""

    def __init__(self, private: Networks) -> None:
        self._private = private
        self._inner = httpx.HTTPTransport(limits=_ONE_EACH, trust_env=False)

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host, port = _asked(request)
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise httpx.ConnectError("its name is not known", request=request) from None
        *others, last = _allowed(found, self._private)
        for address in others:
            try:
                return self._inner.handle_request(_aimed(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return self._inner.handle_request(_aimed(request, last))

    @override
    def close(self) -> None:
        self._inner.close()


class AsyncReaching(httpx.AsyncBaseTransport):
    """The same, for asyncio.

    Where a `proxy` stands in between, it looks names up, and it decides; what is written as an
    address is judged here.
    """

    def __init__(self, private: Networks, proxy: httpx.AsyncBaseTransport | None = None) -> None:
        self._private = private
        self._proxy = proxy
        self._inner = httpx.AsyncHTTPTransport(limits=_ONE_EACH, trust_env=False)

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host, port = _asked(request)
        if self._proxy is not None and not _is_around_proxies(host):
            if _is_address(host):
                _allowed(await _looked_up(host, port, request), self._private)
            return await self._proxy.handle_async_request(request)
        *others, last = _allowed(await _looked_up(host, port, request), self._private)
        for address in others:
            try:
                return await self._inner.handle_async_request(_aimed(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._inner.handle_async_request(_aimed(request, last))

    @override
    async def aclose(self) -> None:
        await self._inner.aclose()
        if self._proxy is not None:
            await self._proxy.aclose()


async def _looked_up(host: str, port: int, request: httpx.Request) -> _Found:
    loop = asyncio.get_running_loop()
    try:
        return await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise httpx.ConnectError("its name is not known", request=request) from None


def _asked(request: httpx.Request) -> tuple[str, int]:
    url = request.url
    return url.raw_host.decode("ascii"), url.port or _PORT_BY_SCHEME.get(url.scheme, 443)


def _allowed(found: _Found, private: Networks) -> list[Address]:
    addresses = list(dict.fromkeys(_addresses(found)))
    # One forbidden address among others is somebody's try, not their mistake.
    if not addresses or not all(may_be_reached(one, private) for one in addresses):
        raise ForbiddenAddressError(FORBIDDEN)
    return addresses


def _addresses(found: _Found) -> Iterator[Address]:
    yield from (ip_address(str(sockaddr[0]).partition("%")[0]) for *_, sockaddr in found)


def _aimed(request: httpx.Request, address: Address) -> httpx.Request:
    host = request.url.raw_host.decode("ascii")
    # The header Host says the name already; the certificate is to be the name's, too.
    names = {} if _is_address(host) else {"sni_hostname": host}
    return httpx.Request(
        request.method,
        request.url.copy_with(host=str(address)),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, **names},
    )


def _is_around_proxies(host: str) -> bool:
    return host == "localhost" or proxy_bypass(host) or (_is_address(host) and _is_own(host))


def _is_own(host: str) -> bool:
    return ip_address(host.strip("[]")).is_loopback


def _is_address(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _meant(address: Address) -> Address:
    """Give the IPv4 address that an IPv6 one may stand for (RFC 4291, 3056, 6052)."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address
