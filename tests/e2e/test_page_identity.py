"""The identity belongs to the tab: two tabs of one browser may be two people, each with unsent messages."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.e2e.browser import ENGINE, LAN_NAME, SWITCHES, ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving


@pytest.fixture
def mara(new_peer: PeerFactory) -> Peer:
    return new_peer("Mara")


@pytest.fixture
def ann(chat: ChatPage) -> ChatPage:
    """The first tab, under an address that is no secure context."""
    chat.url = chat.url.replace("127.0.0.1", LAN_NAME)
    return chat.join("Ann")


@pytest.fixture
def bob(ann: ChatPage) -> ChatPage:
    """The second tab of the same browser."""
    return ChatPage(ann.context, ann.url).join("Bob")


def join_as(page: ChatPage, nickname: str) -> None:
    """Leave, and join as somebody else."""
    page.find(".me .leave").click()
    page.find("#nickname").fill(nickname)
    page.find("#join-button").click()
    expect_to_be(page, nickname)


def expect_to_be(page: ChatPage, nickname: str) -> None:
    expect(page.find(".me [data-show=nickname]")).to_have_text(nickname)


def hold_back(page: ChatPage) -> Callable[[], None]:
    """Hold back all messages from now on, until the result is called."""
    held = [True]
    page.between(lambda command: None if held and command["type"] == "message" else command)
    page.page.reload()
    expect(page.find("#chat")).to_be_visible()
    return held.clear


def copy_of(page: ChatPage) -> ChatPage:
    """The tab that *Duplicate* opens: it starts with a copy of the first one's storage."""
    copy = ChatPage(page.context, page.url)
    with page.context.expect_page() as opened:
        page.page.evaluate("void window.open(location.href)")
    copy.page.close()
    copy.page = opened.value
    return copy


def test_each_tab_is_a_person_of_its_own_in_a_theme_of_the_browser(ann: ChatPage, bob: ChatPage, mara: Peer) -> None:
    ann.find(".theme:visible").first.click()
    for page in (ann, bob):
        expect(page.find("html")).to_have_attribute("data-theme", "dark")
    bob.find(".theme:visible").first.click()
    for page in (ann, bob):
        expect(page.find("html")).not_to_have_attribute("data-theme", re.compile("."))
    for page in (ann, bob):
        page.page.evaluate("() => { document.hasFocus = () => false; window.dispatchEvent(new Event('blur')); }")
    mara.say("News")
    for page in (ann, bob):
        expect(page.page).to_have_title("(1) ChatDesk")
    ann.page.evaluate("() => { delete document.hasFocus; window.dispatchEvent(new Event('focus')); }")
    expect(ann.page).to_have_title("ChatDesk")
    ann.page.reload()
    expect(ann.find(".day.new")).to_have_text(re.compile("^1 new"))
    expect(bob.page).to_have_title("(1) ChatDesk")
    assert_each_tab_comes_back_as_who_it_was(ann, bob, mara)


def assert_each_tab_comes_back_as_who_it_was(ann: ChatPage, bob: ChatPage, mara: Peer) -> None:
    ann.find("#message").fill("half of Ann's")
    bob.find("#message").fill("half of Bob's")
    for page, nickname in ((ann, "Ann"), (bob, "Bob"), (ann, "Ann")):
        page.page.reload()
        expect_to_be(page, nickname)
        expect(page.find("#message")).to_have_value(f"half of {nickname}'s")
    ann.send("From the first")
    assert mara.hear("From the first")["nickname"] == "Ann"
    bob.page.goto("about:blank")
    bob.page.go_back()
    expect_to_be(bob, "Bob")
    bob.send("From the second")
    assert mara.hear("From the second")["nickname"] == "Bob"


def test_unsent_messages_are_never_sent_by_another_person(ann: ChatPage, bob: ChatPage, mara: Peer) -> None:
    go_on = hold_back(ann)
    ann.send("Only Ann's")
    expect(ann.find(".own-message.pending")).to_have_count(1)
    for _ in range(2):
        bob.page.reload()
        expect(bob.find("#people-list .person")).to_have_count(3)
        expect(bob.find(".own")).to_have_count(0)
    bob.send("Bob's")
    expect(bob.find(".own-message.confirmed")).to_have_count(1)
    go_on()
    ann.page.reload()
    expect(ann.find(".own-message.confirmed")).to_have_count(1)
    assert mara.hear("Bob's")["nickname"] == "Bob"
    assert mara.hear("Only Ann's")["nickname"] == "Ann"
    expect(bob.message("Only Ann's").locator(".name")).to_have_text("Ann")


def test_what_a_closed_tab_has_not_sent_waits_for_the_same_person(ann: ChatPage, bob: ChatPage, mara: Peer) -> None:
    hold_back(ann)
    ann.send("Last words")
    expect(ann.find(".own-message.pending")).to_have_count(1)
    ann.page.close()
    third = ChatPage(bob.context, bob.url).join("Cleo")
    expect(third.find(".own")).to_have_count(0)
    back = ChatPage(bob.context, bob.url).join("ann ")
    expect(back.find(".own-message.confirmed")).to_have_count(1)
    assert mara.hear("Last words")["nickname"] == "ann"
    for page in (bob, third, back):
        expect(page.message("Last words")).to_have_count(1)


