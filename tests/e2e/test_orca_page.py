"""What a blind person hears of the page: real Orca reads a real browser."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.e2e.browser import CHROMIUM, SWITCHES, ChatPage
from tests.e2e.orca import Orca, Session
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving
from tests.e2e.test_page_admission import host_token

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@dataclass
class Reader:
    """A browser that Orca reads, and another person in its chat."""

    session: Session
    orca: Orca
    chat: ChatPage
    serving: Serving
    ben: Peer


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with ExitStack() as stack:
        serving = stack.enter_context(Serving("--message-rate", "0", "--name", "Robotics Workshop"))
        session = stack.enter_context(Session())
        orca = stack.enter_context(Orca(session))
        playwright = stack.enter_context(sync_playwright())
        browser = stack.enter_context(
            playwright.chromium.launch(
                executable_path=CHROMIUM,
                headless=False,
                args=[*SWITCHES, "--force-renderer-accessibility"],
                env={**os.environ, **session.places},
            )
        )
        chat = ChatPage(browser.new_context(), serving.url).open()
        ben = stack.enter_context(Peer(serving.websocket, "Ben"))
        yield Reader(session, orca, chat, serving, ben)


@pytest.fixture
def heard(reader: Reader) -> Reader:
    """The same, after the utterances so far are discarded."""
    reader.orca.listen()
    return reader


def test_who_comes_in_hears_where(reader: Reader) -> None:
    reader.session.focus_window("Robotics Workshop")
    reader.orca.wait_for("Focus mode")  # in the field for the name
    reader.session.type("Kit")
    reader.session.press("Return")
    spoken = reader.orca.wait_for("You are Kit in Robotics Workshop.")
    assert not any("characters" in words for words in spoken), "a counter that nobody sees"
    expect(reader.chat.find("#message")).to_be_focused()


def test_what_others_say_while_one_is_typing_is_said_as_one(heard: Reader) -> None:
    """Behaviour 41."""
    heard.session.type("ok")
    heard.ben.say("One", "Two!", "Three", "Four?", "Five")
    spoken = heard.orca.wait_for("Ben: One. Two! Three. Four? Five.")
    assert sum("Ben" in words for words in spoken) == 1


def test_own_words_are_not_said(heard: Reader) -> None:
    heard.session.press("Return")
    heard.ben.hear("ok")
    heard.ben.say("That is all")
    spoken = heard.orca.wait_for("Ben: That is all.")
    assert "Kit" not in " ".join(spoken)


def test_a_calendar_that_opens_says_so_and_lets_news_through(heard: Reader) -> None:
    for words in ("Over the sheet", "And once more"):
        heard.orca.listen()
        heard.session.press("ctrl+g")
        heard.orca.wait_for("Go to a date")
        heard.ben.say(words)
        heard.orca.wait_for(f"Ben: {words}.")
        heard.session.press("Escape")
        expect(heard.chat.find("#message")).to_be_focused()


def test_what_was_found_is_counted_and_read(heard: Reader) -> None:
    heard.session.press("ctrl+f")
    heard.session.type("three")
    heard.orca.wait_for("Search messages", "1 message found")
    heard.session.press("Down")
    heard.orca.wait_for("Three")
    heard.session.press("Escape")


def test_the_own_hand_a_call_and_the_pause_of_a_slow_room_are_said(heard: Reader) -> None:
    with Peer(heard.serving.websocket, "Mara", token=host_token(heard.serving), capabilities=["pace"]) as mara:
        heard.session.type("/hand")
        heard.session.press("Return")
        heard.orca.wait_for("Your hand is up. You are next")
        mara.send(type="call")
        heard.orca.wait_for("Mara calls you")
        mara.send(type="pace", slow=300)
        expect(heard.chat.find("#timeline")).to_contain_text("one message in 5 minutes")
        for word in ("first", "second"):
            heard.session.type(word)
            heard.session.press("Return")
        heard.orca.wait_for("Slow mode: you can write again in")
        mara.send(type="pace", slow=0)


def test_a_host_that_is_gone_is_said_once(heard: Reader) -> None:
    heard.serving.kill()
    spoken = heard.orca.wait_for("Connection lost. Trying again by itself.")
    assert sum("Connection lost" in words for words in spoken) == 1
