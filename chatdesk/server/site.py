"""What the server answers over plain HTTP: the page, ``/about``, ``/health`` and ``/stats``, and the test page."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from chatdesk.server.page import StaticFile
from chatdesk.server.reach_pages import CHECK_FILE, ReachPages, Visit
from chatdesk.server.response import Response, json, plain, policy

WEBSOCKET_PATH = "/ws"
_NOWHERE = Visit()


class Site:
    """Finds the answer to a request. ``health``, ``stats`` and ``about`` make the JSON of their endpoints."""

    def __init__(
        self,
        files: Mapping[str, StaticFile],
        health: Callable[[], tuple[HTTPStatus, dict[str, Any]]],
        stats: Callable[[], dict[str, Any]],
        about: Callable[[], dict[str, Any]],
        reach: ReachPages,
    ) -> None:
        self._files = {path: file for path, file in files.items() if path != CHECK_FILE}
        self._health = health
        self._stats = stats
        self._about = about
        self._reach = reach

    def answer(self, method: str, target: str, if_none_match: str = "", visit: Visit = _NOWHERE) -> Response:
        """The response to a request for ``target``, as for GET; who asked with HEAD leaves the body out."""
        path, _, query = target.partition("?")
        known = path in self._files or path in ("/about", "/health", "/stats", WEBSOCKET_PATH)
        if not known and not self._reach.has(path):
            return plain(HTTPStatus.NOT_FOUND, "There is nothing here.")
        if method not in ("GET", "HEAD"):
            return plain(HTTPStatus.METHOD_NOT_ALLOWED, "Only GET and HEAD work here.", ("Allow", "GET, HEAD"))
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
        return self._file(self._files[path], if_none_match)

    def _file(self, file: StaticFile, if_none_match: str) -> Response:
        calling = (policy(self._reach.origins()),) if file.content_type.startswith("text/html") else ()
        headers = (("ETag", file.etag), ("Cache-Control", "no-cache"), *calling)
        if file.etag in if_none_match:
            return Response(HTTPStatus.NOT_MODIFIED, b"", headers)
        return Response(HTTPStatus.OK, file.body, (("Content-Type", file.content_type), *headers))
