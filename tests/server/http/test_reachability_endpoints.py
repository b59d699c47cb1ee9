"""The test page, its calls and the report, over HTTP."""

import json
import re
from http import HTTPStatus

import pytest

from chatdesk.server.http.reachability_endpoints import ReachabilityEndpoints, RequestSource
from chatdesk.server.http.response import Response
from chatdesk.server.http.static_files import StaticFile
from chatdesk.server.reachability import ReachabilityProbe
from tests.server.chat import chat

PAGE = StaticFile(
    "text/html; charset=utf-8", b'<body data-nonce="{nonce}" data-origins="{origins}" data-own="{own}">', '"tag"'
)
OWN = ["192.168.4.20", "10.8.0.2", "fd77::2"]
TOKEN = "host's"  # noqa: S105 - a stand-in for one
PHONE = RequestSource("192.168.4.20", "192.168.4.30")


def make_endpoints(page: StaticFile | None = PAGE) -> ReachabilityEndpoints:
    return ReachabilityEndpoints(
        page, ReachabilityProbe(lambda: OWN, tuple), lambda: 8080, lambda token: token == TOKEN
    )


def nonce_in(response: Response) -> str:
    found = re.search(rb'data-nonce="([0-9a-f]{32})"', response.body)
    assert found
    return found[1].decode()


def fields(response: Response) -> dict[str, str]:
    headers = response.all_headers()
    assert len({name for name, _ in headers}) == len(headers)
    return dict(headers)


def test_the_test_page_may_call_exactly_the_addresses_that_it_names() -> None:
    response = make_endpoints().respond("/check", "", PHONE)
    assert b'data-origins="http://192.168.4.20:8080 http://10.8.0.2:8080"' in response.body
    policy = fields(response)["Content-Security-Policy"]
    assert "connect-src 'self' http://192.168.4.20:8080 http://10.8.0.2:8080;" in policy
    assert "default-src 'none'" in policy
    assert fields(response)["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("address", "own"), [("192.168.4.30", b""), ("192.168.4.20", b"yes"), ("127.0.0.1", b"yes")])
def test_the_test_page_knows_when_it_is_open_on_the_hosts_own_computer(address: str, own: bytes) -> None:
    assert b'data-own="' + own + b'"' in make_endpoints().respond("/check", "", PHONE._replace(address=address)).body


def test_each_visit_has_a_secret_of_its_own() -> None:
    endpoints = make_endpoints()
    first, second = (endpoints.respond("/check", "", PHONE._replace(address=f"192.168.4.{n}")) for n in (30, 31))
    assert nonce_in(first) != nonce_in(second)


def test_a_call_is_answered_with_all_that_have_come_in() -> None:
    endpoints = make_endpoints()
    nonce = nonce_in(endpoints.respond("/check", "", PHONE))
    endpoints.respond(f"/reach/{nonce}", "at=1", PHONE._replace(local_address="10.8.0.2"))
    response = endpoints.respond(f"/reach/{nonce}", "at=1", PHONE)
    assert response.status == HTTPStatus.OK
    assert json.loads(response.body)["reached"] == ["10.8.0.2", "192.168.4.20"]
    assert fields(response)["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("nonce", ["", "0" * 32, "../check", "%00"])
def test_a_secret_of_nobody_finds_nothing(nonce: str) -> None:
    assert make_endpoints().respond(f"/reach/{nonce}", "", PHONE).status == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("proof", ["", "Bearer ", "Bearer guess", f"Basic {TOKEN}", TOKEN])
def test_only_the_host_learns_who_has_called(proof: str) -> None:
    response = make_endpoints().respond("/reach", "", PHONE._replace(authorization=proof))
    assert response.status == HTTPStatus.FORBIDDEN
    assert b"192.168" not in response.body


def test_the_host_learns_who_has_called() -> None:
    endpoints = make_endpoints()
    nonce = nonce_in(endpoints.respond("/check", "", PHONE))
    endpoints.respond(f"/reach/{nonce}", "", PHONE)
    response = endpoints.respond("/reach", "", RequestSource("127.0.0.1", "127.0.0.1", f"Bearer {TOKEN}"))
    (caller,) = json.loads(response.body)["callers"]
    assert (caller["name"], caller["address"], caller["reached"]) == ("Test page", "192.168.4.30", ["192.168.4.20"])


def test_without_the_file_there_is_no_test_page() -> None:
    assert not make_endpoints(None).serves("/check")
    assert make_endpoints(None).serves("/reach")


@pytest.mark.parametrize("path", ["/check/", "/check.html", "/reachable", "/Reach", "/"])
def test_what_is_not_its_own_it_leaves_to_others(path: str) -> None:
    assert not make_endpoints().serves(path)


async def test_over_a_socket_the_host_is_known_by_the_token_and_nobody_else_is() -> None:
    async with chat() as c:
        token = c.server.host_token
        doctor = c.server.hub.identities.doctor_token()
        guest = c.server.hub.identities.token("guest")
        asked = [
            (await c.ask(c.head("GET", "/reach", *proofs))).status
            for proofs in (
                (f"Authorization: Bearer {token}",),
                (f"Authorization: Bearer {doctor}",),
                (f"Authorization: Bearer {guest}",),
                ("Authorization: Bearer new.0123456789abcdef0123456789abcdef",),
                (f"Authorization: Bearer {token}", f"Authorization: Bearer {guest}"),
                (),
            )
        ]
    assert asked == [200, 200, 403, 403, 403, 403]


@pytest.mark.parametrize("target", ["/check", "/reach", "/reach/0123"])
async def test_a_page_of_somebody_elses_gets_nothing(target: str) -> None:
    async with chat() as c:
        token = f"Authorization: Bearer {c.server.host_token}"
        assert (await c.ask(c.head("GET", target, token, host="evil.example"))).status == 403
        assert (await c.ask(c.head("GET", target, token, "Origin: http://evil.example"))).status == 403


async def test_the_doctors_token_makes_nobody_the_host() -> None:
    """It is given to whatever answers at a port of this machine."""
    async with chat() as c:
        kit = await c.connect()
        kit.send("join", nickname="Kit", token=c.server.hub.identities.doctor_token())
        assert (await kit.next("error"))["code"] == "forbidden"
        assert c.server.hub.host_nickname == ""
        await c.join("Mara", token=c.server.host_token)
        assert c.server.hub.host_nickname == "Mara"
