"""``/ca`` hands out the chat's own certificate in the types that systems expect, and fills in its page."""

import ssl

import pytest

from chatdesk.certificates.own import OwnCertificates
from chatdesk.server.http.ca_endpoints import CA_FILE, CaEndpoints
from chatdesk.server.http.response import Response
from chatdesk.server.http.static_files import page_files

HOST = "192.168.4.20:8080"
PAGE = page_files()[CA_FILE]


@pytest.fixture
def key() -> OwnCertificates:
    return OwnCertificates(None, "Robotics", "3f6b", lambda: ["127.0.0.1"])


def fields(response: Response) -> dict[str, str]:
    return dict(response.all_headers())


def test_the_certificate_comes_in_both_forms(key: OwnCertificates) -> None:
    ca = CaEndpoints(PAGE, key, "Robotics")
    der, pem = (ca.respond(f"/ca/chatdesk.{ending}", HOST) for ending in ("crt", "pem"))
    assert (der.body, fields(der)["Content-Type"]) == (key.authority, "application/x-x509-ca-cert")
    assert ssl.PEM_cert_to_DER_cert(pem.body.decode()) == key.authority
    assert b"PRIVATE KEY" not in pem.body + der.body
    assert fields(ca.respond("/ca/trusted", HOST))["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_page_has_the_words_and_may_ask_https_of_the_same_host_alone(key: OwnCertificates) -> None:
    response = CaEndpoints(PAGE, key, "<b>Chat & co").respond("/ca", HOST)
    page = response.body.decode()
    assert all(f"<li>{word}</li>" in page for word in key.words)
    assert f'data-key="{key.fingerprint}"' in page
    assert "&lt;b&gt;Chat &amp; co" in page
    assert "{" not in page
    assert f"connect-src 'self' https://{HOST};" in fields(response)["Content-Security-Policy"]
    assert "https" not in fields(CaEndpoints(PAGE, key, "").respond("/ca", "[::1]:8080"))["Content-Security-Policy"]


def test_where_there_is_nothing_to_trust_nothing_is_served() -> None:
    assert not CaEndpoints(PAGE, None, "Robotics").serves("/ca")
    assert CA_FILE == "/ca.html"
