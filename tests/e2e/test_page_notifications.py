"""Notifications of the browser: shown, changed and closed by one tab, when the person has turned them on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.browser import LAN_NAME, ChatPage, chromium
from tests.e2e.conftest import PeerFactory
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving
from tests.e2e.test_page_unread import look_away, look_back

WATCH = """
    window.made = [];
    const Real = Notification;
    window.Notification = class extends Real {
        constructor(title, options) {
            super(title, options);
            made.push(this);
            this.open = true;
            this.addEventListener("close", () => (this.open = false));
        }
    };
"""
"""Remembers what the page shows by the browser's own notifications."""
READ_AT_ONCE = """() => {
    const Watched = Notification;
    window.Notification = class extends Watched {
        constructor(title, options) {
            super(title, options);
            delete document.hasFocus;
            window.dispatchEvent(new Event("focus"));
        }
    };
}"""
"""The person looks back before the system has shown what is new."""
OPEN = "() => made.filter((it) => it.open).map(({ title, body }) => [title, body])"


@pytest.fixture
def mara(new_peer: PeerFactory) -> Peer:
    return new_peer("Mara")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The whole Chromium: the engine alone denies notifications, also where they are permitted."""
    with chromium(whole=True) as made:
        yield made


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser's profile."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as made:
        yield made


@pytest.fixture
def permitted(context: BrowserContext) -> BrowserContext:
    """A browser whose person permits notifications when asked."""
    context.grant_permissions(["notifications"])
    context.add_init_script(WATCH)
    return context


@pytest.fixture
def notified(permitted: BrowserContext, serving: Serving) -> Iterator[ChatPage]:
    """Kit, with notifications turned on."""
    chat = ChatPage(permitted, serving.url)
    chat.join("Kit")
    turn_on(chat)
    yield chat
    assert not chat.complaints


@pytest.fixture
def other(notified: ChatPage, permitted: BrowserContext, serving: Serving) -> ChatPage:
    """Another tab of Kit's. They look at neither."""
    chat = ChatPage(permitted, serving.url)
    chat.join("Kit")
    for tab in (notified, chat):
        look_away(tab)
    return chat


def turn_on(chat: ChatPage) -> None:
    chat.find(".me .own-settings-open").click()
    switch = chat.page.get_by_role("switch", name="Notifications", exact=True)
    expect(switch).not_to_be_checked()
    switch.check()
    expect(chat.page.get_by_role("switch", name="Show the text")).to_be_enabled()
    chat.page.keyboard.press("Escape")
    expect(chat.page.get_by_role("dialog")).to_be_hidden()


def wait_for(chat: ChatPage, *shown: list[str]) -> None:
    """Wait until these are shown: less long than the browser itself shows one that nobody closes."""
    script = f"shown => JSON.stringify(({OPEN})()) === JSON.stringify(shown)"
    chat.page.wait_for_function(script, arg=list(shown), timeout=15_000)


def test_nobody_is_asked_before_they_turn_it_on(context: BrowserContext, serving: Serving, mara: Peer) -> None:
    context.add_init_script("Notification.requestPermission = () => { window.asked = true; return 'default'; }")
    chat = ChatPage(context, serving.url)
    chat.join("Kit")
    look_away(chat)
    mara.say("Hello")
    expect(chat.page).to_have_title("(1) ChatDesk")
    look_back(chat)
    assert chat.page.evaluate("window.asked") is None
    chat.find(".me .own-settings-open").click()
    switch = chat.page.get_by_role("switch", name="Notifications", exact=True)
    switch.click()
    chat.page.wait_for_function("window.asked")
    expect(switch).not_to_be_checked()  # the person has not permitted it


def test_a_message_is_shown_edited_folded_and_deleted(notified: ChatPage, mara: Peer) -> None:
    look_away(notified)
    mara.say("at <b>nine</b>")
    wait_for(notified, ["Mara in #lobby", "at <b>nine</b>"])
    mara.send(type="edit", seq=1, content="at ten")
    wait_for(notified, ["Mara in #lobby", "at ten"])
    mara.say("bring cake")
    wait_for(notified, ["2 new messages in #lobby", "Mara: bring cake"])
    mara.send(type="delete", seq=2)
    wait_for(notified, ["Mara in #lobby", "at ten"])
    look_back(notified)
    wait_for(notified)
    assert notified.page.evaluate("made.every(({ silent, tag }) => silent && tag)")
    look_away(notified)
    notified.page.evaluate(READ_AT_ONCE)
    number = notified.page.evaluate("made.length")
    mara.say("seen before it is shown")
    notified.page.wait_for_function("number => made.length > number", arg=number)
    wait_for(notified)


