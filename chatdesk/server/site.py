"""What the server answers over plain HTTP: the page, ``/about``, ``/health`` and ``/stats``, and the test page."""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from chatdesk.origin import path_of
from chatdesk.server.page import StaticFile
from chatdesk.server.reach_pages import CHECK_FILE, ReachPages, Visit
from chatdesk.server.response import ALLOW, Response, json, plain, policy

WEBSOCKET_PATH = "/ws"
_DATA = ("/about", "/health", "/stats")
_NOTHING = "There is nothing here."
_BY_PROXY = (
    "If a proxy leads here, whoever runs the chat starts it with --public-url and the whole address that people type."
)
_NOWHERE = Visit()
_NEVER = re.compile(r"q=0(\.0*)?")


class Site:
    """Finds the answer to a request. ``health``, ``stats`` and ``about`` make the JSON of their endpoints."""

    def __init__(
        self,
        files: Mapping[str, StaticFile],
        health: Callable[[], tuple[HTTPStatus, dict[str, Any]]],
        stats: Callable[[], dict[str, Any]],
        about: Callable[[], dict[str, Any]],
        reach: ReachPages,
        public_url: str = "",
    ) -> None:
        self._files = {path: file for path, file in files.items() if path != CHECK_FILE}
        self._health = health
        self._stats = stats
        self._about = about
        self._reach = reach
        self._prefix = path_of(public_url)
        self.public_url = public_url
        """What people are given where a proxy stands before the chat; empty for none."""

    def answer(
        self, method: str, target: str, if_none_match: str = "", visit: Visit = _NOWHERE, encodings: str = ""
    ) -> Response:
        """The response to a request for ``target``, as for GET; who asked with HEAD leaves the body out.

        ``if_none_match`` and ``encodings`` (``Accept-Encoding``) are header fields.
        """
        path, _, query = target.partition("?")
        if self._prefix and path == self._prefix:
            there = f"{path.rpartition('/')[2]}/{'?' if query else ''}{query}"
            return plain(HTTPStatus.TEMPORARY_REDIRECT, "The chat is one slash further.", ("Location", there))
        if not self._has(path):
            where = f"The chat is at {self.public_url}." if self.public_url else _BY_PROXY
            return plain(HTTPStatus.NOT_FOUND, f"{_NOTHING} {where}")
        if method not in ("GET", "HEAD"):
            return plain(HTTPStatus.METHOD_NOT_ALLOWED, "Only GET and HEAD work here.", ALLOW)
        if self._reach.has(path):
            return self._reach.answer(path, query, visit)
        if path == "/health":
            return json(*self._health())
        if path == "/stats":
            return json(HTTPStatus.OK, self._stats())
        if path == "/about":
            return json(HTTPStatus.OK, self._about())
        if path == WEBSOCKET_PATH:
            return plain(HTTPStatus.UPGRADE_REQUIRED, "This is for WebSocket clients.", ("Upgrade", "websocket"))
        return self._file(self._files[path], if_none_match, packed=_takes_gzip(encodings))

    def inside(self, target: str) -> str:
        """A target as it is here, where a proxy passes on the path under which the chat is known outside.

        Where it takes off less than the slash that it puts in its place, as nginx does for ``location /chat``, a target
        begins with two of them.
        """
        if self._prefix:
            target = f"/{target.lstrip('/')}"
        prefix, path = f"{self._prefix}/", target.partition("?")[0]
        return target[len(self._prefix) :] if path.startswith(prefix) and not self._has(path) else target

    def _has(self, path: str) -> bool:
        return path in self._files or path in _DATA or path == WEBSOCKET_PATH or self._reach.has(path)

    def _file(self, file: StaticFile, if_none_match: str, *, packed: bool) -> Response:
        packed = packed and bool(file.packed)
        etag = f'{file.etag[:-1]}-gzip"' if packed else file.etag
        calling = (policy(self._reach.origins()),) if file.content_type.startswith("text/html") else ()
        varying = (("Vary", "Accept-Encoding"),) if file.packed else ()
        headers = (("ETag", etag), ("Cache-Control", "no-cache"), *varying, *calling)
        if etag in if_none_match:
            return Response(HTTPStatus.NOT_MODIFIED, b"", headers)
        encoding = (("Content-Encoding", "gzip"),) if packed else ()
        body = file.packed if packed else file.body
        return Response(HTTPStatus.OK, body, (("Content-Type", file.content_type), *encoding, *headers))


def _takes_gzip(encodings: str) -> bool:
    """Whether an ``Accept-Encoding`` names gzip, and not only to say that it is not wanted."""
    offers = (offer.replace(" ", "").casefold().partition(";") for offer in encodings.split(","))
    return any(name == "gzip" and not _NEVER.fullmatch(weight) for name, _, weight in offers)
