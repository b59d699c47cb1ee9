"""Trusted certificates are found wherever the system keeps them, and a TLS server is recognized without trust."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatdesk.client import tls
from chatdesk.client.tls import speaks_tls, system_tls_context
from tests.reverse_proxy import ReverseProxy, certificate


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[ReverseProxy]:
    """A TLS server."""
    with ReverseProxy(tls=certificate(tmp_path)) as proxy:
        yield proxy


def port_of(proxy: ReverseProxy) -> int:
    return int(proxy.address.rpartition(":")[2])


def test_certificates_and_names_are_checked() -> None:
    context = system_tls_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_where_python_looks_in_vain_the_places_of_other_systems_are_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate(tmp_path)
    nowhere = ssl.DefaultVerifyPaths(None, None, "SSL_CERT_FILE", "/gone", "SSL_CERT_DIR", "/gone")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: nowhere)
    monkeypatch.setenv("SSL_CERT_FILE", "/gone")
    monkeypatch.setenv("SSL_CERT_DIR", "/gone")
    monkeypatch.setattr(tls, "_CA_BUNDLES", ("/gone", str(tmp_path / "cert.pem")))
    assert "Test authority" in str(system_tls_context().get_ca_certs())


async def test_a_tls_server_is_recognized_without_trust(proxy: ReverseProxy) -> None:
    assert await speaks_tls("127.0.0.1", port_of(proxy))


async def test_a_plain_server_is_recognized_too(unused_tcp_port: int) -> None:
    assert not await speaks_tls("127.0.0.1", unused_tcp_port)
