"""The pace of a room in the page, with a real host: held messages, hands, questions and a slow room."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving
from tests.e2e.test_page_admission import host_token


@pytest.fixture
def mara(new_peer: PeerFactory, serving: Serving) -> Peer:
    """The host."""
    return new_peer("Mara", token=host_token(serving), capabilities=["pace"])


def picture(page: ChatPage, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    if folder := os.environ.get("PICTURES_OF_THE_PAGE"):
        page.page.screenshot(path=Path(folder) / f"{name}.png")


def test_a_held_message_waits_over_a_reload_and_a_moderator_shows_it(
    chat: ChatPage, new_page: PageFactory, mara: Peer
) -> None:
    """Behaviour 25, and the keys of the board: A shows, X refuses; a refusal answers in words and keeps the text."""
    chat.join("Bo")
    mara.send(type="role", whom="Bo", role="moderator")
    mara.send(type="pace", hold=True)
    kit = new_page(viewport={"width": 390, "height": 844}).join("Kit")
    for text in ("May we swap benches?", "Buy my motors"):
        kit.find("#message").fill(text)
        kit.find("#message").press("Enter")
    expect(kit.find(".own-message.held")).to_have_count(2)
    expect(kit.find(".own-message.held").first).to_contain_text("Waits for")
    picture(kit, "held-phone")
    kit.page.reload()
    expect(kit.find(".own-message.held")).to_have_count(2)
    expect(chat.find("#order-open")).to_have_accessible_name("Keeping order, 2 wait for you")
    chat.find("#order-open").click()
    rows = chat.find("#order-held .order-row")
    expect(rows).to_have_count(2)
    picture(chat, "board")
    rows.first.focus()
    chat.page.keyboard.press("a")
    expect(kit.find(".own-message.confirmed")).to_have_count(1)
    expect(rows).to_have_count(1)
    rows.first.focus()
    chat.page.keyboard.press("x")
    expect(kit.find(".own-message.failed")).to_contain_text("Buy my motors")
    expect(kit.find(".reason")).to_contain_text("has not let this through")
    kit.find('[data-action="discard"]').click()
    kit.page.reload()
    expect(kit.find(".own-message")).to_have_count(1)


def set_pace(mara: Peer, page: ChatPage, **pace: bool) -> None:
    """Set it, and return when the page knows: of the events about it, the last ones change nothing that is drawn."""
    mara.send(type="pace", **pace)
    mara.send(type="message", content="Ask away")
    expect(page.message("Ask away")).to_be_visible()


def test_a_hand_a_question_and_a_slow_room(chat: ChatPage, new_page: PageFactory, mara: Peer) -> None:
    kit = new_page(viewport={"width": 390, "height": 844}).join("Kit")
    chat.join("Ana")
    set_pace(mara, kit, nameless=True)
    expect(kit.find("#timeline")).to_contain_text("questions without a name")
    kit.find("#hand").click()
    expect(kit.find("#ask-text")).to_be_focused()
    expect(kit.find("#ask-nameless")).to_be_checked()
    expect(kit.find("#ask-truth")).to_contain_text("Nobody sees your name")
    kit.find("#ask-text").fill("How do I save before flashing?")
    picture(kit, "ask")
    kit.page.get_by_role("button", name="Ask", exact=True).click()
    asked = chat.page.locator(".line.message", has_text="How do I save")
    expect(asked.locator(".name")).to_have_text("Without a name")
    expect(asked.locator(".avatar")).to_have_class("avatar nameless")
    expect(kit.find("#toast-text")).to_have_text("Your question is there, without your name.")
    kit.find("#hand").click()
    kit.find("#ask-hand").click()
    expect(kit.find("#pace-bar")).to_contain_text("Your hand is up. You are next")
    picture(kit, "hand-phone")
    mara.send(type="call")
    expect(kit.find("#pace-bar")).to_contain_text("Mara calls you")
    picture(kit, "called-phone")
    kit.find("#pace-bar button").click()
    expect(kit.find("#pace-bar")).to_be_hidden()
    mara.send(type="pace", slow=300)
    kit.find("#message").fill("one")
    kit.find("#message").press("Enter")
    expect(kit.find("#composer-paused")).to_contain_text("Slow mode: you can write again in")
    kit.find("#message").press("ArrowUp")
    expect(kit.find("#send")).to_be_enabled()
    kit.find("#message").fill("one more")
    kit.find("#message").press("Enter")
    expect(kit.find(".own-message")).to_contain_text("one more")
    kit.find("#message").fill("two")
    kit.find("#message").press("Enter")
    expect(kit.find("#message")).to_have_value("two")
    expect(kit.find("#send")).to_be_disabled()
    picture(kit, "slow-phone")
    mara.send(type="pace", announce=True)
    expect(kit.find("#composer-muted")).to_contain_text("Only the host and moderators write here")
    expect(kit.find("#message")).to_be_hidden()
    kit.find("#hand").click()
    kit.find("#ask-hand").click()
    expect(kit.find("#pace-bar")).to_contain_text("Your hand is up. You are next")
    picture(kit, "announce-phone")
    mara.send(type="mute", whom="Kit")
    expect(kit.find("#composer-muted")).to_contain_text("Mara has muted you")
    expect(kit.find("#hand")).to_be_hidden()


def test_a_question_without_a_name_has_nobodys_hue_and_one_that_is_held_says_so(
    chat: ChatPage, new_page: PageFactory, mara: Peer
) -> None:
    """In quotes, pins and search hits, as beside the message; and it offers nothing against its author."""
    kit = new_page().join("Kit")
    set_pace(mara, kit, nameless=True, hold=True)
    expect(kit.find("#timeline")).to_contain_text("questions without a name")
    kit.find("#hand").click()
    kit.find("#ask-text").fill("How do I save before flashing?")
    kit.page.get_by_role("button", name="Ask", exact=True).click()
    expect(kit.find("#toast-text")).to_have_text("Your question waits for Mara, without your name.")
    held = mara.wait_for(lambda event: event["type"] == "held")["messages"][0]
    mara.send(type="approve", held=held["held"])
    seq = mara.hear(held["content"])["seq"]
    mara.send(type="pin", seq=seq)
    mara.send(type="message", content="Press F2.", reply_to=seq)
    chat.join("Ana")
    expect(chat.find("button.quote")).to_have_class("quote nameless")
    expect(chat.find(".quote .quote-name")).to_have_class("quote-name nameless")
    expect(chat.find(".pinned-list .quote-name")).to_have_class("quote-name nameless")
    chat.page.keyboard.press("Control+f")
    chat.find("#search-field").fill("flashing")
    expect(chat.find("#search-hits .hit .name")).to_have_class("name nameless")
    picture(chat, "nameless")


def test_the_host_says_between_whom_private_messages_are_possible(
    chat: ChatPage, new_peer: PeerFactory, serving: Serving
) -> None:
    token = host_token(serving)
    chat.between(
        lambda command: {**command, "token": token} if command["type"] == "join" else command,
        lambda event: {**event, "password_in_file": True} if event["type"] == "entry" else event,
    )
    chat.join("Mara")
    kit, _ = new_peer("Kit"), new_peer("Ana")
    chat.find(".me .own-settings-open").click()
    group = chat.page.get_by_role("group", name="Private messages in this chat")
    expect(group.get_by_role("radio", name="Everybody")).to_be_checked()
    picture(chat, "settings")
    group.get_by_text("Nobody", exact=True).click()
    expect(chat.find(".timeline")).to_contain_text("Private messages are turned off now.")
    kit.send(type="message", to="Ana", content="psst")
    kit.wait_for(lambda event: event["type"] == "error" and "turned private messages off" in event["content"])
    chat.page.reload()
    chat.find(".me .own-settings-open").click()
    expect(group.get_by_role("radio", name="Nobody")).to_be_checked()
    chat.page.keyboard.press("Escape")
    chat.find("#room-settings-open").click()
    expect(chat.find("#room-settings-password-hint")).to_contain_text("stands in a file on the host’s computer")
    expect(chat.find("#room-settings-password")).not_to_be_editable()
