"""Requests are accepted under the machine's own names only, and from no other page than the chat's."""

import socket

import pytest

from chatdesk.server.http.origin_check import OriginCheck, own_host_names

CHECK = OriginCheck(own_host_names(["192.168.4.20", "fe80::1%eth0"]))


def allows(check: OriginCheck, host: str, origin: str | None, local_address: str) -> bool:
    return not check.refusal(host, origin, local_address)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8080",
        "LocalHost:8080",
        "localhost.:8080",
        "127.0.0.1:8080",
        "192.168.4.20",
        "192.168.4.20:8080",
        "[fe80::1]:8080",
        "[FE80:0:0::1]",
        "[::ffff:127.0.0.1]:8080",
        socket.gethostname(),
        f"{socket.gethostname().split('.')[0]}.local:8080",
    ],
)
def test_every_own_name_and_address_is_let_in(host: str) -> None:
    assert allows(CHECK, host, None, "127.0.0.1")


def test_a_machine_that_is_called_otherwise_by_now_is_known_by_that_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network may assign a new host name."""
    check = OriginCheck(own_host_names([]))
    monkeypatch.setattr(socket, "gethostname", lambda: "Workshop-7.lan")
    assert all(allows(check, host, None, "127.0.0.1") for host in ("workshop-7.lan:8080", "workshop-7.local:8080"))


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example#localhost",
        "evil.example/localhost",
        "localhost/evil.example",
        "localhost?x",
        "user@localhost",
        "localhost@evil.example",
        "localhost:http",
        "localhost:99999",
        "localhost:-1",
        "[::1",
        "192.168.4.21",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0.0.0.0",
        "local host",
        "localhost\\evil",
        "ｌｏｃａｌｈｏｓｔ.evil",
    ],
)
def test_any_other_host_is_refused(host: str) -> None:
    """DNS rebinding: a foreign name that points at this machine."""
    assert not allows(CHECK, host, None, "127.0.0.1")


def test_the_address_on_which_a_request_arrived_is_an_own_one() -> None:
    """A network card that came later, or a translated address."""
    assert allows(CHECK, "10.0.0.7:8080", None, "10.0.0.7")
    assert allows(CHECK, "[2001:db8::7]", None, "2001:db8:0::7")
    assert allows(CHECK, "10.0.0.7", None, "::ffff:10.0.0.7")


def test_a_name_that_the_machine_got_later_is_let_in_and_no_other() -> None:
    check = OriginCheck(own_host_names([]))
    assert not allows(check, "robotics-workshop.local:8080", None, "127.0.0.1")
    check.set_announced_name("Robotics-Workshop.local.")
    assert allows(check, "robotics-workshop.local:8080", "http://robotics-workshop.local:8080", "127.0.0.1")
    assert not allows(check, "robotics.local:8080", None, "127.0.0.1")


def test_a_name_that_the_machine_gave_up_is_somebody_elses() -> None:
    """They may have had a page open under it, and point it at this machine now."""
    check = OriginCheck(own_host_names([]))
    check.set_announced_name("robotics.local")
    check.set_announced_name("robotics-2.local")
    assert not allows(check, "robotics.local:8080", "http://robotics.local:8080", "127.0.0.1")
    assert allows(check, "robotics-2.local:8080", None, "127.0.0.1")
    check.set_announced_name("")
    assert not allows(check, "robotics-2.local:8080", None, "127.0.0.1")
    assert not allows(check, "", None, "127.0.0.1")
    assert allows(check, "localhost:8080", None, "127.0.0.1")


@pytest.mark.parametrize(
    "origin", ["http://192.168.4.20:8080", "https://192.168.4.20:8080", "HTTP://192.168.4.20:8080"]
)
def test_the_own_page_is_let_in(origin: str) -> None:
    assert allows(CHECK, "192.168.4.20:8080", origin, "192.168.4.20")


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "file://",
        "http://evil.example",
        "http://192.168.4.20",
        "http://192.168.4.20:80",
        "http://192.168.4.20:8080/",
        "http://192.168.4.20:8080.evil",
        "http://evil/192.168.4.20:8080",
        "http://192.168.4.20:8080@evil.example",
        "ws://192.168.4.20:8080",
        "192.168.4.20:8080",
        "http://localhost:8080",
    ],
)
def test_a_foreign_or_look_alike_page_is_refused(origin: str) -> None:
    assert not allows(CHECK, "192.168.4.20:8080", origin, "192.168.4.20")


BEHIND = OriginCheck(
    own_host_names([]), ("chatdesk", "chat.example.org:8000", "other.example"), "https://Public.example/chat"
)
"""Behind proxies that keep ``Host``, or replace it with the name of their upstream."""


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("chatdesk", None),
        ("chatdesk:8080", "http://chatdesk"),
        ("chatdesk", "https://public.example"),
        ("127.0.0.1:8080", "https://public.example"),
        ("127.0.0.1:8080", "https://PUBLIC.example.:443"),
        ("public.example", "https://public.example"),
        ("public.example:443", "https://public.example"),
        ("127.0.0.1:8080", "http://chat.example.org:8000"),
        ("chat.example.org", "http://chat.example.org:8000"),
        ("chat.example.org:8000", "https://chat.example.org:8000"),
        ("127.0.0.1:8080", "http://other.example:1234"),
        ("OTHER.example.", "https://other.example"),
    ],
)
def test_behind_a_proxy_what_was_allowed_is_let_in(host: str, origin: str | None) -> None:
    assert allows(BEHIND, host, origin, "127.0.0.1")


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("evil.example", None),
        ("evil.example", "https://public.example"),
        ("evil.public.example", None),
        ("chatdesk.evil.example", None),
        ("127.0.0.1:8080", "http://public.example"),
        ("127.0.0.1:8080", "https://public.example:8443"),
        ("127.0.0.1:8080", "https://public.example/chat"),
        ("127.0.0.1:8080", "https://public.example.evil"),
        ("127.0.0.1:8080", "http://chat.example.org"),
        ("127.0.0.1:8080", "http://chat.example.org:8001"),
        ("127.0.0.1:8080", "http://not-other.example"),
        ("chatdesk", "null"),
        ("chatdesk", "http://evil.example"),
    ],
)
def test_behind_a_proxy_all_others_stay_out(host: str, origin: str | None) -> None:
    assert not allows(BEHIND, host, origin, "127.0.0.1")


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost", "http://localhost:80"),
        ("localhost:80", "http://localhost"),
        ("localhost:443", "https://localhost"),
        ("LOCALHOST.:8080", "http://localhost:8080"),
        ("[0::1]:8080", "http://[::1]:8080"),
    ],
)
def test_a_usual_port_may_go_unsaid_and_a_name_has_one_spelling(host: str, origin: str) -> None:
    assert allows(CHECK, host, origin, "::1")


def test_a_refusal_says_what_to_configure() -> None:
    about = CHECK.refusal("Chat.example.org:8000", None, "127.0.0.1")
    assert "--allow-host chat.example.org," in about[1]
    about = CHECK.refusal("localhost:8080", "https://chat.example.org", "127.0.0.1")
    assert "--public-url https://chat.example.org," in about[1]
    assert len(CHECK.refusal("localhost", "null", "127.0.0.1")) == len(CHECK.refusal("a@b", None, "127.0.0.1")) == 1


@pytest.mark.parametrize(
    ("host", "origin", "name"),
    [
        ("Second.example:8000", None, "second.example"),
        ("127.0.0.1:8080", "http://second.example:8000", "second.example:8000"),
        ("127.0.0.1:8080", "https://[fd00::1]", "[fd00::1]"),
    ],
)
def test_where_one_address_was_set_it_is_given_and_further_ones_are_allowed(
    host: str, origin: str | None, name: str
) -> None:
    public = "https://first.example/chat/"
    sentence, hint = OriginCheck(own_host_names([]), (), public).refusal(host, origin, "127.0.0.1")
    assert public in sentence
    assert f"--allow-host {name}," in hint
    assert "--public-url" not in hint
    assert allows(OriginCheck(own_host_names([]), (name,), public), host, origin, "127.0.0.1")


def test_what_it_says_to_set_lets_one_in() -> None:
    host, origin = "Chat.example.org:8000", "http://chat.example.org:8000"
    hint = OriginCheck(own_host_names([])).refusal(host, None, "127.0.0.1")[1]
    allowed = hint.split("--allow-host ")[1].split(",")[0]
    assert allows(OriginCheck(own_host_names([]), (allowed,)), host, origin, "127.0.0.1")
    hint = OriginCheck(own_host_names([])).refusal("127.0.0.1:8080", origin, "127.0.0.1")[1]
    public = hint.split("--public-url ")[1].split(",")[0]
    assert allows(OriginCheck(own_host_names([]), (), public), "127.0.0.1:8080", origin, "127.0.0.1")
