"""The connection is lost; the page reconnects by itself, and no message is lost or doubled."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.serving import Serving

Message = dict[str, Any]


def test_a_host_that_is_killed_and_started_again_has_everybody_back(
    chat: ChatPage, serving: Serving, new_peer: PeerFactory
) -> None:
    chat.join("Kit")
    chat.send("Before")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    serving.kill()
    banner = chat.find("#banner")
    expect(banner).to_contain_text(re.compile(r"Connection lost\. Trying again in \d+\ss\."))
    expect(chat.find("#chat-status")).to_have_text("Not connected")
    chat.send("While away")
    expect(chat.find(".own-message.pending")).to_contain_text("While away")
    serving.start()
    mara = new_peer("Mara")
    chat.try_now()
    expect(banner).to_have_text("Back online. Nothing was missed.")
    assert mara.hear("While away")["nickname"] == "Kit"
    chat.expect_texts("Before", "While away")
    expect(chat.find(".own-message.confirmed")).to_have_count(2)
    mara.say("Welcome back")
    chat.expect_texts("Before", "While away", "Welcome back")


def test_unsent_messages_are_not_sent_to_another_chat_at_the_same_address(
    chat: ChatPage, serving: Serving, new_peer: PeerFactory
) -> None:
    chat.join("Kit")
    chat.send("Before")
    expect(chat.find(".own-message.confirmed")).to_be_visible()  # so the owner of the nickname is on the disk, too
    serving.kill()
    expect(chat.find("#chat-status")).to_have_text("Not connected")
    chat.send("For the first chat")
    serving.lose_history()
    serving.start()
    mara = new_peer("Mara")
    chat.try_now()
    waiting = "Another chat answers at this address now. One message that was not sent waits for the one before."
    expect(chat.find("#timeline").get_by_text(waiting)).to_be_visible()
    chat.send("For the second")
    assert mara.heard("For the second") == ["For the second"]
    mara.close()
    serving.kill()
    serving.find_history()
    serving.start()
    # The first chat gets the second one's token: another person, while the nickname is reserved for Kit.
    expect(chat.find("#nickname-error")).to_contain_text("Try Kit 2.")
    chat.find("#nickname").fill("Kit 2")
    chat.find("#join-button").click()
    failed = chat.find(".own:has(.failed)")
    expect(failed).to_contain_text("For the first chat")
    expect(failed.locator(".reason")).to_contain_text("This may be another chat than the one it was written for.")
    failed.get_by_role("button", name="Send again").click()
    expect(chat.find(".own-message.confirmed")).to_have_text(re.compile("For the first chat"))
    chat.expect_texts("Before", "For the first chat")


def test_of_several_chats_at_an_address_only_the_last_ones_token_is_sent(chat: ChatPage, serving: Serving) -> None:
    def visit() -> str:
        """Join and leave; returns the token of this visit."""
        chat.join("Kit")
        token: str = chat.page.evaluate("JSON.parse(localStorage.getItem('chatdesk.identity')).token")
        chat.page.get_by_role("button", name="Leave the chat").click()
        expect(chat.find("#join")).to_be_visible()
        return token

    first = visit()
    assert visit() == first
    serving.stop()
    serving.lose_history()
    serving.start()
    second = visit()
    serving.stop()
    serving.find_history()
    serving.start()
    third = visit()
    assert len({first, second, third}) == 3
    shown = [command.get("token") for command in chat.sent if command["type"] == "join"]
    assert shown[0].startswith("new."), "a newcomer's own"
    assert shown[1:] == [first, first, second]


def test_a_host_that_closes_the_chat_is_said_to_have_done_so_at_once(chat: ChatPage, serving: Serving) -> None:
    chat.page.clock.install()
    chat.join("Kit")
    chat.page.clock.pause_at(chat.page.evaluate("Date.now() / 1000 + 1"))  # in seconds
    serving.stop()
    banner = chat.find("#banner")
    expect(banner).to_contain_text(re.compile(r"The host has closed the chat\. Looking again in 1\ss\."))
    banner.get_by_role("button", name="Try now").click()
    expect(banner).to_contain_text(re.compile(r"The host has closed the chat\. Looking again in 2\ss\."))
    expect(chat.page.get_by_role("status")).to_have_text("The host has closed the chat. Looking again by itself.")
    expect(chat.find("#chat-status")).to_have_text("Not connected")
    serving.lose_history()
    serving.start()
    banner.get_by_role("button", name="Try now").click()
    expect(banner).to_have_text("Back online. The host has started afresh, earlier messages are gone.")


def test_lost_messages_are_reported_even_after_a_short_loss(chat: ChatPage, serving: Serving) -> None:
    chat.join("Kit")
    chat.send("Before")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    serving.kill()
    serving.lose_history()
    serving.start()
    sentence = "Back online. The host has started afresh, earlier messages are gone."
    expect(chat.find("#banner")).to_have_text(sentence)
    expect(chat.page.get_by_role("status")).to_have_text(sentence)


def test_the_lamp_is_out_at_once_and_the_banner_follows_soon(chat: ChatPage, serving: Serving) -> None:
    chat.page.clock.install()
    chat.join("Kit")
    chat.page.clock.pause_at(chat.page.evaluate("Date.now() / 1000 + 1"))  # in seconds
    lamp = chat.find(".sidebar-header .lamp")
    expect(lamp).not_to_have_class(re.compile(r"\bout\b"))
    serving.kill()
    expect(lamp).to_have_class(re.compile(r"\bout\b"))
    expect(chat.find("#chat-status")).to_have_text("Not connected")
    assert chat.find("#banner").is_hidden()
    chat.send("One")
    chat.send("Two")
    chat.page.clock.run_for(2000)
    expect(chat.find("#banner")).to_contain_text("Connection lost.")


def assert_the_seconds_stay_with_their_unit(chat: ChatPage) -> None:
    """On every width."""
    seconds = chat.find("#banner b")
    expect(seconds).to_be_visible()
    for width in range(320, 480, 4):
        chat.page.set_viewport_size({"width": width, "height": 740})
        assert seconds.evaluate("it => it.getClientRects().length") == 1
        sentence = seconds.locator("xpath=..")  # "Looking again in 1 s.": no part of it is alone on a line
        assert sentence.evaluate("it => it.offsetHeight <= parseFloat(getComputedStyle(it).lineHeight)")


@pytest.mark.parametrize("finger", [False, True], ids=["pointer", "finger"])
def test_the_banner_is_44_high_with_one_sentence_and_one_button(
    new_page: PageFactory, serving: Serving, finger: bool
) -> None:
    chat = new_page(has_touch=finger)
    chat.page.clock.install()
    chat.join("Kit")
    chat.page.clock.pause_at(chat.page.evaluate("Date.now() / 1000 + 1"))  # in seconds
    banner = chat.find("#banner")

    def measure() -> None:
        for width in (360, 390, 720, 1280):
            chat.page.set_viewport_size({"width": width, "height": 740})
            assert banner.evaluate("it => it.getBoundingClientRect().height") == 44, (width, banner.inner_text())

    serving.stop()
    expect(banner).to_contain_text("The host has closed the chat.")
    measure()
    if not finger:
        assert_the_seconds_stay_with_their_unit(chat)
    serving.start()
    chat.try_now()
    expect(banner).to_have_text("Back online. Nothing was missed.")
    serving.kill()
    expect(chat.find("#chat-status")).to_have_text("Not connected")
    for words in ("One", "Two"):
        chat.send(words)
    chat.page.clock.run_for(2000)
    expect(banner).to_have_text(re.compile(r"^Connection lost\. Trying again in \d\ss\.Try now$"))
    expect(banner.get_by_role("button")).to_have_count(1)
    measure()
    chat.context.set_offline(True)
    chat.page.clock.run_for(1000)
    expect(banner).to_have_text("You are offline. 2 messages wait here and go out by themselves.")
    measure()


def test_missed_messages_arrive_once_and_in_order(chat: ChatPage, new_peer: PeerFactory) -> None:
    mara = new_peer("Mara")
    mara.say("One")

    def speak_before_the_join(command: Message) -> Message:
        if "resume" in command:
            mara.say("Two", "Three")
        return command

    connections = chat.between(speak_before_the_join)
    chat.join("Kit")
    chat.expect_texts("One")
    connections[0].close(code=4000)
    expect(chat.message("Three")).to_be_visible()
    assert chat.find("#banner").is_hidden()  # so short a loss without missed messages is not shown
    mara.say("Four")
    chat.expect_texts("One", "Two", "Three", "Four")


def test_a_gap_that_the_host_can_no_longer_fill_is_reported_and_the_latest_page_shown(
    chat: ChatPage, new_peer: PeerFactory
) -> None:
    mara = new_peer("Mara")
    mara.say("Old")

    def forget(command: Message) -> Message:
        """Answer as if the host's log began after the requested messages."""
        if command.pop("resume", None):
            mara.say(*(f"Missed {number}" for number in range(60)))
        return command

    connections = chat.between(forget)
    chat.join("Kit")
    connections[0].close(code=4000)
    expect(chat.find("#banner")).to_have_text("Back online. Some messages were missed, the host no longer has them.")
    expect(chat.message("Missed 59")).to_be_visible()
    assert chat.texts()[-50:] == [f"Missed {number}" for number in range(10, 60)]
    # The messages before are not gone, only not requested yet: scrolling up loads them.
    chat.find("#timeline").evaluate("timeline => timeline.scrollTop = 0")
    chat.expect_texts("Old", *(f"Missed {number}" for number in range(60)))


