"""What people type becomes a URL, or a sentence that says what to type."""

import pytest

from chatdesk.client.address import is_loopback_url, parse_address


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("192.168.4.20:8080", "ws://192.168.4.20:8080/ws"),
        ("  192.168.4.20 ", "ws://192.168.4.20:8080/ws"),
        ("\ufeff192.168.4.20:8080\u200b\u202c\n", "ws://192.168.4.20:8080/ws"),
        ("robotics.local", "ws://robotics.local:8080/ws"),
        ("Robotics.Local:81/", "ws://robotics.local:81/ws"),
        ("http://192.168.4.20:8080/", "ws://192.168.4.20:8080/ws"),
        ("HTTPS://chat.example", "wss://chat.example/ws"),
        ("chatdesk://192.168.4.20:81", "ws://192.168.4.20:81/ws"),
        ("ChatDesk://robotics.local/", "ws://robotics.local:8080/ws"),
        ("ws://localhost:9/ws", "ws://localhost:9/ws"),
        ("wss://example.org/club", "wss://example.org/club/ws"),
        ("http://host:80/ws?x=1#top", "ws://host:80/ws"),
        ("::1", "ws://[::1]:8080/ws"),
        ("[fe80::1]:9000", "ws://[fe80::1]:9000/ws"),
        ("müller.local", "ws://xn--mller-kva.local:8080/ws"),
    ],
)
def test_every_form_of_an_address_is_understood(typed: str, url: str) -> None:
    assert parse_address(typed) == url


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("ftp://host", "ftp://"),
        ("file:///etc/passwd", "file://"),
        ("kit@host:8080", "no @"),
        ("host:0", "1 to 65535"),
        ("host:65536", "1 to 65535"),
        ("host:http", "1 to 65535"),
        ("two words", "no address"),
        ("192.168.4", "no address"),
        ("192.168.4.300", "no address"),
        ("http://", "no address"),
        ("http://[::1", "no address"),
        ("a..b", "no address"),
        ("x" * 64 + ".local", "no address"),
        ("-host", "no address"),
    ],
)
def test_anything_else_is_answered_with_a_sentence(typed: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as caught:
        parse_address(typed)
    assert str(caught.value).endswith("such as 192.168.4.20:8080.")


@pytest.mark.parametrize(
    ("url", "alone"),
    [
        ("http://127.0.0.1:8080/", True),
        ("http://127.9.9.9/", True),
        ("http://[::1]:8080/", True),
        ("http://localhost:8080/", True),
        ("http://192.168.4.20:8080/", False),
        ("http://[fd00::1]:8080/", False),
        ("http://127.example.org/", False),
    ],
)
def test_a_loopback_url_is_recognized(url: str, alone: bool) -> None:
    assert is_loopback_url(url) is alone
