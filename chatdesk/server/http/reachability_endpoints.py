"""The endpoints of the reachability probe: the test page, its calls, and the report for the host."""

from collections.abc import Callable
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qs

from chatdesk.server.http.response import ANY_ORIGIN, Response, content_security_policy, json_response, text_response
from chatdesk.server.http.static_files import StaticFile
from chatdesk.server.reachability import ReachabilityProbe

CHECK_PATH = "/check"
CHECK_FILE = "/check.html"
"""The test page's file, with placeholders."""
REACH_PATH = "/reach"
_PROBE_PREFIX = "/reach/"
_BEARER = "Bearer "


class RequestSource(NamedTuple):
    """Where a request came from: the address of this machine, the peer's, its ``Authorization`` and ``Host``."""

    local_address: str = ""
    address: str = ""
    authorization: str = ""
    host: str = ""


class ReachabilityEndpoints:
    """``page`` is the test page, with placeholders to fill in; ``may_read_report`` recognises the host's token."""

    def __init__(
        self,
        page: StaticFile | None,
        reachability: ReachabilityProbe,
        port: Callable[[], int],
        may_read_report: Callable[[str], bool],
    ) -> None:
        self._page = page
        self._reachability = reachability
        self._port = port
        self._may_read_report = may_read_report

    def serves(self, path: str) -> bool:
        """Whether the path is one of these endpoints."""
        return (path == CHECK_PATH and self._page is not None) or path == REACH_PATH or path.startswith(_PROBE_PREFIX)

    def respond(self, path: str, query: str, source: RequestSource) -> Response:
        """The response for a path that ``serves`` accepts."""
        if path == CHECK_PATH and self._page:
            return self._check(self._page, source)
        if path == REACH_PATH:
            return self._report(source.authorization)
        return self._probe(path.removeprefix(_PROBE_PREFIX), query, source.local_address)

    def origins(self) -> list[str]:
        """URLs of this machine's addresses for the page's policy, which cannot name IPv6 addresses."""
        return [f"http://{address}:{self._port()}" for address in self._reachability.addresses if ":" not in address]

    def _check(self, page: StaticFile, source: RequestSource) -> Response:
        body = page.body.replace(b"{nonce}", self._reachability.open_test_page(source.address).encode())
        body = body.replace(b"{origins}", " ".join(self.origins()).encode())
        body = body.replace(b"{own}", b"yes" if self._reachability.is_own_machine(source.address) else b"")
        headers = (
            ("Content-Type", page.content_type),
            ("Cache-Control", "no-store"),
            content_security_policy(self.origins()),
        )
        return Response(HTTPStatus.OK, body, headers)

    def _report(self, authorization: str) -> Response:
        """Ask clients to call, and report the calls so far. Only for the host."""
        if not authorization.startswith(_BEARER) or not self._may_read_report(authorization.removeprefix(_BEARER)):
            return text_response(HTTPStatus.FORBIDDEN, "Only the host may ask this.")
        self._reachability.ask_clients()
        return json_response(HTTPStatus.OK, self._reachability.report())

    def _probe(self, nonce: str, query: str, local_address: str) -> Response:
        """Record a call. The answer tells which addresses the caller has reached so far."""
        caller = self._reachability.record_call(nonce, local_address, parse_qs(query).get("at", [""])[0])
        if caller is None:
            return text_response(HTTPStatus.NOT_FOUND, "Nobody was asked to call with this.", ANY_ORIGIN)
        return json_response(HTTPStatus.OK, {"reached": sorted(caller.reached), "skew": caller.skew}, ANY_ORIGIN)
