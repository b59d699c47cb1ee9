"""Joining, refused joins, and leaving."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import LAN_NAME, ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.serving import Serving


def test_a_nickname_and_enter_is_all_it_takes_and_both_are_remembered(chat: ChatPage) -> None:
    chat.open()
    expect(chat.find("#nickname")).to_be_focused()
    chat.page.keyboard.type("Kit")
    chat.page.keyboard.press("Enter")
    expect(chat.find(".you")).to_contain_text("You are Kit in ChatDesk")
    expect(chat.find(".person-name")).to_have_text("Kityou")
    expect(chat.find("#empty")).to_be_visible()
    expect(chat.find(".row")).to_have_count(0)  # the host's greeting is for terminals
    expect(chat.find("#message")).to_be_focused()
    chat.page.reload()  # it goes straight back in
    expect(chat.find(".person-name")).to_have_text("Kityou")
    other = ChatPage(chat.context, chat.url).open()
    expect(other.find("#nickname")).to_have_value("Kit")


@pytest.mark.parametrize("serving", [["--name", "Robotics Workshop"]], indirect=True)
def test_before_a_join_the_page_shows_the_rooms_name_but_no_nicknames_and_cleans_a_pasted_one(
    chat: ChatPage, new_peer: PeerFactory
) -> None:
    new_peer("Mara")
    new_peer("Jonas")
    chat.open()
    expect(chat.find("h1:visible")).to_have_text("Robotics Workshop")
    expect(chat.find("#join-host")).to_have_text("2 people here")
    assert "Mara" not in chat.page.content()
    chat.find("#nickname").focus()
    chat.page.keyboard.insert_text("\x1b[31mKit\tLee\x1b[0m")
    chat.page.keyboard.press("Enter")
    expect(chat.find(".you")).to_contain_text("You are Kit Lee in Robotics Workshop")


REFUSED = {
    "Mara": "Someone here has this name, or one that looks like it. Try Mara 2.",
    "mаra": "Someone here has this name",
    "system": "is reserved",
    "   ": "Write your name first.",
    "a" * 33: "32 characters",
    "K\u200bit": "invisible",
}


def test_a_refused_nickname_stays_in_the_field_with_the_reason_under_it(chat: ChatPage, new_peer: PeerFactory) -> None:
    new_peer("Mara")
    chat.open()
    for nickname, sentence in REFUSED.items():
        chat.find("#nickname").fill(nickname)
        expect(chat.find("#nickname-error")).to_be_empty()
        chat.find("#join-button").click()
        expect(chat.find("#nickname-error")).to_contain_text(sentence)
        expect(chat.find("#nickname")).to_have_value(nickname)
        expect(chat.find("#nickname")).to_have_attribute("aria-invalid", "true")
    chat.find("#nickname").fill("Kit")
    chat.find("#join-button").click()
    expect(chat.find("#chat")).to_be_visible()


def test_leaving_shows_the_join_screen_and_the_others_see_it(new_page: PageFactory) -> None:
    stays, leaves = new_page().join("Mara"), new_page().join("Kit")
    leaves.find(".me .leave").click()
    expect(leaves.find("#join")).to_be_visible()
    expect(stays.find("#people-list .person")).to_have_count(1)
    leaves.page.reload()
    expect(leaves.find("#nickname")).to_have_value("Kit")
    leaves.find("#join-button").click()
    expect(stays.find("#people-list .person")).to_have_count(2)


def test_the_page_works_under_a_plain_http_address_where_browsers_allow_less(chat: ChatPage) -> None:
    chat.url = chat.url.replace("127.0.0.1", LAN_NAME)
    chat.join("Kit")
    assert not chat.page.evaluate("isSecureContext")
    chat.send("Hello")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    chat.page.reload()
    expect(chat.message("Hello")).to_be_visible()


def test_a_host_that_is_gone_is_named_and_found_again(chat: ChatPage, serving: Serving) -> None:
    chat.open()
    serving.kill()
    chat.find("#nickname").fill("Kit")
    chat.find("#join-button").click()
    expect(chat.find("#join-error")).to_have_text(
        "The host does not answer. Check that this device is still on its network."
    )
    expect(chat.find("#join-open")).to_have_text("The host does not answer")
    serving.start()
    chat.find("#join-button").click()
    expect(chat.find("#chat")).to_be_visible()


@pytest.mark.parametrize("serving", [["--max-connections", "1"]], indirect=True)
def test_a_full_room_is_not_the_names_fault(chat: ChatPage, new_peer: PeerFactory) -> None:
    new_peer("Mara")
    chat.open()
    chat.find("#nickname").fill("Kit")
    chat.find("#join-button").click()
    join = chat.page.get_by_role("button", name="Join the chat")
    expect(join).to_have_accessible_description("The room is full. Try again when somebody has left.")
    expect(join).to_be_focused()
    expect(chat.find("#nickname")).to_have_attribute("aria-invalid", "false")
    expect(chat.find("#nickname-error")).to_be_empty()
