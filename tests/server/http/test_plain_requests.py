"""Without encryption, an encrypted chat tells strangers what everybody may know, and leads all else to https."""

import pytest

from chatdesk.server.http.plain_requests import EncryptionRules
from chatdesk.server.http.request import Request
from chatdesk.server.http.response import Response

OWN, GIVEN = EncryptionRules(has_authority=True), EncryptionRules(has_authority=False)
HOST = "192.168.4.20:8080"


def asked(
    target: str,
    *,
    rules: EncryptionRules = OWN,
    method: str = "GET",
    peer: str = "192.168.4.31",
    encrypted: bool = False,
    **fields: str,
) -> Response | None:
    headers = {name.replace("_", "-"): [value] for name, value in {"host": HOST, **fields}.items()}
    return rules.refusal(Request(method, target, headers), peer, "192.168.4.20", encrypted=encrypted)


def location(response: Response | None) -> str:
    assert response
    return dict(response.headers)["Location"]


@pytest.mark.parametrize(
    "target",
    [
        "/health",
        "/ready",
        "/about",
        "/stats",
        "/metrics",
        "/check",
        "/reach/00?at=1",
        "/ca",
        "/ca/chatdesk.crt",
        "/tokens.css",
    ],
)
def test_what_everybody_may_know_is_served(target: str) -> None:
    assert asked(target) is None


def test_the_page_leads_to_the_certificate_or_where_browsers_trust_it_anyway_to_https() -> None:
    assert location(asked("/")) == "/ca?go"
    assert location(asked("/", rules=GIVEN)) == f"https://{HOST}/"
    assert location(asked("/page.js?v=1")) == f"https://{HOST}/page.js?v=1"


@pytest.mark.parametrize("target", ["/ws", "/chat"])
def test_a_websocket_is_sent_to_https_before_it_says_anything(target: str) -> None:
    response = asked(target, upgrade="websocket", sec_websocket_key="x")
    assert response
    assert response.status == 308
    assert location(response) == f"https://{HOST}{target}"


def test_the_secret_of_a_hook_is_not_taken_in_the_open() -> None:
    response = asked("/hooks/secret", method="POST")
    assert response
    assert response.status == 403


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.3.0.1", "::1", "192.168.4.20"])
def test_on_this_machine_nobody_is_in_between(peer: str) -> None:
    assert asked("/ws", peer=peer, **{"upgrade": "websocket"}) is None
    assert asked("/", peer=peer) is None


def test_over_tls_all_is_served_but_not_to_a_page_that_came_without() -> None:
    assert asked("/", encrypted=True) is None
    assert asked("/ws", encrypted=True, origin=f"https://{HOST}", upgrade="websocket") is None
    response = asked("/ws", encrypted=True, origin=f"http://{HOST}", upgrade="websocket")
    assert response
    assert response.status == 403
