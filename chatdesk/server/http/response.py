"""HTTP responses, and the header fields that all of them have."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

import msgspec

CSP_HEADER = "Content-Security-Policy"
ALLOW_GET_HEAD = ("Allow", "GET, HEAD")
JSON_TYPE = ("Content-Type", "application/json")
ANY_ORIGIN = ("Cross-Origin-Resource-Policy", "cross-origin")
"""For responses that a page from another address of this machine may read."""


def content_security_policy(connect: Sequence[str] = ()) -> tuple[str, str]:
    """The policy header of a page; ``connect`` are further origins that it may send requests to."""
    sources = " ".join(("'self'", *connect))
    return (
        CSP_HEADER,
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src {sources}; "
        "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )


_ZERO_WEIGHT = re.compile(r"q=0(\.0*)?")
_DEFAULT_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    content_security_policy(),
)


class Response(NamedTuple):
    """A response. ``headers`` are added to the default ones, or replace those of the same name."""

    status: HTTPStatus
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()

    def all_headers(self) -> list[tuple[str, str]]:
        """All header fields, with the length of the body unless the status excludes one."""
        length = () if self.status == HTTPStatus.NOT_MODIFIED else (("Content-Length", str(len(self.body))),)
        own = {name for name, _ in self.headers}
        return [*(field for field in _DEFAULT_HEADERS if field[0] not in own), *self.headers, *length]


def text_response(status: HTTPStatus, sentence: str, *headers: tuple[str, str]) -> Response:
    """A sentence for people, as plain text that is not cached."""
    common = (("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"))
    return Response(status, f"{sentence}\n".encode(), (*common, *headers))


def json_response(status: HTTPStatus, body: dict[str, Any], *headers: tuple[str, str]) -> Response:
    """JSON for programs, not cached."""
    common = (JSON_TYPE, ("Cache-Control", "no-store"))
    return Response(status, msgspec.json.encode(body), (*common, *headers))


def takes_gzip(encodings: str) -> bool:
    """Whether an ``Accept-Encoding`` accepts gzip; a weight of 0 refuses it."""
    offers = (offer.replace(" ", "").casefold().partition(";") for offer in encodings.split(","))
    return any(name == "gzip" and not _ZERO_WEIGHT.fullmatch(weight) for name, _, weight in offers)
