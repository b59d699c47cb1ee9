"""What people do to messages in the page, with a real host and another person: seen by both."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.peer import Event, Peer


@pytest.fixture
def ana(new_peer: PeerFactory) -> Peer:
    return new_peer("Ana")


def updated(peer: Peer, seq: int) -> Event:
    """The present state of a message, after the next act on it."""
    event = peer.wait_for(lambda event: event["type"] == "updated" and event["seq"] == seq)
    message: Event = event["message"]
    return message


def test_reply_react_and_pin_from_the_bar_of_a_message(chat: ChatPage, ana: Peer) -> None:
    ana.say("Left motor on bench 4 spins backwards.")
    chat.join("Kit")
    row = chat.message("Left motor")
    row.hover()
    row.get_by_role("button", name="Reply").click()
    expect(chat.find(".composer-context")).to_contain_text("Ana")
    chat.send("It is the sign in drive.")
    assert ana.hear("It is the sign in drive.")["reply_to"] == 1
    expect(chat.find(".composer-context")).to_be_hidden()
    answer = chat.message("It is the sign")
    expect(answer.locator(".quote")).to_contain_text("Left motor on bench 4")
    row.hover()
    row.get_by_role("button", name="React").click()
    chat.find("#emoji-picker input").fill("party popper")
    expect(chat.find("#emoji-picker [aria-selected=true]")).to_have_text("🎉")
    chat.find("#emoji-picker input").press("Enter")
    pill = row.locator(".reaction[data-emoji]")
    expect(pill).to_have_text("🎉1")
    assert updated(ana, 1)["reactions"][0]["people"][0]["nickname"] == "Kit"
    ana.send(type="react", seq=1, emoji="🎉")
    expect(pill).to_have_text("🎉2")
    expect(pill).to_have_attribute("aria-label", "🎉 2, yours too: Kit, Ana")
    pill.click()
    expect(pill).to_have_attribute("aria-pressed", "false")
    row.hover()
    row.get_by_role("button", name="Pin for everybody").click()
    expect(chat.find("#pinned")).to_contain_text("Pinned 1Left motor")
    ana.send(type="edit", seq=1, content="Right motor, sorry.")
    expect(answer.locator(".quote")).to_contain_text("Right motor, sorry.")
    expect(chat.find("#pinned")).to_contain_text("Right motor, sorry.")
    ana.send(type="delete", seq=1)
    expect(chat.find(".deleted")).to_have_text("Ana took a message back")
    expect(answer.locator(".quote")).to_have_text("Ana took a message back")
    expect(chat.find("#pinned")).to_be_hidden()


def test_keys_act_on_the_message_with_the_focus_and_up_edits_the_last_own(chat: ChatPage, ana: Peer) -> None:
    """Behaviour 3: an edit to nothing offers to delete the message."""
    chat.join("Kit")
    chat.send("helo")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    chat.find("#message").press("ArrowUp")
    expect(chat.find("#message")).to_have_value("helo")
    chat.find("#message").press("Escape")
    expect(chat.find("#message")).to_have_value("")
    chat.find("#message").press("ArrowUp")
    chat.send("hello")
    assert updated(ana, 1)["content"] == "hello"
    expect(chat.message("hello").locator(".edited")).to_be_visible()
    chat.find("#timeline").focus()
    chat.find("#timeline").press("ArrowUp")
    chat.page.keyboard.press("p")
    assert updated(ana, 1)["pinned"]
    chat.page.keyboard.press("r")
    expect(chat.find("#message")).to_be_focused()
    chat.find("#message").press("Escape")
    chat.find("#message").press("ArrowUp")
    chat.find("#message").fill("")
    chat.find("#message").press("Enter")
    question = chat.page.get_by_role("dialog", name="Delete your message?")
    expect(question.get_by_role("button", name="Cancel")).to_be_focused()
    question.get_by_role("button", name="Delete").click()
    expect(chat.find(".deleted")).to_have_text("Kit took a message back")
    assert updated(ana, 1)["deleted"] == "author"
    chat.send("one")
    expect(chat.find(".own-message.confirmed")).to_have_count(1)
    chat.find("#message").fill("two")
    key = "new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })"
    chat.find("#message").evaluate(f"field => ['Enter', 'ArrowUp'].forEach(key => field.dispatchEvent({key}))")
    expect(chat.find("#message")).to_have_value("")  # "two" is still on its way, and "one" is not meant
    expect(chat.message("two")).to_be_visible()


def test_a_link_to_a_message_leads_there_and_a_finger_opens_its_menu(new_page: PageFactory, ana: Peer) -> None:
    ana.say(*(f"number {number:03}" for number in range(1, 121)))
    chat = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    chat.join("Kit")
    chat.page.evaluate("location.hash = '#lobby/7'")
    expect(chat.message("number 007")).to_have_class(re.compile("highlighted"))
    row = chat.message("number 008")
    row.dispatch_event("touchstart", {"touches": [{"identifier": 0, "clientX": 150, "clientY": 300, "target": None}]})
    expect(chat.find("#message-menu")).to_be_visible()
    chat.find("#message-menu").get_by_text("Pin for everybody").click()
    expect(chat.find("#pinned")).to_contain_text("number 008")
    expect(chat.find("#message-menu")).to_be_hidden()
