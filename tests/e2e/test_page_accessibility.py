"""What screen readers say."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.accessibility import faults, violations
from tests.e2e.accessible_states import find_faults_over_the_conversation, find_faults_while_joining
from tests.e2e.browser import ELSEWHERE, ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.serving import Serving
from tests.gallery.page import shown
from tests.gallery.page_order_scenes import ORDER_SHOTS
from tests.gallery.page_stage import PHONE, WIDE

SAID = """
window.said ??= [];
window.texts = () => [...document.querySelectorAll('#new-messages > *')].map(it => it.textContent);
new MutationObserver(() => said.push(...texts()))"""
"""What screen readers have read out since."""


NO_CHANGE = """async () => {
    const wait = ms => new Promise(done => setTimeout(done, ms));
    await wait(500);
    const seen = [];
    new MutationObserver(changes => seen.push(...changes.map(({ type, target }) => `${type} ${target.id}`)))
        .observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    await wait(2500);
    return seen;
}"""
"""What changes while nothing happens: setting equal words again counts as a change for screen readers."""


def test_messages_are_a_log_with_authors_and_the_effect_of_keys_is_announced(
    chat: ChatPage, new_peer: PeerFactory
) -> None:
    chat.join("Kit")
    said = chat.page.get_by_role("status")
    expect(said).to_have_text("You are Kit in ChatDesk.")
    chat.send("Good morning")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    assert chat.page.evaluate(NO_CHANGE) == []
    mara = new_peer("Mara")
    mara.say("Hello", "Again")
    chat.send("Hello Mara")
    expect(chat.find(".own-message.confirmed")).to_have_count(2)
    log = chat.page.get_by_role("log", name="Messages")
    articles = log.get_by_role("article")
    expect(articles.filter(has_text="Hello").first).to_contain_text("Mara")
    expect(articles.filter(has_text="Again")).to_contain_text("Mara")  # also in rows that show no name
    expect(articles.filter(has_text="Hello Mara")).to_contain_text("You: ")
    field = chat.find("#message")
    expect(field).to_have_accessible_description("")
    field.fill("x" * 8001)
    expect(said).to_have_text("Too long: 8001 of 8000 characters.")
    expect(field).to_have_accessible_description("8001 of 8000 characters")
    chat.page.keyboard.press("Control+g")
    expect(said).to_have_text("Go to a date")
    day = chat.page.get_by_role("gridcell", selected=True)
    expect(day).to_have_accessible_name(re.compile(r"^\w+day \d+ \w+ \d{4}$"))
    expect(chat.page.get_by_role("columnheader").first).to_have_accessible_name(re.compile("^(Sun|Mon|Satur)day$"))


def listen(chat: ChatPage) -> None:
    """Record what screen readers read out from now on."""
    chat.page.evaluate(f"{SAID}.observe(document.getElementById('new-messages'), {{ childList: true }})")


def expect_said(chat: ChatPage, *sentences: str) -> None:
    chat.page.wait_for_function("count => said.length >= count", arg=len(sentences))
    assert chat.page.evaluate("said") == list(sentences)


def test_new_messages_are_read_out_but_neither_history_nor_own_ones(chat: ChatPage, new_peer: PeerFactory) -> None:
    """Behaviour 41."""
    mara = new_peer("Mara")
    mara.say(*(f"Line {number}" for number in range(120)))
    chat.open()
    listen(chat)
    chat.find("#nickname").fill("Kit")
    chat.page.keyboard.press("Enter")
    expect(chat.message("Line 119")).to_be_visible()
    log = chat.page.get_by_role("log", name="Messages")
    expect(log).to_have_attribute("aria-live", "off")
    log.evaluate("log => { log.scrollTop = 0; }")
    expect(chat.message("Line 0")).to_be_attached()
    chat.send("My own words")
    mara.say("News")
    expect_said(chat, "Mara: News.")
    mara.say("More news!")  # also while the reader is further up
    expect_said(chat, "Mara: News.", "Mara: More news!")
    chat.page.set_viewport_size({"width": 390, "height": 844})
    for sheet, opener in (("#drawer", "#people-open"), ("#search-sheet", "#search-open")):
        chat.find(opener).click()
        expect(chat.find(f"{sheet} #live-regions")).to_have_count(1)  # live regions outside the dialog are silent
        chat.page.keyboard.press("Escape")
        expect(chat.find("body > #live-regions")).to_have_count(1)
    mara.say("Still there")
    expect_said(chat, "Mara: News.", "Mara: More news!", "Mara: Still there.")


def test_messages_missed_while_disconnected_are_read_out(chat: ChatPage, new_peer: PeerFactory) -> None:
    mara = new_peer("Mara")
    mara.say("Before")

    def speak_before_the_join(command: dict[str, Any]) -> dict[str, Any]:
        if "resume" in command:
            mara.say("Meanwhile", "And again")
        return command

    connections = chat.between(speak_before_the_join)
    chat.join("Kit")
    expect(chat.message("Before")).to_be_visible()
    listen(chat)
    connections[0].close(code=4000)
    expect_said(chat, "Mara: Meanwhile. And again.")


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        (
            [("Ben", "One"), ("Ben", "Two!"), ("Ines", "Yes\nindeed"), ("Ben", "Five?")],
            "Ben: One. Two! Ines: Yes indeed. Ben: Five?",
        ),
        ([("Ben", f"Line {number}") for number in range(1, 13)], "12 new messages. The last is from Ben: Line 12."),
    ],
    ids=["some", "many"],
)
def test_several_messages_are_read_out_together(modules: Page, messages: list[tuple[str, str]], said: str) -> None:
    """Behaviour 41."""
    modules.evaluate(
        """async messages => {
            window.said = [];
            const { MessageAnnouncer } = await import('/js/message-announcer.js');
            const texts = () => [...document.querySelectorAll('#new-messages > *')].map(it => it.textContent);
            const seen = () => said.push(...texts());
            window.listener?.disconnect();
            window.listener = new MutationObserver(seen);
            listener.observe(document.getElementById('new-messages'), { childList: true });
            const announcer = new MessageAnnouncer();
            for (const [nickname, content] of messages) announcer.add([{ nickname, content }]);
        }""",
        messages,
    )
    modules.wait_for_function("() => said.length")
    assert modules.evaluate("said") == [said]


def test_nothing_is_read_out_between_two_keys(chat: ChatPage, new_peer: PeerFactory) -> None:
    chat.page.clock.install()
    chat.join("Kit")
    mara = new_peer("Mara")
    listen(chat)
    chat.page.clock.pause_at(chat.page.evaluate("Date.now() / 1000 + 1"))  # in seconds
    mara.say("News")
    while not chat.message("News").count():  # it is drawn in the next frame, and frames go by this clock, too
        chat.page.clock.run_for(20)
    for _ in range(4):
        chat.page.keyboard.press("x")
        chat.page.clock.run_for(600)
    assert chat.page.evaluate("said") == []
    chat.page.clock.run_for(2000)
    assert chat.page.evaluate("said") == ["Mara: News."]


def test_notices_and_refusals_of_the_host_are_announced(chat: ChatPage) -> None:
    connections = chat.between(lambda it: {**it, "content": " "} if "content" in it else it)
    chat.join("Kit")
    said = chat.page.get_by_role("status")
    connections[0].send(json.dumps({"type": "system", "content": "Lunch!", "timestamp": "2026-11-24T10:00:00Z"}))
    expect(said).to_have_text("Lunch!")
    chat.send("Refused")
    expect(said).to_have_text(re.compile(r"^Not sent\. \w"))
    connections[0].close(code=1008)
    expect(said).to_have_text("The host has ended this connection.")


FOLDED = "\n".join(f"Line {number}" for number in range(1, 60))


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_every_state_of_the_page_is_accessible(
    new_page: PageFactory, new_peer: PeerFactory, serving: Serving, width: int
) -> None:
    refuse = {"on": False}
    chat = new_page(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    connections = chat.between(lambda it: {**it, "content": " "} if refuse["on"] and "content" in it else it)
    page, wide = chat.page, width >= 720
    find_faults_while_joining(chat, serving, wide=wide)
    mara = new_peer("Mara Lindqvist", client="window")
    new_peer("Bench 7", client="phone").say(
        "https://example.org", FOLDED, "شكراً! المحرك يعمل الآن", *("abcdefghij" * 6)
    )
    chat.page.evaluate(ELSEWHERE)
    mara.say("What is new")
    expect(chat.find(".day.new")).to_be_visible()
    chat.find(".event summary").click()
    refuse["on"] = True
    chat.send("Refused")
    expect(chat.find(".own-message.failed")).to_be_visible()
    refuse["on"] = False
    mara.send(type="typing")
    expect(chat.find("#typing")).not_to_be_empty()
    chat.find("#message").fill("x" * 9000)
    connections[-1].send(json.dumps({"type": "storage", "problem": "full", "content": "The disk of the host is full."}))
    expect(chat.find("#banner")).to_contain_text("disk")
    assert faults(page) == [], "a conversation"
    connections[-1].send(json.dumps({"type": "storage", "problem": "", "content": ""}))
    expect(chat.find("#banner")).not_to_contain_text("disk")
    chat.find("#message").fill("")

    chat.find("#timeline").hover()
    page.mouse.wheel(0, -5000)
    expect(chat.find("#jump")).to_be_visible()
    assert faults(page, "#jump") == [], "further up"

    find_faults_over_the_conversation(chat, wide=wide)
    serving.kill()
    chat.send("Pending")
    expect(chat.find("#banner")).to_contain_text("Connection lost")
    assert faults(page, "#banner") == [], "lost"
    chat.context.set_offline(True)
    expect(chat.find("#banner")).to_contain_text("You are offline")
    assert faults(page, "#banner") == [], "offline"
    chat.context.set_offline(False)
    serving.start()
    chat.try_now()
    expect(chat.find("#banner")).to_contain_text("Back online")
    assert list(violations(page, "#banner")) == [], "back"
    connections[-1].close(code=1008)
    expect(chat.find("#banner")).to_contain_text("The host has ended")
    assert faults(page, "#banner") == [], "ended"


@pytest.mark.parametrize("scene", ORDER_SHOTS)
def test_who_comes_in_and_who_keeps_order_find_nothing_inaccessible(
    browser: Browser, serving: Serving, scene: str
) -> None:
    shot = next(iter(ORDER_SHOTS[scene].values()))
    with shown(browser, serving.url, replace(shot, size=PHONE)) as page:
        assert faults(page) == [], "on a phone"
        page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        assert list(violations(page)) == [], "on a wide page"


@pytest.mark.parametrize("width", [390, 1280])
def test_the_connection_test_is_accessible(browser: Browser, serving: Serving, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        own = f"127.0.0.1:{serving.port}"

        def with_addresses(route: Route) -> None:
            """As on a computer with two addresses, of which the page's policy allows only the right one."""
            answer = route.fetch()
            origins = f'data-origins="http://{own} http://10.0.0.1:{serving.port}"'
            body = re.sub('data-origins="[^"]*"', origins, answer.text()).replace('data-own="yes"', 'data-own=""')
            route.fulfill(response=answer, body=body)

        page.route("**/check", with_addresses)
        page.goto(f"{serving.url}/check")
        expect(page.get_by_role("status")).to_contain_text("not by every address")
        expect(page.locator(".reached")).to_have_count(1)
        expect(page.locator(".missed")).to_have_count(1)
        assert faults(page) == []