def test_a_click_leads_to_the_message_in_its_room(notified: ChatPage, mara: Peer) -> None:
    mara.send(type="create", room="build")
    notified.page.evaluate("() => { location.hash = '#build' }")
    expect(notified.find(".top h1")).to_contain_text("build")
    mara.say("Is it on?")
    wait_for(notified, ["Mara in #lobby", "Is it on?"])
    notified.page.evaluate("made.at(-1).dispatchEvent(new Event('click'))")
    expect(notified.find(".top h1")).to_contain_text("lobby")
    expect(notified.message("Is it on?")).to_be_in_viewport()
    wait_for(notified)


def test_the_text_can_be_hidden_and_the_choice_survives_a_reload(notified: ChatPage, mara: Peer) -> None:
    notified.find(".me .own-settings-open").click()
    notified.page.get_by_role("switch", name="Show the text").uncheck()
    notified.page.reload()
    expect(notified.find("#chat")).to_be_visible()
    look_away(notified)
    mara.say("secret")
    wait_for(notified, ["Mara in #lobby", "New message"])
    notified.find(".me .own-settings-open").click()
    notified.page.get_by_role("switch", name="Notifications", exact=True).uncheck()
    wait_for(notified)


def test_one_of_two_tabs_notifies_and_none_of_a_room_that_one_shows(
    notified: ChatPage, other: ChatPage, mara: Peer
) -> None:
    """Behaviour 20."""
    mara.say("one")
    wait_for(notified, ["Mara in #lobby", "one"])
    expect(other.page).to_have_title("(1) ChatDesk")
    assert other.page.evaluate(OPEN) == []
    look_back(other)  # reads it, and shows the room from now on
    wait_for(notified)
    mara.say("two")
    expect(other.message("two")).to_be_visible()
    expect(notified.message("two")).to_be_attached()
    assert notified.page.evaluate("made.length") == 1
    look_away(other)
    notified.page.close()  # the other tab takes over
    mara.say("three")
    wait_for(other, ["Mara in #lobby", "three"])


def test_a_tab_that_takes_over_shows_what_is_unread(notified: ChatPage, other: ChatPage, mara: Peer) -> None:
    """What the tab before it showed was closed with that tab."""
    mara.say("one")
    wait_for(notified, ["Mara in #lobby", "one"])
    expect(other.message("one")).to_be_attached()
    assert other.page.evaluate(OPEN) == []
    notified.page.close()
    wait_for(other, ["Mara in #lobby", "one"])


def test_a_tab_that_looks_away_and_back_at_once_looks_away_for_good_later(modules: Page) -> None:
    looked_at = """async () => {
        const { Tabs } = await import("/js/tabs.js");
        const tabs = new Tabs(() => {});
        tabs.enter("a place");
        for (const room of ["lobby", "", "lobby"]) tabs.look(room);
        const before = [...(await tabs.lookedAt(["lobby"]))];
        tabs.look("");
        await new Promise((ended) => setTimeout(ended)); // the lock is given up once this script has ended
        return [before, [...(await tabs.lookedAt(["lobby"]))]];
    }"""
    assert modules.evaluate(looked_at) == [["lobby"], []]


def test_at_an_insecure_address_it_says_why_not_and_the_icon_tells(
    context: BrowserContext, serving: Serving, mara: Peer
) -> None:
    chat = ChatPage(context, serving.url.replace("127.0.0.1", LAN_NAME))
    chat.join("Kit")
    chat.find(".me .own-settings-open").click()
    switch = chat.page.get_by_role("switch", name="Notifications", exact=True)
    expect(switch).to_be_disabled()
    expect(switch).to_have_accessible_description(
        "Not at this address: browsers show notifications only over https, and on the host’s own computer. "
        "The title and icon of the tab tell of new messages."
    )
    chat.page.keyboard.press("Escape")
    icon = chat.find("link[rel=icon]")
    expect(icon).to_have_attribute("href", "icon.svg")
    look_away(chat)
    mara.say("Hello")
    expect(icon).to_have_attribute("href", "icon-unread.svg")
    assert chat.page.evaluate("fetch('icon-unread.svg').then((it) => it.status)") == 200
    look_back(chat)
    expect(icon).to_have_attribute("href", "icon.svg")
    assert not chat.complaints
