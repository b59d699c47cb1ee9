"""What a blind person hears of the window: real Orca, this machine's (43 on Debian 12) and 48 of Debian 13."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.debian import Debian
from tests.e2e.orca import ORCA_48, Orca, Session, WindowInSession
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving
from tests.e2e.window import Window

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # the first test may wait for a Debian to be made


@dataclass
class Reader:
    """A session that Orca reads, and another person in its chat."""

    session: Session
    orca: Orca
    window: Window
    ben: Peer


@pytest.fixture(scope="module", params=["Orca here", "Orca 48"])
def session(request: pytest.FixtureRequest) -> Iterator[tuple[Session, Orca]]:
    """A desktop session with the Orca of a release."""
    with ExitStack() as stack:
        session = stack.enter_context(Session())
        newer = request.param == "Orca 48"
        debian = stack.enter_context(Debian(**ORCA_48, shared=[session.folder])) if newer else None
        yield session, stack.enter_context(Orca(session, debian))


@pytest.fixture(scope="module")
def reader(session: tuple[Session, Orca]) -> Iterator[Reader]:
    """A window that hosts a chat."""
    screen, orca = session
    arguments = ("host", "--bind", "127.0.0.1", "--port", "0", "--no-discovery", "--name", "Hall", "--nickname", "Mara")
    with WindowInSession(screen, "home", *arguments) as window:
        window.wait_for_address()
        with Peer(window.url.replace("http", "ws") + "/ws", "Ben") as ben:
            yield Reader(screen, orca, window, ben)
        assert window.end(signal.SIGTERM) == (0, "")


@pytest.fixture
def heard(reader: Reader) -> Reader:
    """The same, after the utterances so far are discarded."""
    reader.orca.listen()
    return reader


def test_who_comes_in_hears_where(reader: Reader) -> None:
    reader.window.wait_for_title("Hall – ChatDesk")
    reader.session.focus_window("Hall")
    reader.orca.wait_for("ChatDesk frame", "Hall – ChatDesk", "Message text")


def test_what_others_say_while_one_is_typing_is_said_as_one(heard: Reader) -> None:
    heard.session.type("ok")
    heard.ben.say("One", "Two!", "Three", "Four?", "Five")
    spoken = heard.orca.wait_for("Ben: One. Two! Three. Four? Five.")
    assert {"o", "k"} <= {words.strip() for words in spoken}
    assert sum("Ben" in words for words in spoken) == 1


def test_own_words_are_not_said(heard: Reader) -> None:
    heard.session.press("Return")
    heard.ben.hear("ok")
    heard.ben.say("That is all")
    spoken = heard.orca.wait_for("Ben: That is all.")
    assert "Mara" not in " ".join(spoken)


def test_what_was_found_is_counted_and_read(heard: Reader) -> None:
    heard.session.press("ctrl+f")
    heard.session.type("three")
    heard.orca.wait_for("1 message found")
    heard.session.press("Down")
    heard.orca.wait_for("Three")
    heard.session.press("Escape")
    heard.orca.wait_for("Message text")


def test_who_comes_into_a_list_hears_the_row_that_the_keys_are_on(heard: Reader) -> None:
    heard.session.press("Escape", "shift+Tab")
    heard.orca.wait_for("Messages", "That is all")
    heard.session.press("Up")
    heard.orca.wait_for("ok")
    heard.session.press("Tab")
    heard.orca.wait_for("Message text")


def test_inviting_says_so(heard: Reader) -> None:
    heard.session.press("Escape")
    for _ in range(4):  # emoji, menu, address, invite
        heard.session.press("Tab")
    heard.orca.wait_for("Invite")
    heard.session.press("Return")
    heard.orca.wait_for("Invite people dialog")
    heard.session.press("Escape")


ONE_ORCA = pytest.mark.parametrize("session", ["Orca here"], indirect=True)
"""For what the window announces as it does what others say, which both releases have been heard to say above."""


@ONE_ORCA
def test_what_is_wrong_with_a_field_is_said(session: tuple[Session, Orca]) -> None:
    screen, orca = session
    orca.listen()
    with WindowInSession(screen, "start", "--no-discovery", "--nickname", "Ines") as window:
        window.wait_for_title("ChatDesk")
        screen.focus_window("ChatDesk")
        orca.wait_for("Your name text")
        screen.press("Tab", "Tab", "Tab")
        orca.wait_for("Address or code of the room")
        screen.type("127.0.0.1:1")
        screen.press("Return")
        orca.wait_for("Nobody hosts a chat at 127.0.0.1:1")


@ONE_ORCA
def test_history_is_not_said_and_a_lost_host_is(session: tuple[Session, Orca]) -> None:
    """Behaviours 15 and 41."""
    screen, orca = session
    orca.listen()
    with Serving() as serving, Peer(serving.websocket, "Ben") as ben:
        ben.say("Before")
        with WindowInSession(screen, "guest", "join", serving.url, "--nickname", "Ines") as window:
            window.wait_for_title("ChatDesk – ChatDesk")
            ben.say("After")
            spoken = orca.wait_for("Ben: After.")
            assert "Before" not in " ".join(spoken)
            serving.kill()
            orca.wait_for("Connection lost")
