"""Who has read and who has reacted, as the page shows it; and what the person lets others see of themselves."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.peer import Peer

SEVEN = ("Ana", "Bo", "Cleo", "Dan", "Eva", "Fatima", "Gus")


@pytest.fixture
def others(new_peer: PeerFactory) -> list[Peer]:
    """Seven people who read and react as they are told."""
    return [new_peer(name, capabilities=["rooms", "receipts", "presence"]) for name in SEVEN]


def test_two_ticks_lead_to_who_has_read_it(chat: ChatPage, others: list[Peer]) -> None:
    page = chat.page
    chat.join("Kit")
    chat.send("Look")
    expect(chat.find(".own-message.confirmed").get_by_label("Kept by the host")).to_be_visible()
    for other in others[:6]:
        other.send(type="read", seq=1)
    ticks = chat.find(".own-message").get_by_role("button", name="Read by 6")
    ticks.click()
    popover = page.get_by_role("dialog", name="Read by 6 of 7")
    expect(popover.get_by_role("listitem")).to_have_count(4)
    page.keyboard.press("Tab")
    expect(popover.get_by_role("button", name="2 more")).to_be_focused()
    others[6].send(type="read", seq=1)
    popover = page.get_by_role("dialog", name="Read by 7 of 7")
    popover.get_by_role("button", name="3 more").click()
    expect(popover.get_by_role("listitem")).to_have_count(7)
    expect(popover.get_by_role("listitem").last).to_contain_text("Gus")
    page.keyboard.press("Escape")
    expect(popover).to_be_hidden()
    expect(chat.find(".own-message").get_by_role("button", name="Read by 7")).to_be_focused()


def test_without_receipts_there_is_one_tick_and_nothing_to_press(chat: ChatPage, others: list[Peer]) -> None:
    """Behaviour 21: each person turns receipts and typing off for themselves."""
    page, ana = chat.page, others[0]
    chat.join("Kit")
    chat.send("Look")
    ana.hear("Look")
    ana.send(type="read", seq=1)
    expect(chat.find(".ticks")).to_have_count(1)
    page.get_by_role("button", name="Settings", exact=True).click()
    page.get_by_role("switch", name="Tell others what I have read").click()
    expect(chat.find(".ticks")).to_have_count(0)
    page.get_by_role("switch", name="Show others that I type").click()
    page.keyboard.press("Escape")
    chat.find("#message").press_sequentially("Nobody sees this")
    chat.find("#message").press("Enter")
    heard = ana.wait_for(lambda event: event["type"] in ("typing", "message"))
    assert heard["type"] == "message"
    page.reload()
    page.get_by_role("button", name="Settings", exact=True).click()
    expect(page.get_by_role("switch", name="Show others that I type")).not_to_be_checked()
    expect(page.get_by_role("switch", name="Tell others what I have read")).not_to_be_checked()
    page.get_by_role("switch", name="Tell others what I have read").click()
    expect(chat.find(".ticks")).to_have_count(1)


def test_everybody_who_has_reacted_is_named(chat: ChatPage, others: list[Peer]) -> None:
    """Behaviour 5: the full list by its own question, for a pointer that rests and for keys."""
    page = chat.page
    others[0].say("Cake!")
    for other in others:
        other.send(type="react", seq=1, emoji="🎉")
    chat.join("Kit")
    pill = chat.message("Cake").locator(".reaction[data-emoji]")
    expect(pill).to_have_text("🎉7")
    pill.hover()
    expect(chat.find("div.people-popover")).to_contain_text("Dan")
    chat.find("#message").hover()
    expect(chat.find("div.people-popover")).to_be_hidden()
    pill.focus()
    page.keyboard.press("i")
    popover = page.get_by_role("dialog", name="🎉 7")
    popover.get_by_role("button", name="3 more").click()
    expect(popover.get_by_role("listitem")).to_have_count(7)
    page.keyboard.press("Escape")
    expect(pill).to_be_focused()


def test_a_finger_that_rests_on_a_reaction_shows_who_has_reacted(new_page: PageFactory, others: list[Peer]) -> None:
    others[0].say("Cake!")
    for other in others:
        other.send(type="react", seq=1, emoji="🎉")
    chat = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    chat.join("Kit")
    pill = chat.message("Cake").locator(".reaction[data-emoji]")
    expect(pill).to_have_text("🎉7")
    pill.dispatch_event("touchstart", {"touches": [{"identifier": 0, "clientX": 90, "clientY": 200, "target": None}]})
    popover = chat.page.get_by_role("dialog", name="🎉 7")
    expect(popover.get_by_role("listitem")).to_have_count(4)
    chat.page.go_back()
    expect(popover).to_be_hidden()
    expect(pill).to_have_text("🎉7")


def test_keys_mark_a_message_as_unread_and_tell_what_is_known_of_it(chat: ChatPage, others: list[Peer]) -> None:
    others[0].say("one", "two", "three")
    chat.join("Kit")
    expect(chat.message("three")).to_be_visible()
    chat.find("#timeline").focus()
    for _ in range(2):
        chat.page.keyboard.press("ArrowUp")
    chat.page.keyboard.press("u")
    expect(chat.find("h2.new")).to_contain_text("2 new")
    expect(chat.page).to_have_title("(2) ChatDesk")
    chat.page.keyboard.press("i")
    information = chat.page.get_by_role("dialog", name="Message")
    expect(information).to_contain_text("#lobby/2")
    expect(information).to_contain_text("Ana")
    chat.page.keyboard.press("Escape")
    expect(chat.message("two")).to_be_focused()
    chat.message("one").hover()
    chat.message("one").get_by_role("button", name="More").click()
    chat.page.get_by_role("button", name="Mark unread from here").click()
    expect(chat.page).to_have_title("(3) ChatDesk")