def test_a_message_lost_on_the_way_leaves_no_gap(chat: ChatPage, new_peer: PeerFactory) -> None:
    """At the end, and while one reads further up."""
    mara = new_peer("Mara")
    mara.say(*(f"Line {number}" for number in range(40)))
    lost = ("Lost", "Lost again")
    chat.between(filter_event=lambda event: None if event.get("content") in lost and "seq" in event else event)
    chat.join("Kit")
    expect(chat.message("Line 39")).to_be_visible()
    mara.say("Lost", "After")
    expect(chat.message("After")).to_be_in_viewport()
    assert chat.texts()[-3:] == ["Line 39", "Lost", "After"]
    chat.find("#timeline").evaluate("timeline => timeline.scrollTop = 0")
    expect(chat.message("Line 0")).to_be_in_viewport()
    mara.say("Lost again", "And after")
    chat.find("#jump").click()
    expect(chat.message("And after")).to_be_in_viewport()
    assert chat.texts()[-3:] == ["After", "Lost again", "And after"]


def test_after_a_final_close_code_the_page_reconnects_only_on_request(chat: ChatPage) -> None:
    chat.page.clock.install()
    connections = chat.between()
    chat.join("Kit")
    banner = chat.find("#banner")
    for count, code in enumerate((1008, 4500), 1):
        connections[-1].close(code=code)
        expect(banner).to_contain_text("The host has ended this connection.")
        chat.page.clock.fast_forward(15_000)
        assert len(connections) == count
        banner.get_by_role("button", name="Join again").click()
        expect(banner).to_have_text("Back online. Nothing was missed.")
        chat.page.clock.fast_forward(4000)
        expect(banner).to_be_hidden()
        assert len(connections) == count + 1


def test_a_machine_that_slept_goes_on_where_it_was(chat: ChatPage, new_peer: PeerFactory) -> None:
    """Behaviour 38."""
    chat.page.clock.install()
    connections = chat.between()
    chat.join("Kit")
    chat.page.clock.fast_forward(3_600_000)
    expect(chat.find("#chat-status")).to_have_text("Open")
    chat.send("Awake")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    assert len(connections) == 1


def test_without_a_network_the_page_says_so_and_keeps_what_is_written(chat: ChatPage, serving: Serving) -> None:
    chat.page.clock.install()
    chat.join("Kit")
    serving.kill()
    chat.context.set_offline(True)
    chat.send("One")
    chat.send("Two")
    chat.page.clock.fast_forward(6000)
    expect(chat.find("#banner")).to_have_text("You are offline. 2 messages wait here and go out by themselves.")
    serving.start()
    chat.context.set_offline(False)
    expect(chat.find(".own-message.confirmed")).to_have_count(2)
    chat.expect_texts("One", "Two")
