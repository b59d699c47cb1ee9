"""Whose words they are, and what has become of them: authors and edits, told by a real host."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PeerFactory
from tests.e2e.hostile_host_page import JoinHostileHost
from tests.e2e.peer import Peer
from tests.e2e.test_page_unread import look_away, look_back
from tests.hostile_host import Visit, message, user


@pytest.fixture
def mara(new_peer: PeerFactory) -> Peer:
    return new_peer("Mara")


def test_the_words_of_a_namesake_are_not_ones_own(chat: ChatPage, new_peer: PeerFactory) -> None:
    namesake = new_peer("Kit")
    namesake.say("I was here before")
    namesake.send(type="leave")
    chat.join("Kit")
    earlier = chat.message("I was here before")
    expect(earlier.locator(".name")).to_have_text("Kit")
    expect(chat.find(".own-message")).to_have_count(0)
    chat.send("And I am another one")
    expect(chat.find(".own-message.confirmed")).to_have_count(1)
    chat.page.reload()
    expect(chat.find(".own-message.confirmed")).to_have_count(1)
    expect(earlier.locator(".name")).to_be_visible()


def test_two_people_of_one_name_are_two_groups_in_two_colours(join_hostile_host: JoinHostileHost) -> None:
    def room(visit: Visit) -> None:
        said = [("Ana", "a1"), ("Ana", "a1"), ("Ana", "a2"), ("Anna", "a1")]
        messages = tuple(message(seq, nickname=name, author=author) for seq, (name, author) in enumerate(said, 1))
        visit.enter(user("Mara", host=True, author="m"), said=messages, me="kit")
        visit.say(message(5, nickname="Someone", author="m"))
        visit.stay()

    chat = join_hostile_host(room)
    expect(chat.message("message 5").locator(".tag")).to_have_text("host")
    names = chat.find(".name")
    expect(names).to_have_text(["Ana", "Ana", "Anna", "Someone"])
    classes = [names.nth(place).get_attribute("class") for place in range(3)]
    assert classes[0] == classes[2] != classes[1], "colours follow the author, not the nickname"


def test_own_words_from_another_tab_are_own_and_not_new(chat: ChatPage, mara: Peer) -> None:
    chat.join("Kit")
    other = ChatPage(chat.context, chat.url).join("Kit")
    look_away(chat)
    other.send("From the other tab")
    expect(chat.message("From the other tab").locator(".confirmed")).to_be_visible()
    look_away(other)  # what one tab has read is read in the other
    mara.say("An answer")
    expect(chat.page).to_have_title("(1) ChatDesk")
    look_back(chat)
    expect(chat.message("An answer").locator(".day.new")).to_have_text(re.compile("^1 new"))


def test_an_edited_message_shows_its_present_text_everywhere(chat: ChatPage, mara: Peer) -> None:
    mara.say("The talk begins at nine", "Another line")
    chat.join("Kit")
    row = chat.message("The talk begins at")
    expect(row).to_contain_text("nine")
    mara.send(type="edit", seq=1, content="The talk begins at ten")
    expect(row).to_contain_text("ten")
    expect(row.locator(".edited")).to_have_text("edited")
    expect(row.locator(".edited")).to_have_attribute("title", re.compile(r"^Edited \d\d:\d\d$"))
    expect(chat.message("Another line").locator(".edited")).to_have_count(0)
    expect(chat.page).to_have_title("ChatDesk")
    chat.page.reload()
    expect(row.locator(".edited")).to_have_text("edited")
    chat.page.keyboard.press("Control+f")
    chat.find("#search-field").fill("ten")
    expect(chat.find("#search-hits li")).to_have_count(1)


def test_what_is_edited_while_the_line_is_lost_is_seen_after_it(chat: ChatPage, mara: Peer) -> None:
    mara.say("The talk begins at nine", "Another line")

    def edit_before_the_join(command: dict[str, object]) -> dict[str, object]:
        if "resume" in command:
            mara.send(type="edit", seq=1, content="The talk begins at ten")
            mara.wait_for(lambda event: event["type"] == "updated")
        return command

    connections = chat.between(edit_before_the_join)
    chat.join("Kit")
    expect(chat.message("Another line")).to_be_visible()
    connections[0].close(code=4000)
    expect(chat.message("The talk begins at")).to_contain_text("ten")
    chat.expect_texts("The talk begins at ten", "Another line")
    joins = [command for command in chat.sent if command["type"] == "join"]
    assert joins[-1]["resume"]["change"] == 2
    assert [command["type"] for command in chat.sent if command["type"] in ("history", "users")] == []
