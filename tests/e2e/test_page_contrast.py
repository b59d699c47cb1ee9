"""All text of the page has enough contrast, in light and dark."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import ELSEWHERE
from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.contrast import CONTRAST


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast(new_page: PageFactory, new_peer: PeerFactory, scheme: str) -> None:
    chat = new_page(viewport={"width": 1280, "height": 800}, color_scheme=scheme).open()
    chat.find("#join-button").click()
    expect(chat.find("#nickname-error")).not_to_be_empty()
    join_screen = chat.page.evaluate(CONTRAST)
    assert join_screen["weak"] == []
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
    found = chat.page.evaluate(CONTRAST)
    assert found["weak"] == []
    chat.page.keyboard.press("Escape")
    chat.find(".top .to-date").click()
    dated = chat.page.evaluate(CONTRAST)
    assert dated["weak"] == []
    chat.page.keyboard.press("Escape")
    chat.page.evaluate(ELSEWHERE)
    new_peer("News").say("What is new")
    expect(chat.find(".day.new")).to_be_visible()
    connections[0].close(code=1008)
    expect(chat.find("#banner")).to_be_visible()
    chat.page.mouse.move(0, 0)
    room = chat.page.evaluate(CONTRAST)
    assert room["weak"] == []
    assert room["count"] > 60
