"""What a blind person hears of rooms, and of what people do with messages, in the window: real Orca."""

import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.e2e.orca import Orca, Session, WindowInSession
from tests.e2e.peer import Peer
from tests.e2e.test_orca import Reader

pytestmark = pytest.mark.slow

WORDS = "It is the sign in `drive()`"


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """A window that hosts a chat of two rooms; in one, Ben has answered himself and reacted."""
    arguments = ("host", "--bind", "127.0.0.1", "--port", "0", "--no-discovery", "--name", "Hall", "--nickname", "Mara")
    with ExitStack() as stack:
        session = stack.enter_context(Session())
        orca = stack.enter_context(Orca(session))
        window = stack.enter_context(WindowInSession(session, "home", *arguments))
        window.wait_for_address()
        session.focus_window("Hall")
        orca.wait_for("Message text")  # in the room: that Ben has joined stands before what he says
        ben = stack.enter_context(Peer(window.url.replace("http", "ws") + "/ws", "Ben", capabilities=["rooms"]))
        ben.say("Left motor", "Did you see?")
        ben.send(type="message", content=WORDS, reply_to=1)
        ben.hear(WORDS)
        for emoji in ("👍", "🎉"):
            ben.send(type="react", seq=3, emoji=emoji)
        ben.send(type="create", room="code-help", topic="Ask here")
        ben.wait_for(lambda event: event["type"] == "room" and event["room"]["room"] == "code-help")
        orca.wait_for(f"{WORDS.replace('`', '')}.")
        yield Reader(session, orca, window, ben)
        assert window.end(signal.SIGTERM) == (0, "")


@pytest.fixture
def heard(reader: Reader) -> Reader:
    """The same, after the utterances so far are discarded."""
    reader.orca.listen()
    return reader


def _leave(heard: Reader, *said: str) -> None:
    """Press Escape and wait until it is said: Orca passes over a dialog that opens while it says something else."""
    heard.orca.listen()
    heard.session.press("Escape")
    heard.orca.wait_for(*said)


def test_a_message_is_read_with_all_that_was_done_with_it(heard: Reader) -> None:
    heard.session.press("shift+Tab")
    spoken = heard.orca.wait_for("answers Ben: It is the sign in drive(). 1 thumbs up. 1 party popper.")
    assert sum("drive" in words for words in spoken) == 1


def test_its_quote_and_its_reactions_have_names(heard: Reader) -> None:
    heard.session.press("Right")
    heard.orca.wait_for("Go to the message that is answered")
    heard.session.press("Right")
    heard.orca.wait_for("thumbs up: Ben")


def test_each_emoji_of_the_picker_is_said_alone(heard: Reader) -> None:
    heard.session.press("plus")
    heard.orca.wait_for("Emoji dialog", "Arrow keys choose, Enter takes")
    heard.session.press("Right")
    spoken = heard.orca.wait_for("party popper")
    assert not any("red heart" in words for words in spoken), "the whole row"
    heard.session.type("robo")
    heard.orca.wait_for("1 found: robot")


def test_escape_steps_back_once_to_the_message_and_its_keys_act_again(heard: Reader) -> None:
    heard.session.press("Escape", "Escape")
    heard.orca.wait_for("answers Ben: It is the sign in drive()")
    heard.session.press("r")
    heard.orca.wait_for("Message text", "Answering Ben")
    _leave(heard, "escape")


def test_who_keeps_order_hears_hands_the_board_and_the_code_of_an_invitation(heard: Reader) -> None:
    heard.ben.send(type="hand")
    heard.orca.wait_for("One hand is up")
    heard.session.type("/invite")
    heard.session.press("Return")
    heard.orca.wait_for("Keeping order dialog", "New invitation")
    heard.session.press("space")
    spoken = " ".join(heard.orca.wait_for("New invitation: "))
    assert re.search(r"New invitation: \w \w \w - \w \w \w - \w \w \w", spoken), "letter by letter"
    _leave(heard, "escape", "Message text")


def test_the_switcher_says_its_rows_and_how_many_there_are(heard: Reader) -> None:
    heard.session.press("ctrl+k")
    spoken = heard.orca.wait_for("Switch dialog", "Switch to a room, a person or an action")
    heard.session.type("co")
    heard.orca.wait_for("Rooms: code-help, Ask here", "2 results")
    assert not any("next unread" in words for words in spoken), "what a key does is not what the dialog is about"
    heard.session.press("Return")
    heard.orca.wait_for("Message code-help")


def test_a_room_says_what_is_unread_and_what_means_one(heard: Reader) -> None:
    heard.ben.say("@Mara look", "and here")
    heard.session.press("ctrl+k")
    heard.orca.wait_for("lobby, 2 unread, 1 mentions you")
    _leave(heard, "escape", "Message text")


def test_what_completes_a_word_is_counted(heard: Reader) -> None:
    heard.session.type(":rob")
    heard.orca.wait_for("Emoji that begin with :rob: 1. Tab takes one.")
    _leave(heard, "escape")


def test_who_opens_the_sheet_of_keys_and_leaves_it_is_where_they_were(heard: Reader) -> None:
    heard.session.press("ctrl+slash")
    heard.orca.wait_for("Keys dialog", "Find a key")
    heard.session.press("Escape")
    heard.orca.wait_for("Message text")
