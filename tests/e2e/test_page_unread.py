"""Unread messages: the divider, the jumps to them, and both after a reload and a restart."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PeerFactory
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving

LINES = [f"Line {number}" for number in range(120)]
TOP = "it => it.getBoundingClientRect().top - it.closest('#timeline').getBoundingClientRect().top"


def look_away(chat: ChatPage) -> None:
    """Take the focus from the page, as if another window had it."""
    chat.page.evaluate("() => { document.hasFocus = () => false; window.dispatchEvent(new Event('blur')); }")


def look_back(chat: ChatPage) -> None:
    chat.page.evaluate("() => { delete document.hasFocus; window.dispatchEvent(new Event('focus')); }")


@pytest.fixture
def mara(new_peer: PeerFactory) -> Peer:
    return new_peer("Mara")


def test_messages_that_arrive_while_away_are_behind_a_divider_until_the_person_answers(
    chat: ChatPage, mara: Peer
) -> None:
    """Behaviour 19."""
    mara.say("Before")
    chat.join("Kit")
    expect(chat.message("Before")).to_be_visible()
    look_away(chat)
    mara.say("One", "Two")
    line = chat.find(".day.new")
    expect(line).to_have_text(re.compile(r"^2 new since \d\d:\d\d$"))
    expect(chat.page).to_have_title("(2) ChatDesk")
    expect(chat.message("One").locator(".day.new")).to_be_visible()
    expect(chat.find("#jump")).to_be_hidden()  # the newest message is visible
    look_back(chat)
    expect(chat.page).to_have_title("ChatDesk")
    expect(line).to_have_text(re.compile(r"^2 new"))  # looking alone does not clear it
    mara.say("Three")
    expect(chat.message("Three")).to_be_visible()
    expect(line).to_have_text(re.compile(r"^2 new"))
    chat.send("Thanks")
    expect(line).to_have_count(0)


def test_what_is_marked_as_unread_stays_so_in_view_and_after_a_reload(chat: ChatPage, mara: Peer) -> None:
    mara.say("One", "Two", "Three")
    chat.join("Kit")
    expect(chat.message("Three")).to_be_visible()
    chat.find("#timeline").focus()
    for key in ("ArrowUp", "ArrowUp", "u"):
        chat.page.keyboard.press(key)
    expect(chat.page).to_have_title("(2) ChatDesk")
    mara.say("Four")
    expect(chat.page).to_have_title("(3) ChatDesk")
    chat.page.reload()
    expect(chat.message("Two").locator(".day.new")).to_be_visible()
    expect(chat.message("Four")).to_be_in_viewport()
    mara.say("Five")
    expect(chat.message("Five")).to_be_in_viewport()
    expect(chat.page).to_have_title("(4) ChatDesk")
    chat.send("Thanks")
    expect(chat.page).to_have_title("ChatDesk")


def test_a_reload_opens_where_reading_stopped(chat: ChatPage, mara: Peer, serving: Serving) -> None:
    mara.say("Before")
    chat.join("Kit")
    expect(chat.message("Before")).to_be_visible()
    look_away(chat)
    mara.say(*LINES[:40])
    expect(chat.page).to_have_title("(40) ChatDesk")
    mara.close()
    serving.kill()
    serving.start()
    chat.page.reload()
    line = chat.find(".day.new")
    expect(line).to_have_text(re.compile(r"^40 new since \d\d:\d\d$"))
    expect(line).to_be_in_viewport()
    assert 0 < line.evaluate(TOP) < 300
    jump = chat.find("#jump")
    expect(jump).to_have_text(re.compile(r"\d+ new, jump to latest"))
    unread = int((jump.text_content() or "").split()[0])
    assert 0 < unread < 40  # visible messages count as read
    chat.find("#timeline").evaluate("it => it.scrollTop += 100")
    expect(jump).not_to_have_text(f"{unread} new, jump to latest")
    jump.click()
    expect(chat.message(LINES[39])).to_be_in_viewport()
    expect(chat.page).to_have_title("ChatDesk")
    chat.page.reload()
    expect(chat.message(LINES[39])).to_be_in_viewport()  # everything is read
    expect(line).to_have_text(re.compile(r"^40 new"))  # and nobody has answered yet


def test_unread_messages_beyond_the_held_ones_are_offered_but_none_to_a_newcomer(chat: ChatPage, mara: Peer) -> None:
    mara.say(*(f"Before {number}" for number in range(120)))
    chat.join("Kit")
    expect(chat.message("Before 119")).to_be_in_viewport()
    expect(chat.find(".day.new")).to_have_count(0)
    expect(chat.page).to_have_title("ChatDesk")
    expect(chat.find("#jump-new")).to_be_hidden()
    chat.page.goto("about:blank")
    mara.say(*LINES)
    chat.open()
    expect(chat.message(LINES[-1])).to_be_in_viewport()
    offer = chat.find("#jump-new")
    expect(offer).to_have_text(re.compile(r"120 new since \d\d:\d\d"))
    offer.click()
    expect(chat.message(LINES[0])).to_be_in_viewport()
    line = chat.find(".day.new")
    expect(line).to_be_in_viewport()
    expect(offer).to_be_hidden()
    chat.find("#jump").click()
    expect(chat.message(LINES[-1])).to_be_in_viewport()
    expect(offer).to_be_hidden()  # the divider has been visible


def test_messages_read_in_one_tab_are_read_in_the_other(chat: ChatPage, mara: Peer) -> None:
    """Behaviour 18."""
    chat.join("Kit")
    other = ChatPage(chat.context, chat.url).join("Kit")
    look_away(other)
    look_away(chat)
    mara.say("News")
    expect(chat.page).to_have_title("(1) ChatDesk")
    expect(other.page).to_have_title("(1) ChatDesk")
    look_back(chat)
    expect(chat.page).to_have_title("ChatDesk")
    expect(other.page).to_have_title("ChatDesk")


def test_own_messages_do_not_count_as_new(chat: ChatPage, mara: Peer, serving: Serving) -> None:
    chat.join("Kit")
    serving.hold()
    chat.send("On its way")
    look_away(chat)
    serving.resume()
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    expect(chat.page).to_have_title("ChatDesk")
    mara.say("An answer")
    expect(chat.message("An answer").locator(".day.new")).to_have_text(re.compile("^1 new"))


def say_last(chat: ChatPage, mara: Peer, content: str) -> None:
    """Join, send this message, and close the page before the host's answer."""
    away = {"since": False, "now": True}

    def lose_the_answer(event: dict[str, Any]) -> dict[str, Any] | None:
        away["since"] = away["since"] or event.get("content") == content
        return None if away["since"] and away["now"] else event

    chat.between(filter_event=lose_the_answer)
    chat.join("Kit")
    chat.send(content)
    mara.hear(content)
    chat.page.goto("about:blank")
    away["now"] = False


def test_the_divider_is_below_the_last_own_message(chat: ChatPage, mara: Peer) -> None:
    say_last(chat, mara, "My own last word")
    mara.say("One", "Two")
    chat.open()
    expect(chat.message("One").locator(".day.new")).to_have_text(re.compile("^2 new"))
    expect(chat.find(".own-message.confirmed")).to_have_count(1)
    chat.send("Another")
    expect(chat.message("Another")).to_be_visible()
    expect(chat.find(".day.new")).to_have_count(0)


def test_the_divider_is_not_above_own_messages_further_up_either(chat: ChatPage, mara: Peer) -> None:
    say_last(chat, mara, "Far up")
    mara.say(*LINES)
    chat.open()
    expect(chat.message(LINES[-1])).to_be_in_viewport()
    chat.find("#jump-new").click()
    expect(chat.message(LINES[0]).locator(".day.new")).to_have_text(re.compile("^120 new"))
    expect(chat.message("Far up").locator(".day.new")).to_have_count(0)
