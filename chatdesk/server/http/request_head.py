"""Splits received bytes into request heads, with stricter limits than h11's."""

import re
from http import HTTPStatus

from chatdesk.server.http.response import Response, text_response

HEAD_BYTES = 8 * 1024
"""The usual limit of web servers; cookies of other services on the same host come along."""
_TARGET_BYTES = 2048
"""Longer than any URL here; answered with a status of its own, so that people see what is too long."""
_END = b"\r\n\r\n"
_LONE_LINE_FEED = re.compile(rb"(?<!\r)\n")
_PROXY_PROTOCOL = (b"PROXY TCP", b"PROXY UNKNOWN", b"\r\n\r\n\0\r\nQUIT\n")
_NO_PROXY_PROTOCOL = (
    "The PROXY protocol is understood of a proxy that the host names with --trusted-proxy. Name this one by its "
    "address, or turn it off there: send-proxy in HAProxy, proxy_protocol in nginx."
)
_TLS_HANDSHAKE = b"\x16"


class BadHeadError(Exception):
    """The bytes cannot become a request. ``response`` answers why; None if the connection is just closed."""

    def __init__(self, response: Response | None) -> None:
        self.response = response
        super().__init__(response)


class RequestHeadReader:
    """Splits what a peer sends into heads. Each byte is scanned once, in however many pieces a head arrives."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._scanned = 0

    def add(self, data: bytes) -> None:
        """Add received bytes."""
        self._data += data

    def next_head(self) -> bytes | None:
        """The next whole head; None if it is not complete yet. Raises BadHeadError if it cannot become one."""
        found = self._data.find(_END, max(0, self._scanned - len(_END) + 1))
        end = len(self._data) if found < 0 else found
        self._check(end)
        if found < 0:
            self._scanned = end
            return None
        self._scanned = 0
        head = bytes(self._data[: end + len(_END)])
        del self._data[: end + len(_END)]
        return head

    def take_body(self, size: int) -> bytes | None:
        """Remove and return so many bytes, the body that follows a head; None if they are not here yet."""
        if len(self._data) < size:
            return None
        body = bytes(self._data[:size])
        del self._data[:size]
        return body

    def take_rest(self) -> bytes:
        """Remove and return the bytes after the last head."""
        rest = bytes(self._data)
        self._data.clear()
        self._scanned = 0
        return rest

    def _check(self, end: int) -> None:
        if self._data.startswith(_PROXY_PROTOCOL):
            raise BadHeadError(text_response(HTTPStatus.BAD_REQUEST, _NO_PROXY_PROTOCOL))
        if self._data.startswith(_TLS_HANDSHAKE) or _LONE_LINE_FEED.search(self._data, self._scanned, end):
            raise BadHeadError(None)
        if end > _TARGET_BYTES and self._data.find(b"\r\n", 0, _TARGET_BYTES + 2) < 0:
            raise BadHeadError(text_response(HTTPStatus.REQUEST_URI_TOO_LONG, "The address is too long."))
        if end > HEAD_BYTES:
            raise BadHeadError(text_response(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The header is too large."))
