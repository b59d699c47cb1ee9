"""The page without a mouse, and with an input method."""

import re

from playwright.sync_api import expect

from chatdesk.paths import resources
from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory


def focused(chat: ChatPage) -> str:
    """The focused element: its id, or else its name."""
    name: str = chat.page.evaluate("document.activeElement.id || document.activeElement.getAttribute('aria-label')")
    return name


def test_a_whole_visit_needs_only_keys(chat: ChatPage) -> None:
    chat.open()
    keys = chat.page.keyboard
    keys.type("Kit")
    keys.press("Enter")
    expect(chat.find("#message")).to_be_focused()
    keys.type("First line")
    keys.press("Shift+Enter")
    keys.type("second line")
    expect(chat.find(".own-message")).to_have_count(0)
    keys.press("Enter")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    chat.expect_texts("First line\nsecond line")
    assert focused(chat) == "message"
    reached = []
    for _ in range(16):
        keys.press("Tab")
        reached.append(focused(chat))
    people = ["people-find", "people-list"]
    rooms = ["room-settings-open", "room-create", "lobby", "private-start"]
    others = [*people, *rooms, "Use the dark theme", "Leave the chat", "search-field", "Go to a date", "timeline"]
    assert set(others) | {"message"} <= set(reached)
    while focused(chat) != "Leave the chat":
        keys.press("Tab")
    keys.press("Enter")
    expect(chat.find("#nickname")).to_be_focused()


def test_the_focus_is_visible_after_keys_not_after_a_click_and_in_the_systems_high_contrast(chat: ChatPage) -> None:
    chat.open()
    assert_framed_in_high_contrast(chat, "#nickname", "#join-form .field")
    chat.join("Kit")
    assert_framed_in_high_contrast(chat, "#search-field", ".search .field")
    assert_framed_in_high_contrast(chat, "#message", ".composer")
    outline = "() => getComputedStyle(document.activeElement).outlineStyle"
    seen = {}
    for _ in range(16):
        chat.page.keyboard.press("Tab")
        seen[focused(chat)] = chat.page.evaluate(outline)
    assert (seen.pop("message"), seen.pop("search-field")) == ("none", "none")  # their frames thicken instead
    border = "() => getComputedStyle(document.querySelector('.composer')).borderColor"
    chat.find("#message").focus()
    with_focus = chat.page.evaluate(border)
    chat.find("#people-find").focus()
    assert chat.page.evaluate(border) != with_focus
    assert {name: style for name, style in seen.items() if name and style != "solid"} == {}
    chat.find("#people-find").click()
    chat.find("#people-find").click()
    assert chat.page.evaluate(outline) == "none"


def assert_framed_in_high_contrast(chat: ChatPage, field: str, frame: str) -> None:
    chat.page.emulate_media(forced_colors="active")
    chat.find(field).focus()
    outline = chat.find(frame).first.evaluate(
        "it => getComputedStyle(it).outlineStyle + getComputedStyle(it).outlineWidth"
    )
    assert outline == "solid2px", frame
    chat.page.emulate_media(forced_colors="none")


def test_the_drawer_opens_and_closes_with_keys_and_gives_the_focus_back(new_page: PageFactory) -> None:
    chat = new_page(viewport={"width": 390, "height": 844}).join("Kit")
    chat.find("#people-open").focus()
    chat.page.keyboard.press("Enter")
    expect(chat.find("#drawer")).to_be_visible()
    for _ in range(8):
        chat.page.keyboard.press("Tab")
        assert chat.page.evaluate("document.activeElement.matches('body, #drawer *')")
    chat.page.keyboard.press("Escape")
    expect(chat.find("#drawer")).to_be_hidden()
    expect(chat.find("#people-open")).to_be_focused()


def test_enter_that_ends_a_composition_does_not_send(chat: ChatPage) -> None:
    chat.join("Kit")
    chat.find("#message").focus()
    devtools = chat.context.new_cdp_session(chat.page)
    devtools.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    expect(chat.find("#message")).to_have_value("にほん")
    devtools.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Enter", "windowsVirtualKeyCode": 13})
    devtools.send("Input.insertText", {"text": "日本"})
    expect(chat.find("#message")).to_have_value("日本")
    expect(chat.find(".own-message")).to_have_count(0)
    chat.page.keyboard.press("Enter")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    chat.expect_texts("日本")


CONFIRMS = """([selector, key]) => document.querySelector(selector)
    .dispatchEvent(new KeyboardEvent('keydown', {key, keyCode: 229, bubbles: true, cancelable: true}))"""
"""The key that ends a composition as Safari sends it: after the end, known by its code only."""


def test_keys_scroll_and_the_one_that_ends_a_composition_does_nothing_else(
    chat: ChatPage, new_peer: PeerFactory
) -> None:
    new_peer("Mara").say("日本", *(f"Line {number}" for number in range(60)))
    chat.join("Kit")
    chat.find("#timeline").focus()  # which scrolls with keys
    chat.page.keyboard.press("Home")
    expect(chat.message("Line 11")).to_be_in_viewport()
    chat.page.keyboard.press("End")
    expect(chat.message("Line 59")).to_be_in_viewport()
    field = chat.find("#search-field")
    field.fill("日本")
    for key in ("Enter", "Escape", "ArrowDown"):
        assert chat.page.evaluate(CONFIRMS, ["#search-field", key]), "nobody takes the key"
    expect(chat.find("#search-hits li")).to_have_count(1)
    assert chat.page.evaluate(CONFIRMS, ["#timeline", "Escape"])
    expect(field).to_have_value("日本")
    chat.find("#message").fill("日本")
    assert chat.page.evaluate(CONFIRMS, ["#message", "Enter"])
    expect(chat.find("#message")).to_have_value("日本")
    chat.find(".top .to-date").click()
    assert chat.page.evaluate(CONFIRMS, ["#date-days", "Enter"])
    assert chat.page.evaluate(CONFIRMS, ["#date-days", "PageUp"])
    expect(chat.find("#date")).to_be_visible()
    assert not chat.page.evaluate(CONFIRMS, ["#date-days", "Escape"]), "a dialog would close"


def test_every_part_of_the_page_listens_to_keys_in_the_one_way_that_ignores_compositions() -> None:
    scripts = resources() / "web" / "js"
    listening = [
        path.name for path in sorted(scripts.glob("*.js")) if re.search("key(down|up|press)", path.read_text())
    ]
    assert listening == ["keyboard.js", "sheet.js"]
