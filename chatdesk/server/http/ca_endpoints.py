"""``/ca``: the chat's own certificate, and the page that says how each system comes to trust it."""

import ssl
from html import escape
from http import HTTPStatus
from typing import Protocol

from chatdesk.server.http.response import ANY_ORIGIN, Response, content_security_policy
from chatdesk.server.http.static_files import StaticFile

CA_PATH = "/ca"
CA_FILE = "/ca.html"
"""The page's file, with placeholders."""
_DER_PATH, _PEM_PATH, _TRUSTED_PATH = f"{CA_PATH}/chatdesk.crt", f"{CA_PATH}/chatdesk.pem", f"{CA_PATH}/trusted"
_NO_STORE = ("Cache-Control", "no-store")


class OwnKey(Protocol):
    """What the page shows of the chat's own key."""

    @property
    def authority(self) -> bytes:
        """The certificate, in DER, that people have to trust once; empty if there is none."""

    @property
    def fingerprint(self) -> str:
        """The fingerprint of its key."""

    @property
    def words(self) -> tuple[str, ...]:
        """The four words of its key."""


class CaEndpoints:
    """``page`` has placeholders to fill in; without ``key`` there is nothing to trust, and nothing is served."""

    def __init__(self, page: StaticFile | None, key: OwnKey | None, chat: str) -> None:
        self._page, self._key, self._chat = page, key, chat

    def serves(self, path: str) -> bool:
        """Whether the path is one of these."""
        if self._key is None or not self._key.authority:
            return False
        return path in (_DER_PATH, _PEM_PATH, _TRUSTED_PATH) or (path == CA_PATH and self._page is not None)

    def respond(self, path: str, host: str) -> Response:
        """The response for a path that ``serves`` accepts; ``host`` is the request's."""
        if self._key is None or self._page is None or path == _TRUSTED_PATH:
            return Response(HTTPStatus.NO_CONTENT, b"", (_NO_STORE, ANY_ORIGIN))
        if path == _DER_PATH:
            return Response(
                HTTPStatus.OK, self._key.authority, (("Content-Type", "application/x-x509-ca-cert"), _NO_STORE)
            )
        if path == _PEM_PATH:
            pem = ssl.DER_cert_to_PEM_cert(self._key.authority).encode()
            return Response(HTTPStatus.OK, pem, (("Content-Type", "application/x-pem-file"), _NO_STORE))
        return self._respond_page(self._page, self._key, host)

    def _respond_page(self, page: StaticFile, key: OwnKey, host: str) -> Response:
        values = {
            "key": key.fingerprint,
            "chat": escape(self._chat),
            "words": "".join(f"<li>{word}</li>" for word in key.words),
        }
        body = page.body
        for name, value in values.items():
            body = body.replace(f"{{{name}}}".encode(), value.encode())
        origins = () if host.startswith("[") else (f"https://{host}",)  # a policy cannot name IPv6 addresses
        headers = (("Content-Type", page.content_type), _NO_STORE, content_security_policy(origins))
        return Response(HTTPStatus.OK, body, headers)
