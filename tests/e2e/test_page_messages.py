"""Messages reach the others, in pages and in terminals."""

import re

from playwright.sync_api import expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.serving import Serving
from tests.e2e.wscat import Wscat


def test_two_pages_and_wscat_talk(new_page: PageFactory, serving: Serving) -> None:
    kit, mara = new_page().join("Kit"), new_page().join("Mara")
    with Wscat(serving.websocket) as wscat:
        wscat.type('{"type":"join","nickname":"test_user"}')
        wscat.wait_for("user_joined")
        wscat.type('{"type":"message","content":"Hello from wscat!"}')
        expect(kit.message("Hello from wscat!")).to_be_visible()
        kit.send("Hello wscat")
        expect(mara.message("Hello wscat")).to_be_visible()
        wscat.wait_for("Hello wscat")
        mara.send("Hello both")
        expect(kit.message("Hello both")).to_be_visible()
        wscat.wait_for("Hello both")
        wscat.type('{"type":"leave"}')
        wscat.wait_for("Disconnected")
    for page in (kit, mara):
        page.expect_texts("Hello from wscat!", "Hello wscat", "Hello both")
        expect(page.find(".person")).to_have_count(2)  # wscat has left


def test_an_own_message_is_shown_at_once_and_confirmed_in_place(chat: ChatPage, serving: Serving) -> None:
    chat.join("Kit")
    serving.hold()
    chat.send("Thanks")
    expect(chat.find(".own-message.pending")).to_contain_text("Sending")
    row = chat.message("Thanks").element_handle()
    serving.resume()
    expect(chat.find(".own-message.confirmed")).to_contain_text(re.compile(r"\d\d:\d\d"))
    assert row
    assert row.evaluate("(row, now) => row === now", chat.message("Thanks").element_handle())


def test_a_newcomer_sees_earlier_messages_grouped_by_sender_in_local_time(
    new_page: PageFactory, new_peer: PeerFactory
) -> None:
    mara, jonas = new_peer("Mara"), new_peer("Jonas")
    mara.say("One", "Two")
    jonas.say("Three")
    mara.say("Four")
    page = new_page(timezone_id="Asia/Kathmandu").join("Kit")
    page.expect_texts("One", "Two", "Three", "Four")
    assert page.find(".byline .name").all_text_contents() == ["Mara", "Jonas", "Mara"]
    shown, iso = page.find(".byline time").first.evaluate("time => [time.textContent, time.dateTime]")
    hours, minutes = (int(part) for part in iso[11:16].split(":"))
    there = hours * 60 + minutes + 5 * 60 + 45
    assert shown == f"{there // 60 % 24:02}:{there % 60:02}"
    expect(page.find(".day")).to_have_text(re.compile("^Today, "))


def test_joins_and_leaves_share_one_line_that_opens_to_their_names(chat: ChatPage, new_peer: PeerFactory) -> None:
    """Behaviour 16."""
    chat.join("Kit")
    peers = [new_peer(f"Bench {number}") for number in range(5)]
    line = chat.find(".event summary")
    expect(line).to_have_text("5 people joined")
    line.click()
    expect(chat.find(".event li").nth(4)).to_contain_text("Bench 4 joined")
    for peer in peers[:2]:
        peer.close()
    expect(line).to_have_text("Bench 2, Bench 3 and Bench 4 joined")
    expect(chat.find(".event li")).to_have_count(3)
    peers[2].say("Hello")
    peers[3].close()
    expect(chat.find(".event").last).to_have_text("Bench 3 left")


def test_typing_is_shown_by_name_ends_with_the_message_and_expires(chat: ChatPage, new_peer: PeerFactory) -> None:
    chat.page.clock.install()
    chat.join("Kit")
    mara, jonas = new_peer("Mara Lindqvist"), new_peer("Jonas Weber")
    line = chat.find("#typing")
    mara.send(type="typing")
    expect(line).to_have_text("Mara is typing")
    jonas.send(type="typing")
    expect(line).to_have_text("Mara and Jonas are typing")
    other = new_peer("Mara Berg")
    other.send(type="typing")
    expect(line).to_have_text("Mara Lindqvist, Jonas and Mara Berg are typing")
    other.say("Never mind")
    expect(line).to_have_text("Mara Lindqvist and Jonas are typing")  # another Mara is in the room
    mara.say("Done")
    expect(line).to_have_text("Jonas is typing")
    chat.page.clock.fast_forward(6000)
    expect(line).to_be_empty()


def test_typing_is_sent_every_three_seconds_at_most_and_not_for_a_slash(chat: ChatPage) -> None:
    chat.page.clock.install()
    chat.join("Kit")
    field = chat.find("#message")
    field.press_sequentially("/help")
    field.fill("")
    field.press_sequentially("a long sentence")
    chat.page.clock.fast_forward(3100)
    field.press_sequentially(", and more of it")
    field.fill("")
    said = [command["active"] for command in chat.sent if command["type"] == "typing"]
    assert said == [True, True, False]


def test_the_title_counts_what_came_in_while_nobody_looked(chat: ChatPage, new_peer: PeerFactory) -> None:
    chat.join("Kit")
    mara = new_peer("Mara")
    mara.say("Seen")
    expect(chat.message("Seen")).to_be_visible()
    look = "hidden => { Object.defineProperty(document, 'hidden', {get: () => hidden, configurable: true});"
    look += "document.dispatchEvent(new Event('visibilitychange')) }"
    chat.page.evaluate(look, True)
    mara.say("One", "Two")
    expect(chat.page).to_have_title("(2) ChatDesk")
    chat.page.evaluate(look, False)
    expect(chat.page).to_have_title("ChatDesk")
