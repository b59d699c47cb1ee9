"""What the server answers over plain HTTP: the page, ``/about``, ``/health`` and ``/stats``."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

import msgspec

from chatdesk.server.page import StaticFile

WEBSOCKET_PATH = "/ws"

_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
)


class Response(NamedTuple):
    """An answer; ``headers`` come on top of those that every answer has."""

    status: HTTPStatus
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()

    def all_headers(self) -> list[tuple[str, str]]:
        """The header fields, with the length of the body where the answer could have one."""
        length = () if self.status == HTTPStatus.NOT_MODIFIED else (("Content-Length", str(len(self.body))),)
        return [*_ALWAYS, *self.headers, *length]


def plain(status: HTTPStatus, sentence: str, *headers: tuple[str, str]) -> Response:
    """A sentence for the person, as text."""
    common = (("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"))
    return Response(status, f"{sentence}\n".encode(), (*common, *headers))


class Site:
    """Finds the answer to a request. ``health``, ``stats`` and ``about`` make the JSON of their endpoints."""

    def __init__(
        self,
        files: Mapping[str, StaticFile],
        health: Callable[[], tuple[HTTPStatus, dict[str, Any]]],
        stats: Callable[[], dict[str, Any]],
        about: Callable[[], dict[str, Any]],
    ) -> None:
        self._files = files
        self._health = health
        self._stats = stats
        self._about = about

    def answer(self, method: str, target: str, if_none_match: str = "") -> Response:
        """The response to a request for ``target``, as for GET; who asked with HEAD leaves the body out."""
        path = target.partition("?")[0]
        if path not in self._files and path not in ("/about", "/health", "/stats", WEBSOCKET_PATH):
            return plain(HTTPStatus.NOT_FOUND, "There is nothing here.")
        if method not in ("GET", "HEAD"):
            return plain(HTTPStatus.METHOD_NOT_ALLOWED, "Only GET and HEAD work here.", ("Allow", "GET, HEAD"))
        if path == "/health":
            return _json(*self._health())
        if path == "/stats":
            return _json(HTTPStatus.OK, self._stats())
        if path == "/about":
            return _json(HTTPStatus.OK, self._about())
        if path == WEBSOCKET_PATH:
            return plain(HTTPStatus.UPGRADE_REQUIRED, "This is for WebSocket clients.", ("Upgrade", "websocket"))
        return _file(self._files[path], if_none_match)


def _file(file: StaticFile, if_none_match: str) -> Response:
    headers = (("ETag", file.etag), ("Cache-Control", "no-cache"))
    if file.etag in if_none_match:
        return Response(HTTPStatus.NOT_MODIFIED, b"", headers)
    return Response(HTTPStatus.OK, file.body, (("Content-Type", file.content_type), *headers))


def _json(status: HTTPStatus, body: dict[str, Any]) -> Response:
    headers = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))
    return Response(status, msgspec.json.encode(body), headers)
