"""Long messages are collapsed after forty lines, and can be expanded."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.serving import Serving

LINES = "\n".join(f"Line {number}" for number in range(1, 101))
WORDS = "word " * 500
LINE_COUNT = "text => Math.round(text.clientHeight / parseFloat(getComputedStyle(text).lineHeight))"


def bottom(element: Locator) -> float:
    edge: float = element.evaluate("it => it.getBoundingClientRect().bottom")
    return edge


def test_forty_lines_are_shown_and_the_rest_on_demand_with_the_keyboard(chat: ChatPage, new_peer: PeerFactory) -> None:
    chat.join("Kit")
    new_peer("Mara").say(LINES)
    button = chat.page.get_by_role("button", name="Show all")
    expect(button).to_be_in_viewport(ratio=1)
    last_seen = chat.find(".text p").nth(39)
    assert bottom(last_seen) <= button.evaluate("it => it.getBoundingClientRect().top")
    assert chat.find(".text").evaluate(LINE_COUNT) < 43
    before = bottom(last_seen)
    chat.find("#timeline").focus()
    chat.page.keyboard.press("Tab")
    expect(button).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(button).to_have_count(0)
    assert chat.find(".text").evaluate(LINE_COUNT) == 100
    expect(chat.find(".text")).to_be_focused()
    assert bottom(last_seen) == pytest.approx(before, abs=1)  # the reader goes on where they were


def test_an_own_long_message_stays_expanded_when_it_is_confirmed(chat: ChatPage, serving: Serving) -> None:
    chat.join("Kit")
    serving.hold()
    chat.send(LINES)
    chat.page.get_by_role("button", name="Show all").click()
    expect(chat.find(".own-message.pending .expanded")).to_be_visible()
    serving.resume()
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    expect(chat.page.get_by_role("button", name="Show all")).to_have_count(0)
    assert chat.find(".text").evaluate(LINE_COUNT) == 100


def test_how_many_lines_a_message_takes_depends_on_the_width(new_page: PageFactory, new_peer: PeerFactory) -> None:
    page = new_page(viewport={"width": 360, "height": 740}).join("Kit")
    new_peer("Mara").say(WORDS)
    button = page.page.get_by_role("button", name="Show all")
    expect(button).to_be_visible()
    page.page.set_viewport_size({"width": 1280, "height": 800})
    expect(button).to_be_hidden()
    page.page.set_viewport_size({"width": 360, "height": 740})
    expect(button).to_be_visible()


def test_a_message_of_forty_lines_is_whole(chat: ChatPage, new_peer: PeerFactory) -> None:
    chat.join("Kit")
    new_peer("Mara").say("\n".join(LINES.split("\n")[:40]))
    expect(chat.message("Line 1").first).to_be_visible()
    assert chat.find(".text").evaluate(LINE_COUNT) == 40
    expect(chat.find("[data-action=unfold]:visible")).to_have_count(0)


def test_a_collapsed_link_becomes_visible_when_the_keyboard_reaches_it(chat: ChatPage, new_peer: PeerFactory) -> None:
    chat.join("Kit")
    new_peer("Mara").say(f"https://example.org/seen\n{LINES}\nhttps://example.org/folded")
    expect(chat.page.get_by_role("button", name="Show all")).to_be_visible()
    chat.find("#timeline").focus()
    chat.page.keyboard.press("Tab")
    expect(chat.find("#timeline a").first).to_be_focused()
    expect(chat.find(".collapsed")).to_be_visible()
    chat.page.keyboard.press("Tab")
    expect(chat.find("#timeline a").last).to_be_focused()
    expect(chat.find("#timeline a").last).to_be_in_viewport(ratio=1)
    expect(chat.find(".collapsed")).to_have_count(0)
