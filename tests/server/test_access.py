"""Only who uses one of the machine's own names may talk to it, and of pages only its own."""

import socket

import pytest

from chatdesk.server.access import Access, own_names

ACCESS = Access(own_names(["192.168.4.20", "fe80::1%eth0"]))


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
    assert ACCESS.allows(host, None, "127.0.0.1")


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
    """DNS rebinding: somebody else's name that points at this machine."""
    assert not ACCESS.allows(host, None, "127.0.0.1")


def test_the_address_on_which_a_request_arrived_is_an_own_one() -> None:
    """A network card that came later, or a translated address."""
    assert ACCESS.allows("10.0.0.7:8080", None, "10.0.0.7")
    assert ACCESS.allows("[2001:db8::7]", None, "2001:db8:0::7")
    assert ACCESS.allows("10.0.0.7", None, "::ffff:10.0.0.7")


def test_a_name_that_the_machine_got_later_is_let_in_and_no_other() -> None:
    access = Access(own_names([]))
    assert not access.allows("robotics-workshop.local:8080", None, "127.0.0.1")
    access.learn("Robotics-Workshop.local.")
    assert access.allows("robotics-workshop.local:8080", "http://robotics-workshop.local:8080", "127.0.0.1")
    assert not access.allows("robotics.local:8080", None, "127.0.0.1")


def test_a_name_that_the_machine_gave_up_is_somebody_elses() -> None:
    """They may have had a page open under it, and point it at this machine now."""
    access = Access(own_names([]))
    access.learn("robotics.local")
    access.learn("robotics-2.local")
    assert not access.allows("robotics.local:8080", "http://robotics.local:8080", "127.0.0.1")
    assert access.allows("robotics-2.local:8080", None, "127.0.0.1")
    access.learn("")
    assert not access.allows("robotics-2.local:8080", None, "127.0.0.1")
    assert not access.allows("", None, "127.0.0.1")
    assert access.allows("localhost:8080", None, "127.0.0.1")


@pytest.mark.parametrize(
    "origin", ["http://192.168.4.20:8080", "https://192.168.4.20:8080", "HTTP://192.168.4.20:8080"]
)
def test_the_own_page_is_let_in(origin: str) -> None:
    assert ACCESS.allows("192.168.4.20:8080", origin, "192.168.4.20")


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
    assert not ACCESS.allows("192.168.4.20:8080", origin, "192.168.4.20")
