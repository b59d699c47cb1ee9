"""A policy that comes with a page may block it in browsers."""

import pytest

from chatdesk.doctor.content_security_policy import blocked_kinds
from chatdesk.server.http.response import content_security_policy

ALL = {"script", "style", "websocket"}
PAGE = "http://chat.example.org:8000/club/"
ENCRYPTED = "https://chat.example.org/club/"


CASES: list[tuple[str, set[str]]] = [
    ("", set()),
    (content_security_policy()[1], set()),
    (content_security_policy(["http://192.168.4.20:8080"])[1], set()),
    ("frame-ancestors 'none'; img-src 'none'", set()),
    ("default-src *", set()),
    ("Default-Src 'SELF'", set()),
    ("default-src http: ws:", set()),
    ("script-src http://chat.example.org:8000; style-src *.example.org:*; connect-src ws:", set()),
    ("sandbox allow-scripts allow-same-origin", set()),
    ("default-src 'none'", ALL),
    ("default-src", ALL),
    ("default-src https:", ALL),
    ("default-src http:", {"websocket"}),
    ("default-src chat.example.org", ALL),
    ("default-src 'none'; script-src 'self'; script-src 'none'; style-src 'self'", {"websocket"}),
    ("script-src 'nonce-abc' 'sha256-abc' cdn.example", {"script"}),
    ("script-src 'self' 'strict-dynamic'", {"script"}),
    ("script-src 'self'; script-src-elem 'none'", {"script"}),
    (f"{content_security_policy()[1]}, style-src 'none'", {"style"}),
    ("connect-src 'none'", {"websocket"}),
    ("sandbox", {"script", "websocket"}),
    ("sandbox allow-scripts", {"websocket"}),
    ("upgrade-insecure-requests", ALL),
]


@pytest.mark.parametrize(("policies", "kinds"), CASES)
def test_what_a_policy_bars(policies: str, kinds: set[str]) -> None:
    assert blocked_kinds(policies, PAGE) == kinds


def test_over_tls_what_is_encrypted_is_let_in() -> None:
    for policies in ("default-src http: wss:", "upgrade-insecure-requests", "default-src chat.example.org wss:"):
        assert blocked_kinds(policies, ENCRYPTED) == set()
    assert blocked_kinds("upgrade-insecure-requests", "http://127.0.0.1:8080/") == set()
