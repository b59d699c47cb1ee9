"""What is being written in the page and not sent: it stays in its room, for its message, and outlives a reload."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.peer import Event, Peer


@pytest.fixture
def ana(new_peer: PeerFactory) -> Peer:
    return new_peer("Ana")


@pytest.fixture
def kit(chat: ChatPage) -> ChatPage:
    chat.join("Kit")
    chat.send("helo")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    return chat


def field(chat: ChatPage) -> Locator:
    return chat.find("#message")


def show_room(chat: ChatPage, name: str) -> None:
    chat.find("#rooms").get_by_role("button", name=name).first.click()
    expect(chat.find("h1 [data-show=room]").first).to_have_text(name)


def make_room(chat: ChatPage, name: str) -> None:
    chat.find("#room-create").click()
    chat.find("#new-room-name").fill(name)
    chat.find("#new-room-name").press("Enter")
    expect(chat.find("h1 [data-show=room]").first).to_have_text(name)


def edited(peer: Peer) -> Event:
    message: Event = peer.wait_for(lambda event: event["type"] == "updated")["message"]
    return message


def reload(chat: ChatPage) -> None:
    chat.page.reload()
    expect(chat.find("#chat")).to_be_visible()


def test_an_edit_outlives_a_reload_and_goes_back_to_its_message(kit: ChatPage, ana: Peer) -> None:
    """Behaviour 22."""
    field(kit).fill("an ordinary message")
    kit.message("helo").hover()
    kit.find("#timeline").focus()
    kit.find("#timeline").press("ArrowUp")
    kit.page.keyboard.press("e")
    expect(field(kit)).to_have_value("helo")
    field(kit).fill("hello, half")
    reload(kit)
    expect(kit.find(".composer-context")).to_contain_text("Edit message")
    expect(kit.find(".composer-context")).to_contain_text("helo")
    expect(field(kit)).to_have_value("hello, half")
    field(kit).press("Enter")
    assert edited(ana)["content"] == "hello, half"
    expect(field(kit)).to_have_value("an ordinary message")
    reload(kit)
    expect(field(kit)).to_have_value("an ordinary message")
    expect(kit.find(".composer-context")).to_be_hidden()


def test_each_room_keeps_its_text_its_answer_and_its_edit(kit: ChatPage, ana: Peer) -> None:
    """Behaviour 22: nothing goes to another room than that in which it was written."""
    ana.say("Which bench?")
    kit.message("Which bench?").hover()
    kit.message("Which bench?").get_by_role("button", name="Reply").click()
    field(kit).fill("The fourth")
    make_room(kit, "plans")
    expect(field(kit)).to_have_value("")
    expect(kit.find(".composer-context")).to_be_hidden()
    kit.send("A plan")
    expect(kit.message("A plan").locator(".quote")).to_have_count(0)
    expect(kit.find(".own-message.confirmed")).to_be_visible()
    field(kit).press("ArrowUp")
    expect(field(kit)).to_have_value("A plan")
    field(kit).fill("A better plan")
    reload(kit)
    show_room(kit, "lobby")
    expect(field(kit)).to_have_value("The fourth")
    expect(kit.find(".composer-context")).to_contain_text("Which bench?")
    show_room(kit, "plans")
    expect(field(kit)).to_have_value("A better plan")
    field(kit).press("Enter")
    expect(kit.message("A better plan").locator(".edited")).to_be_visible()
    show_room(kit, "lobby")
    field(kit).press("Enter")
    assert ana.hear("The fourth")["reply_to"] == 2
    expect(field(kit)).to_have_value("")


def test_an_edit_that_was_on_its_way_is_written_again_after_a_reload(new_page: PageFactory, ana: Peer) -> None:
    """Behaviour 22: an edit is not lost with the connection, nor by a reload before the host has it."""
    kit = new_page(viewport={"width": 1280, "height": 800})
    dropped: list[str] = []

    def drop(command: Event) -> Event | None:
        if command["type"] == "edit" and len(dropped) < 1:
            dropped.append(command["content"])
            return None
        return command

    kit.between(drop)
    kit.join("Kit")
    kit.send("helo")
    expect(kit.find(".own-message.confirmed")).to_be_visible()
    field(kit).press("ArrowUp")
    kit.send("hello")
    expect(kit.message("hello")).to_be_visible()
    reload(kit)
    expect(kit.find(".composer-context")).to_contain_text("Edit message")
    expect(field(kit)).to_have_value("hello")
    field(kit).press("Enter")
    expect(kit.find(".composer-context")).to_be_hidden()
    expect(kit.message("hello").locator(".edited")).to_be_visible()
    assert edited(ana)["content"] == "hello"
    reload(kit)
    expect(kit.message("hello")).to_be_visible()
    expect(field(kit)).to_have_value("")


def test_a_refused_edit_comes_back_and_escape_gives_it_up(new_page: PageFactory) -> None:
    """Behaviour 22: refusal."""
    kit = new_page(viewport={"width": 1280, "height": 800})
    kit.between(lambda it: it | {"seq": 99} if it["type"] == "edit" else it)
    kit.join("Kit")
    kit.send("helo")
    expect(kit.find(".own-message.confirmed")).to_be_visible()
    field(kit).press("ArrowUp")
    kit.send("hello")
    expect(field(kit)).to_have_value("hello")
    expect(kit.find(".composer-context")).to_contain_text("Edit message")
    expect(kit.message("helo")).to_be_visible()
    field(kit).press("Escape")
    expect(field(kit)).to_have_value("")
    field(kit).press("ArrowUp")
    expect(field(kit)).to_have_value("helo")


def test_what_is_written_survives_another_name(kit: ChatPage) -> None:
    """Behaviours 12 and 22."""
    make_room(kit, "plans")
    field(kit).fill("A plan")
    show_room(kit, "lobby")
    kit.send("/nick Kit the 2nd")
    expect(kit.find("#you")).to_contain_text("Kit the 2nd")
    reload(kit)
    show_room(kit, "plans")
    expect(field(kit)).to_have_value("A plan")
