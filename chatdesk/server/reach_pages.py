"""The test page, which calls this machine's addresses, and where these calls and the question for them come in."""

from collections.abc import Callable
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qs

from chatdesk.server.page import StaticFile
from chatdesk.server.reach import Reach
from chatdesk.server.response import ANYBODY, Response, json, plain, policy

CHECK = "/check"
CHECK_FILE = "/check.html"
"""The test page as it is kept, with its gaps."""
REACH = "/reach"
_CALL = "/reach/"
_BEARER = "Bearer "


class Visit(NamedTuple):
    """How a request has come: by which address of this machine, from whom, and with what proof."""

    local_address: str = ""
    address: str = ""
    authorization: str = ""


class ReachPages:
    """``page`` is the test page, with gaps for what it needs to know; ``may_ask`` tells by a token who hosts."""

    def __init__(
        self, page: StaticFile | None, reach: Reach, port: Callable[[], int], may_ask: Callable[[str], bool]
    ) -> None:
        self._page = page
        self._reach = reach
        self._port = port
        self._may_ask = may_ask

    def has(self, path: str) -> bool:
        """Whether this is asked for here."""
        return (path == CHECK and self._page is not None) or path == REACH or path.startswith(_CALL)

    def answer(self, path: str, query: str, visit: Visit) -> Response:
        """The response to a request for a path that is here."""
        if path == CHECK and self._page:
            return self._check(self._page, visit)
        if path == REACH:
            return self._report(visit.authorization)
        return self._call(path.removeprefix(_CALL), query, visit.local_address)

    def origins(self) -> list[str]:
        """This machine's addresses, as a page calls them: IPv6 ones cannot be named in a page's policy."""
        return [f"http://{address}:{self._port()}" for address in self._reach.addresses if ":" not in address]

    def _check(self, page: StaticFile, visit: Visit) -> Response:
        body = page.body.replace(b"{nonce}", self._reach.open(visit.address).encode())
        body = body.replace(b"{origins}", " ".join(self.origins()).encode())
        body = body.replace(b"{own}", b"yes" if self._reach.is_own(visit.address) else b"")
        headers = (("Content-Type", page.content_type), ("Cache-Control", "no-store"), policy(self.origins()))
        return Response(HTTPStatus.OK, body, headers)

    def _report(self, authorization: str) -> Response:
        """Have people called, and say who has come in; for who hosts alone."""
        if not authorization.startswith(_BEARER) or not self._may_ask(authorization.removeprefix(_BEARER)):
            return plain(HTTPStatus.FORBIDDEN, "Only the host may ask this.")
        self._reach.ask()
        return json(HTTPStatus.OK, self._reach.report())

    def _call(self, nonce: str, query: str, local_address: str) -> Response:
        """A call: also the page learns by one which others have come in."""
        call = self._reach.came_in(nonce, local_address, parse_qs(query).get("at", [""])[0])
        if call is None:
            return plain(HTTPStatus.NOT_FOUND, "Nobody was asked to call with this.", ANYBODY)
        return json(HTTPStatus.OK, {"reached": sorted(call.reached), "skew": call.skew}, ANYBODY)
