"""Loads a page as a browser does: the page with all files that it names, and its WebSocket, with the Origin header."""

import asyncio
import base64
import hashlib
import secrets
import ssl
import zlib
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from chatdesk.doctor.content_security_policy import blocked_kinds
from chatdesk.doctor.network_probe import ProbeResponse, Tls, fetch
from chatdesk.doctor.observations import MissingFile, PageLoad, WebSocketOutcome
from chatdesk.doctor.page_files import PageFile, files_in, files_in_page, resolve_url
from chatdesk.doctor.service_identity import is_refusal
from chatdesk.origin import origin_of

_FILE_BYTES = 4 * 1024 * 1024
"""Far more than a file of the page."""
_MAX_FILES = 500
"""Far more than the page names; a hostile one may name files without end."""
_MAX_PARALLEL = 6
"""As many connections as browsers open to one host."""
_REDIRECTS = 3
"""A proxy redirects once or twice: to https, or to the slash at the end."""
_DOCUMENT = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
_ANYTHING = ("Accept", "*/*")
_ACCEPT_GZIP = ("Accept-Encoding", "gzip")
_TYPES = {"script": "javascript", "style": "text/css"}
_UNQUOTED = "%/?:@!$&'()*+,;=~[]"
_WEBSOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""The GUID by which a WebSocket server proves that it speaks the protocol (RFC 6455, 1.3)."""
_BLOCKED = "barred by a Content-Security-Policy"
_GZIP = 31
"""What zlib calls gzip's header."""


class Route(NamedTuple):
    """How a browser gets to a page: its URL, the address behind it, and the TLS context if it is encrypted."""

    url: str
    address: str
    port: int
    trust: ssl.SSLContext | None = None

    @property
    def origin(self) -> str:
        """The origin of the page, as browsers send it."""
        return str(origin_of(self.url))

    async def get(self, url: str, *fields: tuple[str, str]) -> ProbeResponse:
        """Return the response for a URL of the same host."""
        parts, host = urlsplit(url), self.origin.partition("://")[2]
        target = f"{_path(url)}{'?' if parts.query else ''}{quote(parts.query, safe=_UNQUOTED)}"
        tls = Tls(self.trust, parts.hostname or "") if self.trust else None
        return await fetch(self.address, self.port, target, host, fields=fields, tls=tls, max_bytes=_FILE_BYTES)


async def load_page(route: Route) -> PageLoad:
    """Load the page and what it names; return what came of it."""
    opened, page = await _open_page(route)
    files_named = files_in_page(_text(page), opened.url)
    why = _why_missing(page, "html") or ("" if any(file.kind == "script" for file in files_named) else "another page")
    if why:
        return PageLoad(1, (MissingFile(_path(opened.url), why, is_refusal(page)),))
    files = _Files(opened)
    _, socket = await asyncio.gather(files.fetch_all(files_named), _open_websocket(opened))
    kinds = blocked_kinds(page.fields.get("content-security-policy", ""), opened.url)
    files.missing += [MissingFile(_path(file.url), _BLOCKED) for file in files_named if file.kind in kinds]
    return PageLoad(1 + files.count, tuple(files.missing), WebSocketOutcome.BLOCKED if "websocket" in kinds else socket)


async def _open_page(route: Route) -> tuple[Route, ProbeResponse]:
    """Load the page itself, and follow the few redirects that a proxy may send."""
    for _ in range(_REDIRECTS):
        page = await route.get(route.url, _DOCUMENT, _ACCEPT_GZIP)
        location = resolve_url(route.url, page.fields.get("location", ""))
        if not 300 <= page.status < 400 or urlsplit(location)[:2] != urlsplit(route.url)[:2]:
            break
        route = route._replace(url=location)
    return route, page


async def _open_websocket(route: Route) -> WebSocketOutcome:
    """Try to open the page's WebSocket."""
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    upgrade = (("Connection", "Upgrade"), ("Upgrade", "websocket"))
    handshake = (("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", key), ("Origin", route.origin))
    answer = await route.get(urljoin(route.url, "ws"), *upgrade, *handshake)
    accept = base64.b64encode(hashlib.sha1(f"{key}{_WEBSOCKET}".encode(), usedforsecurity=False).digest()).decode()
    if answer.status == HTTPStatus.SWITCHING_PROTOCOLS and answer.fields.get("sec-websocket-accept") == accept:
        return WebSocketOutcome.OPEN
    if is_refusal(answer):
        return WebSocketOutcome.REFUSED
    busy = answer.status == HTTPStatus.SERVICE_UNAVAILABLE and "retry-after" in answer.fields
    return WebSocketOutcome.FULL if busy else WebSocketOutcome.BLOCKED


class _Files:
    """Loads the files that a page names, and those that they name in turn."""

    def __init__(self, route: Route) -> None:
        self._route_to = route
        self._semaphore = asyncio.Semaphore(_MAX_PARALLEL)
        self._requested: set[str] = set()
        self.missing: list[MissingFile] = []

    @property
    def count(self) -> int:
        """How many files have been requested."""
        return len(self._requested)

    async def fetch_all(self, level: list[PageFile]) -> None:
        """Load all of them, level by level."""
        while level := [file for file in level if file.url not in self._requested][: _MAX_FILES - self.count]:
            self._requested.update(file.url for file in level)
            imported = await asyncio.gather(*map(self._fetch, level))
            level = list({file.url: file for files in imported for file in files}.values())

    async def _fetch(self, file: PageFile) -> list[PageFile]:
        fields = (("Origin", self._route_to.origin),) if file.with_origin else ()
        async with self._semaphore:
            answer = await self._route_to.get(file.url, _ANYTHING, _ACCEPT_GZIP, *fields)
        if why := _why_missing(answer, _TYPES.get(file.kind, "")):
            self.missing.append(MissingFile(_path(file.url), why, is_refusal(answer)))
            return []
        return files_in(_text(answer), file)


def _path(url: str) -> str:
    """The path of a URL, quoted so that it can be sent and printed."""
    return quote(urlsplit(url).path, safe=_UNQUOTED) or "/"


def _why_missing(answer: ProbeResponse, kind: str) -> str:
    """Why a browser cannot use the file, in a word or two; empty if it can. Scripts and styles need their type."""
    if not answer.status:
        return "no answer in time" if isinstance(answer.error, TimeoutError) else "it breaks off"
    if answer.status != HTTPStatus.OK:
        return str(answer.status)
    content_type = answer.fields.get("content-type", "")
    if kind not in content_type.lower():
        return f"as {''.join(filter(str.isprintable, content_type))[:40] or 'nothing in particular'}"
    text = _decompressed(answer)
    if text is None:
        return "garbled"
    return "no script" if kind == _TYPES["script"] and (not text.strip() or text.lstrip().startswith(b"<")) else ""


def _text(answer: ProbeResponse) -> str:
    return (_decompressed(answer) or b"").decode(errors="replace")


def _decompressed(answer: ProbeResponse) -> bytes | None:
    """The body without its compression; None if it is damaged."""
    encoding = answer.fields.get("content-encoding", "identity").lower()
    if encoding != "gzip":
        return answer.body if encoding == "identity" else None
    decompressor = zlib.decompressobj(_GZIP)
    try:
        body = decompressor.decompress(answer.body, _FILE_BYTES)
    except zlib.error:
        return None
    return body if decompressor.eof or decompressor.unconsumed_tail else None
