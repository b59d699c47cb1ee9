"""Keeping order in the page, with a real host: a moderator acts, who is meant reads why, and it is undone."""

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
    return new_peer("Mara", token=host_token(serving))


def make_moderator(mara: Peer, page: ChatPage, nickname: str) -> None:
    mara.send(type="role", whom=nickname, role="moderator")
    expect(page.find(".person-more").first).to_be_attached()


def act(page: ChatPage, nickname: str, words: str) -> None:
    """Choose from the menu of somebody in the list."""
    page.find(f'.person[data-nickname="{nickname}"]').hover()
    page.find(f'.person[data-nickname="{nickname}"] .person-more').click()
    page.find("#message-menu").get_by_role("button", name=words).click()


def test_a_ban_is_asked_told_and_undone(chat: ChatPage, new_page: PageFactory, mara: Peer) -> None:
    """Behaviour 26: reason, end and the others at the address stand in the dialog; undo lets the person in again."""
    chat.join("Bo")
    make_moderator(mara, chat, "Bo")
    kit = new_page(viewport={"width": 390, "height": 844}).join("Kit")
    kit.find("#message").fill("half a sentence")
    act(chat, "Kit", "Ban…")
    dialog = chat.page.get_by_role("dialog", name="Ban")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    expect(dialog.get_by_role("radio", name="This evening")).to_be_checked()
    expect(dialog.get_by_role("checkbox")).not_to_be_checked()
    expect(dialog).to_contain_text("2 others here use it: Bo, Mara.")
    dialog.get_by_role("textbox").fill("Selling parts")
    dialog.get_by_role("textbox").press("Enter")
    expect(kit.find("#removed-title")).to_have_text("Bo banned you")
    expect(kit.find("#removed-title")).to_be_focused()
    expect(kit.find("#removed-reason-text")).to_have_text("Selling parts")
    expect(kit.find("#removed-end")).to_contain_text("Ends")
    expect(kit.find("#removed-again")).to_be_hidden()
    expect(kit.find("#removed-copy")).to_have_text("Copy my unsent message")
    kit.page.reload()
    kit.find("#join-button").click()
    expect(kit.find("#removed-title")).to_have_text("Bo banned you")
    expect(chat.find("#toast")).to_contain_text("is banned until")
    chat.find("#toast-undo").click()
    kit.join("Kit")


def test_messages_that_are_drawn_follow_the_role_of_their_author(
    chat: ChatPage, new_page: PageFactory, mara: Peer
) -> None:
    chat.join("Bo")
    chat.send("Before")
    kit = new_page().join("Kit")
    mark = kit.page.locator(".line.message", has_text="Before").locator(".byline .tag")
    expect(kit.message("Before")).to_be_visible()
    expect(mark).to_have_count(0)
    mara.send(type="role", whom="Bo", role="moderator")
    expect(mark).to_contain_text("moderator")
    mara.send(type="role", whom="Bo", role="member")
    expect(mark).to_have_count(0)


def test_commands_mute_and_show_what_was_done(chat: ChatPage, new_page: PageFactory, mara: Peer) -> None:
    """Behaviour 24: who is muted reads on, and the composer says until when; nothing is lost that was written."""
    chat.join("Bo")
    make_moderator(mara, chat, "Bo")
    kit = new_page().join("Kit")
    kit.find("#message").fill("half a sentence")
    chat.find("#message").fill("/mute @Kit 5 too loud")
    chat.find("#message").press("Enter")
    expect(kit.find("#composer-muted")).to_contain_text("Bo has muted you until")
    expect(kit.find("#composer-muted")).to_contain_text("too loud")
    expect(kit.find("#message")).to_be_hidden()
    act(chat, "Kit", "Let them speak again")
    expect(kit.find("#message")).to_have_value("half a sentence")
    chat.find("#message").fill("/role @Kit king")
    chat.find("#message").press("Enter")
    expect(chat.find(".timeline")).to_contain_text("Write /role @name moderator, member or guest.")
    chat.find("#message").fill("/banname *spam*")
    chat.find("#message").press("Enter")
    expect(chat.find("#toast")).to_contain_text("Nobody new can be called")
    chat.find("#message").fill("/bans")
    chat.find("#message").press("Enter")
    expect(chat.find("#order-force")).to_be_focused()
    held = chat.page.locator("#order-force li", has_text="*spam*")
    expect(held).to_contain_text("is a name that nobody may have")
    expect(chat.find("#order-force")).to_contain_text("Bo is moderator, by")
    held.get_by_role("button", name="Allow").click()
    expect(chat.find("#toast")).to_contain_text("can be had again")
    expect(held).to_have_count(0)
    mara.send(type="ban", whom="Kit", reason="Selling parts")
    expect(chat.find("#order-force li").first).to_contain_text("Kit is banned, by Mara")
    expect(chat.find("#order-audit li").first).to_contain_text("Mara banned Kit")
    chat.page.keyboard.press("Escape")
    chat.find("#message").fill("/audit")
    chat.find("#message").press("Enter")
    expect(chat.find("#order-audit")).to_be_focused()
    rows = chat.find("#order-audit li")
    expect(rows).to_have_count(6)
    expect(rows.nth(1)).to_contain_text("Bo allowed the name *spam*")
    expect(rows.nth(4)).to_contain_text("Bo muted Kit")
    expect(rows.nth(4)).to_contain_text("too loud")
