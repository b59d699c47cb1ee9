"""Origins and names in canonical spelling; ``--public-url`` and ``--allow-host``, parsed or refused."""

import pytest

from chatdesk.config import ConfigError, ServerConfig
from chatdesk.origin import Authority, Origin, origin_of, parse_authority, parse_origin, path_of


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        ("localhost", Authority("localhost", None)),
        ("LOCALHOST.:8080", Authority("localhost", 8080)),
        ("localhost:", Authority("localhost", None)),
        ("[FE80:0::1%eth0]:80", Authority("fe80::1", 80)),
        ("[::ffff:10.0.0.1]", Authority("10.0.0.1", None)),
        ("my_app-1:1", Authority("my_app-1", 1)),
    ],
)
def test_a_host_is_read_in_one_spelling(text: str, authority: Authority) -> None:
    assert parse_authority(text) == authority


@pytest.mark.parametrize(
    "text",
    ["", "a b", "a\tb", "a@b", "a/b", "a?b", "a#b", "a:b", "a:1:2", "a:65536", "a:-1", "[::1", "::1", "é", "a%20"],
)
def test_what_is_no_host_is_none(text: str) -> None:
    assert parse_authority(text) is None


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("http://a", Origin("http", "a", 80)),
        ("HTTPS://A.", Origin("https", "a", 443)),
        ("https://[::1]:8443", Origin("https", "::1", 8443)),
        *(
            (text, None)
            for text in ("", "null", "file://", "a", "ws://a", "http://a/", "http://a:", "http://a http://b")
        ),
    ],
)
def test_an_origin_is_read_or_is_none(text: str, origin: Origin | None) -> None:
    assert parse_origin(text) == origin


@pytest.mark.parametrize(
    ("typed", "url", "origin", "path"),
    [
        ("https://Chat.Example.org", "https://chat.example.org", "https://chat.example.org", ""),
        (" https://chat.example.org:443/ ", "https://chat.example.org", "https://chat.example.org", ""),
        ("http://10.0.0.1:8000/a/b/", "http://10.0.0.1:8000/a/b/", "http://10.0.0.1:8000", "/a/b"),
        ("https://chat.dev", "https://chat.dev", "https://chat.dev", ""),
        ("https://a/club/check", "https://a/club/check/", "https://a", "/club/check"),
        ("http://[FD00::1]/chat", "http://[fd00::1]/chat/", "http://[fd00::1]", "/chat"),
        ("https://chät.example/", "https://xn--cht-rla.example", "https://xn--cht-rla.example", ""),
        ("https://chat.example.org./~mara", "https://chat.example.org/~mara/", "https://chat.example.org", "/~mara"),
    ],
)
def test_a_public_address_is_kept_as_browsers_write_it(typed: str, url: str, origin: str, path: str) -> None:
    assert ServerConfig(public_url=typed).public_url == url
    assert (str(origin_of(url)), path_of(url)) == (origin, path)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("chat.example.org", "begins with http:// or https://, such as https://chat.example.org"),
        ("chat.example.org:8000", "begins with http:// or https://"),
        ("wss://chat.example.org", "begins with http:// or https://"),
        (" ", "begins with http:// or https://"),
        ("https://", "names no host"),
        ("https://*.example.org", "names no host"),
        ("http://0.0.0.0:8080", "names no host"),
        ("http://[::]", "names no host"),
        ("http://10.0.0", "names no host"),
        ("http://a b", "names no host"),
        ("http://a:70000", "names no host"),
        ("http://a:0", "The port of the public address, --public-url, is from 1 to 65535"),
        ("https://a:6000", "at port 6000, which no browser opens"),
        ("http://mara:pw@a", "has no ?, #, @"),
        ("http://a/?room=1", "has no ?, #, @"),
        ("http://a/#lobby", "has no ?, #, @"),
        ("http://a/../b", "a path that no browser leaves as it is"),
        ("http://a/b//c", "a path that no browser leaves as it is"),
        ("http://a/%2E%2e/b", "a path that no browser leaves as it is"),
        ("http://a/bé", "a path that no browser leaves as it is"),
        ("http://a/chat/ws", "leave /ws at its end out"),
        ("http://[FE80::1%25eth0]:8080", "names no host that others can go to"),
        ("https://a/check", "at /check, which is a part of the chat itself: take another path"),
        *((f"https://a/{own}/", "take another path") for own in ("about", "health", "stats", "reach")),
        ("https://a/reach/b/", "at /reach/b, which is a part of the chat itself"),
        ("http://chat.DEV./club", "of a name that browsers open over https:// alone"),
        ("http://straße.example", "write it in Latin letters"),
    ],
)
def test_a_public_address_that_cannot_be_says_what_to_set(typed: str, reason: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ServerConfig(public_url=typed)
    assert reason in str(caught.value)
    assert caught.value.settings == ("public_url",)


def test_allowed_names_are_kept_in_one_spelling() -> None:
    names = ("Chat.Example.org.", "chat.example.org:8000", "my_app", "fd00::1", "[FD00::2]:80", "chät.example")
    kept = ("chat.example.org", "chat.example.org:8000", "my_app", "[fd00::1]", "[fd00::2]:80", "xn--cht-rla.example")
    assert ServerConfig(allow_host=names).allow_host == kept


@pytest.mark.parametrize(
    "name", ["", "*", "*.example.org", "http://a", "a/b", "a:0", "a:70000", "a b", "0.0.0.0", "10.1"]
)
def test_a_name_that_cannot_be_says_what_to_set(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ServerConfig(allow_host=("chat.example.org", name))
    assert "--allow-host is a name, such as chat.example.org" in str(caught.value)
    assert caught.value.settings == ("allow_host",)
