"""The connections on which mails are posted: no redirect is followed, and nothing goes too late."""

import ssl
from collections.abc import Callable
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import cast
from urllib.parse import urlsplit
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from typing_extensions import override

InTime = Callable[[], bool]
"""Tells whether a request may still be written."""


class TooLateError(OSError):
    """The last byte of the request was not written, and is not going to be."""


class Connecting:
    """Opens connections to one address; safe to share between threads."""

    def __init__(self, base_url: str) -> None:
        self._tls = ssl.create_default_context()
        is_here = urlsplit(base_url).hostname in _LOOPBACK
        self._proxies = [ProxyHandler({})] if is_here else []

    def opener(self, in_time: InTime) -> OpenerDirector:
        """Give what opens one request, each part of which is written only `in_time`.

        That is asked when there is a connection, however long names, connecting and TLS took. It
        raises URLError, as everything does that fails before the whole request was written.
        """
        doors = (_Plain(in_time), _Secure(self._tls, in_time))
        return build_opener(_NoRedirect, *doors, *self._proxies)


class _Gated(HTTPConnection):
    in_time: InTime

    @override
    def send(self, data: object) -> None:
        if self.sock is None:
            self.connect()
        if not self.in_time():
            raise TooLateError
        super().send(cast("bytes", data))


class _GatedTls(_Gated, HTTPSConnection):
    pass


class _Plain(HTTPHandler):
    def __init__(self, in_time: InTime) -> None:
        super().__init__()
        self._in_time = in_time

    @override
    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(self._made, req)

    def _made(self, host: str, /, *, timeout: float = 0, **_: object) -> HTTPConnection:
        connection = _Gated(host, timeout=timeout)
        connection.in_time = self._in_time
        return connection


class _Secure(HTTPSHandler):
    def __init__(self, tls: ssl.SSLContext, in_time: InTime) -> None:
        super().__init__(context=tls)
        self._tls = tls
        self._in_time = in_time

    @override
    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(self._made, req)

    def _made(self, host: str, /, *, timeout: float = 0, **_: object) -> HTTPConnection:
        connection = _GatedTls(host, timeout=timeout, context=self._tls)
        connection.in_time = self._in_time
        return connection


class _NoRedirect(HTTPRedirectHandler):
    """Following a redirect would turn the POST into a GET, whose answer says nothing."""

    @override
    def redirect_request(self, *_: object, **__: object) -> None:
        return None


_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