def test_a_copied_tab_is_the_same_person_until_somebody_else_uses_it(ann: ChatPage, mara: Peer) -> None:
    go_on = hold_back(ann)
    copy = copy_of(ann)
    expect_to_be(copy, "Ann")
    ann.send("Waits in the first")
    expect(ann.find(".own-message.pending")).to_have_count(1)
    expect(copy.find("#people-list .person")).to_have_count(2)
    join_as(copy, "Bob")
    expect(copy.find(".own")).to_have_count(0)
    expect(ann.find(".own-message.pending")).to_have_count(1)
    for page, nickname in ((ann, "Ann"), (copy, "Bob"), (ann, "Ann")):
        go_on()
        page.page.reload()
        expect_to_be(page, nickname)
    assert mara.hear("Waits in the first")["nickname"] == "Ann"


def test_leaving_leaves_nothing_for_the_next_person_at_this_screen(ann: ChatPage, mara: Peer) -> None:
    ann.find("#message").fill("Ann's half a sentence")
    join_as(ann, "Bob")
    expect(ann.find("#message")).to_have_value("")
    join_as(ann, "Ann")
    expect(ann.find("#message")).to_have_value("Ann's half a sentence")
    tokens = [command["token"] for command in ann.sent if command["type"] == "join"]
    assert len(set(tokens)) == 3, "two newcomers' own, and Ann's again"
    second = ChatPage(ann.context, ann.url).open()
    second.find("#nickname").fill("Mara")
    second.find("#join-button").click()
    expect(second.find("#nickname-error")).not_to_be_empty()
    second.page.reload()
    expect(second.find("#nickname")).to_have_value("Mara")


def test_a_reload_before_the_answer_is_here_asks_as_the_same_person(chat: ChatPage) -> None:
    held: list[str] = [""]

    def hold(event: dict[str, Any]) -> dict[str, Any] | None:
        if not held:
            return event
        held.append(event["type"])
        return None

    chat.between(filter_event=hold)
    chat.open()
    chat.find("#nickname").fill("Ann")
    chat.find("#join-button").click()
    while "history" not in held:
        chat.page.wait_for_timeout(10)  # lets the route between page and host run
    ChatPage(chat.context, chat.url).join("Bob")
    chat.page.reload()
    expect(chat.find("#nickname")).to_have_value("Ann")
    held.clear()
    chat.find("#join-button").click()
    expect_to_be(chat, "Ann")


@pytest.fixture
def profile(browser: Browser, tmp_path: Path) -> Iterator["Profile"]:
    with Profile(browser, tmp_path / "profile") as profile:
        yield profile


class Profile:
    """A browser profile on the disk, which can be closed and opened again without its tabs."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._launch = browser.browser_type.launch_persistent_context
        self._folder = folder
        self.context: BrowserContext | None = None

    def __enter__(self) -> "Profile":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def open(self) -> BrowserContext:
        self.context = self._launch(self._folder, executable_path=ENGINE, args=SWITCHES)
        return self.context

    def close(self) -> None:
        if self.context:
            self.context.close()
        self.context = None


def test_a_browser_that_was_closed_remembers_everybody_and_sends_what_waits_once(
    profile: Profile, serving: Serving, mara: Peer
) -> None:
    context = profile.open()
    pages = [ChatPage(context, serving.url).join(nickname) for nickname in ("Ann", "Bob")]
    for page, nickname in zip(pages, ("Ann", "Bob"), strict=True):
        hold_back(page)
        page.send(f"{nickname} waits")
        expect(page.find(".own-message.pending")).to_have_count(1)
    profile.close()
    context = profile.open()
    first = ChatPage(context, serving.url).open()
    expect(first.find("#nickname")).to_have_value("Bob")  # the last one here
    first.find("#join-button").click()
    expect(first.find(".own-message.confirmed")).to_have_count(1)
    second = ChatPage(context, serving.url).join("Ann")
    expect(second.find(".own-message.confirmed")).to_have_count(1)
    assert mara.hear("Bob waits")["nickname"] == "Bob"
    second.send("And more")
    assert mara.heard("And more") == ["Ann waits", "And more"]
    expect(first.message("Ann waits").locator(".name")).to_have_text("Ann")


def test_the_same_host_at_another_port_recognizes_the_person(
    chat: ChatPage, new_page: PageFactory, serving: Serving
) -> None:
    """Storage belongs to one port; the host recognizes this browser, and no other, at another port, too."""
    chat.join("Ann")
    serving.stop()
    serving.url = ""
    serving.start()
    assert serving.url != chat.url
    stranger = new_page()
    stranger.open()
    stranger.find("#nickname").fill("Ann")
    stranger.find("#join-button").click()
    expect(stranger.find("#nickname-error")).to_contain_text("If that was you, come in as you did then")
    ChatPage(chat.context, serving.url).join("Ann")
