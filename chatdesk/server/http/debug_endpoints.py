"""``/debug/memory`` and ``/debug/profile``: what grows, and what takes the time.

They are for programs on this computer that know the secret of ``--debug-secret``.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from chatdesk.server.debug_secret import SECRET_CHARS, DebugSecretError, read_secret
from chatdesk.server.http.bearer import bearer_tokens
from chatdesk.server.http.deferred import Endpoint
from chatdesk.server.http.request import Request
from chatdesk.server.http.response import Response, text_response

MEMORY_PATH = "/debug/memory"
PROFILE_PATH = "/debug/profile"
_DEFAULT_SECONDS, _MOST_SECONDS = 10.0, 600.0
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_ELSEWHERE = "Only a program on the computer of the chat may ask this, and not through a proxy."
_SAY_IT = 'Say the secret of --debug-secret: curl -H "Authorization: Bearer $(cat FILE)" …'
_NO_FILE = f"This chat's --debug-secret names no file any more that begins with {SECRET_CHARS} characters: write one."
_BUSY = "One of these is being measured already: ask again when it is done."
_BAD_SECONDS = f"Say how long to measure, from 1 to {_MOST_SECONDS:g} seconds, as in ?seconds=30."

Measure = Callable[[float], Coroutine[Any, Any, str]]
"""Measures for so many seconds, and returns the report. Raises ImportError if a library for it is not here."""


class DebugEndpoints:
    """``memory`` and ``profile`` measure, one at a time; ``secret`` is the file whose first line opens them."""

    def __init__(self, secret: Path, memory: Measure, profile: Measure) -> None:
        self._secret = secret
        self._measures = {MEMORY_PATH: memory, PROFILE_PATH: profile}
        self._busy = False

    def endpoints(self) -> dict[str, Endpoint]:
        """Both, by their paths."""
        return dict.fromkeys(self._measures, self._respond)

    async def _respond(self, request: Request, address: str) -> Response:
        if not _is_near(request, address):
            return text_response(HTTPStatus.FORBIDDEN, _ELSEWHERE)
        try:
            secret = await asyncio.to_thread(read_secret, self._secret)
        except DebugSecretError:  # it was in order when the chat was opened
            return text_response(HTTPStatus.SERVICE_UNAVAILABLE, _NO_FILE)
        if not any(hmac.compare_digest(token.encode(), secret) for token in bearer_tokens(request)):
            return text_response(HTTPStatus.UNAUTHORIZED, _SAY_IT, ("WWW-Authenticate", "Bearer"))
        seconds = _seconds(request)
        if seconds is None:
            return text_response(HTTPStatus.BAD_REQUEST, _BAD_SECONDS)
        if self._busy:
            return text_response(HTTPStatus.CONFLICT, _BUSY)
        return await self._measure(self._measures[request.path], seconds)

    async def _measure(self, measure: Measure, seconds: float) -> Response:
        self._busy = True
        try:
            return text_response(HTTPStatus.OK, await measure(seconds))
        except ImportError as error:
            return text_response(HTTPStatus.NOT_IMPLEMENTED, _missing(error))
        finally:
            self._busy = False


def _is_near(request: Request, address: str) -> bool:
    """Whether it comes from this computer itself: a proxy that runs here passes on what comes from elsewhere."""
    near = address and ipaddress.ip_address(address).is_loopback
    return bool(near) and not any(request.values(name) for name in _FORWARDED)


def _seconds(request: Request) -> float | None:
    given = parse_qs(request.target.partition("?")[2]).get("seconds", [str(_DEFAULT_SECONDS)])
    try:
        seconds = float(given[0])
    except ValueError:
        return None
    return seconds if 0 < seconds <= _MOST_SECONDS else None


def _missing(error: ImportError) -> str:
    return (
        f"This ChatDesk comes without {error.name}, which measures this. From the source it is there: "
        "uv run --group profiling chatdesk serve."
    )
