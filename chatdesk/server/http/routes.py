"""The paths that the server has: the page, what monitoring and other programs ask for, ``/ws`` and the test page."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Protocol

from chatdesk import __version__
from chatdesk.origin import path_of
from chatdesk.protocol import asyncapi
from chatdesk.server.http.ca_endpoints import CA_FILE, CaEndpoints
from chatdesk.server.http.reachability_endpoints import CHECK_FILE, ReachabilityEndpoints, RequestSource
from chatdesk.server.http.response import (
    ALLOW_GET_HEAD,
    JSON_TYPE,
    Response,
    content_security_policy,
    json_response,
    takes_gzip,
    text_response,
)
from chatdesk.server.http.static_files import EMOJI_PATH, StaticFile, emoji_file

WEBSOCKET_PATH = "/ws"
ASYNCAPI_PATH = "/asyncapi.json"
_JSON_PATHS = ("/about", "/health", "/ready", "/stats", ASYNCAPI_PATH)
_NOT_FOUND = "There is nothing here."
_HINT_FOR_PROXY = (
    "If a proxy leads here, the host starts the chat with --public-url and the whole address that people type."
)
_NO_SOURCE = RequestSource()
_NO_CA = CaEndpoints(None, None, "")


class JsonReports(Protocol):
    """What the server tells of itself, as JSON."""

    def about(self) -> dict[str, Any]:
        """What discovery shows."""

    def health(self) -> tuple[HTTPStatus, dict[str, Any]]:
        """That the process is alive."""

    def ready(self) -> tuple[HTTPStatus, dict[str, Any]]:
        """Whether people should be sent here."""

    def stats(self) -> dict[str, Any]:
        """Figures for people who look."""


class Routes:
    """Finds the response to a request. ``reports`` have the JSON of their endpoints, and what ``serves_later`` knows
    is answered elsewhere."""

    def __init__(
        self,
        files: Mapping[str, StaticFile],
        reports: JsonReports,
        reachability: ReachabilityEndpoints,
        public_url: str = "",
        ca: CaEndpoints = _NO_CA,
        serves_later: Callable[[str], bool] = lambda _path: False,
    ) -> None:
        self._files = {path: file for path, file in files.items() if path not in (CHECK_FILE, CA_FILE)}
        self._ca = ca
        self._reports = reports
        self._serves_later = serves_later
        self._reachability = reachability
        self._public_path = path_of(public_url)
        self.public_url = public_url
        """The chat's address behind a proxy; empty if there is none."""
        self.other_sources: Callable[[], Sequence[str]] = tuple
        """Where the page may open WebSockets besides, for its policy: at other servers of this chat."""

    def respond(
        self, method: str, target: str, if_none_match: str = "", source: RequestSource = _NO_SOURCE, encodings: str = ""
    ) -> Response:
        """The response to a request for ``target``; for HEAD the caller leaves its body out.

        ``if_none_match`` and ``encodings`` (``Accept-Encoding``) are header fields.
        """
        path, _, query = target.partition("?")
        if self._public_path and path == self._public_path:
            location = f"{path.rpartition('/')[2]}/{'?' if query else ''}{query}"
            return text_response(
                HTTPStatus.TEMPORARY_REDIRECT, "The chat is one slash further.", ("Location", location)
            )
        if not self._has(path):
            where = f"The chat is at {self.public_url}." if self.public_url else _HINT_FOR_PROXY
            return text_response(HTTPStatus.NOT_FOUND, f"{_NOT_FOUND} {where}")
        if method not in ("GET", "HEAD"):
            return text_response(HTTPStatus.METHOD_NOT_ALLOWED, "Only GET and HEAD work here.", ALLOW_GET_HEAD)
        if self._ca.serves(path):
            return self._ca.respond(path, source.host)
        if self._reachability.serves(path):
            return self._reachability.respond(path, query, source)
        if path == "/health":
            return json_response(*self._reports.health())
        if path == "/ready":
            return json_response(*self._reports.ready())
        if path == "/stats":
            return json_response(HTTPStatus.OK, self._reports.stats())
        if path == "/about":
            return json_response(HTTPStatus.OK, self._reports.about())
        if path == ASYNCAPI_PATH:
            return Response(HTTPStatus.OK, asyncapi.document(__version__), (JSON_TYPE, ("Cache-Control", "no-cache")))
        if path == WEBSOCKET_PATH:
            return text_response(
                HTTPStatus.UPGRADE_REQUIRED, "This is for WebSocket clients.", ("Upgrade", "websocket")
            )
        file = emoji_file() if path == EMOJI_PATH else self._files[path]
        return self._file(file, if_none_match, gzipped=takes_gzip(encodings))

    def strip_public_path(self, target: str) -> str:
        """The target without the path of the public URL, for proxies that leave it in.

        A proxy may also leave two slashes at the beginning, as nginx does for ``location /chat``; they become one.
        """
        if self._public_path:
            target = f"/{target.lstrip('/')}"
        prefix, path = f"{self._public_path}/", target.partition("?")[0]
        return target[len(self._public_path) :] if path.startswith(prefix) and not self._has(path) else target

    def _has(self, path: str) -> bool:
        own = path in (*_JSON_PATHS, WEBSOCKET_PATH, EMOJI_PATH) or self._serves_later(path)
        return own or path in self._files or self._reachability.serves(path) or self._ca.serves(path)

    def _file(self, file: StaticFile, if_none_match: str, *, gzipped: bool) -> Response:
        gzipped = gzipped and bool(file.gzipped)
        etag = f'{file.etag[:-1]}-gzip"' if gzipped else file.etag
        policy = (
            (content_security_policy((*self._reachability.origins(), *self.other_sources())),)
            if file.content_type.startswith("text/html")
            else ()
        )
        varying = (("Vary", "Accept-Encoding"),) if file.gzipped else ()
        headers = (("ETag", etag), ("Cache-Control", "no-cache"), *varying, *policy)
        if etag in if_none_match:
            return Response(HTTPStatus.NOT_MODIFIED, b"", headers)
        encoding = (("Content-Encoding", "gzip"),) if gzipped else ()
        body = file.gzipped if gzipped else file.body
        return Response(HTTPStatus.OK, body, (("Content-Type", file.content_type), *encoding, *headers))
