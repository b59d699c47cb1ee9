"""All text of the page has enough contrast, in light and dark."""

from typing import Literal

from playwright.sync_api import expect

from tests.e2e.browser import ELSEWHERE, ChatPage
from tests.e2e.conftest import PeerFactory
from tests.e2e.contrast import CONTRAST


def look_in_both_themes(chat: ChatPage) -> int:
    """Look at all visible texts in light and dark, and return how many there are."""
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        chat.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = chat.page.evaluate(CONTRAST)
        assert found["weak"] == [], scheme
    count: int = found["count"]
    return count


def test_every_text_has_enough_contrast(chat: ChatPage, new_peer: PeerFactory) -> None:
    chat.open()
    chat.find("#join-button").click()
    expect(chat.find("#nickname-error")).not_to_be_empty()
    look_in_both_themes(chat)
    refuse = {"on": True}
    connections = chat.between(lambda it: {**it, "content": " "} if refuse["on"] and "content" in it else it)
    chat.join("Kit")
    for number in range(12):
        new_peer(f"Person {chr(65 + number)}").say(f"Hello https://example.org/{number}")
    chat.send("Refused")
    expect(chat.find(".own-message.failed")).to_be_visible()
    refuse["on"] = False
    chat.send("Kept")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    new_peer("Typist").send(type="typing")
    expect(chat.find("#typing")).not_to_be_empty()
    chat.find("#search-field").fill("hello")
    expect(chat.find("#search-hits mark")).to_have_count(12)
    chat.page.keyboard.press("ArrowDown")
    look_in_both_themes(chat)
    chat.page.keyboard.press("Escape")
    chat.find(".top .to-date").click()
    look_in_both_themes(chat)
    chat.page.keyboard.press("Escape")
    chat.page.evaluate(ELSEWHERE)
    new_peer("News").say("What is new")
    expect(chat.find(".day.new")).to_be_visible()
    connections[0].close(code=1008)
    expect(chat.find("#banner")).to_be_visible()
    chat.page.mouse.move(0, 0)
    assert look_in_both_themes(chat) > 60
