"""The page in browsers that are older, or stranger, than the one it is tried in."""

import json
import re

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.browser import CHROMIUM, SWITCHES, ChatPage
from tests.e2e.conftest import PeerFactory
from tests.e2e.serving import Serving

NEWER = """
delete AbortSignal.timeout;
delete AbortSignal.any;
for (const name of ['findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with']) {
    delete Array.prototype[name];
}
for (const name of ['union', 'intersection', 'difference', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom']) {
    delete Set.prototype[name];
}
delete Array.fromAsync;
delete Object.groupBy;
delete Map.groupBy;
delete Promise.withResolvers;
delete Promise.try;
delete String.prototype.isWellFormed;
delete String.prototype.toWellFormed;
delete URL.canParse;
delete URL.parse;
delete Intl.Segmenter;
delete Intl.DurationFormat;
delete Crypto.prototype.randomUUID;
delete Navigator.prototype.locks;
delete HTMLElement.prototype.inert;
delete HTMLElement.prototype.showPopover;
delete Element.prototype.checkVisibility;
delete Iterator.prototype.map;
delete Iterator.prototype.filter;
delete window.onscrollend;
delete window.CloseWatcher;
delete window.navigation;
delete window.scheduler;
delete window.requestIdleCallback;
delete document.startViewTransition;
"""
"""What Safari 15.4 or Firefox 102 has not."""

STRANGE = {
    "no language": "Object.defineProperty(navigator, 'language', {get: () => 'C'});"
    "Object.defineProperty(navigator, 'languages', {get: () => ['C']});",
    "no languages": "Object.defineProperty(navigator, 'languages', {get: () => undefined});",
}
DETAILS = {
    "banner.js": "  show(",
    "clock.js": "export function followCalendar(",
    "date.js": "  constructor(",
    "drawer.js": "  constructor(",
    "hits.js": "  constructor(",
    "icons.js": "export function drawIcons(",
    "news.js": "  hear(",
    "people.js": "  constructor(",
    "theme.js": "export function offerThemes(",
    "typing.js": "export function showTyping(",
    "viewport.js": "export function followKeyboard(",
}
"""What the chat can do without, and how it begins to work."""

TOO_OLD = {
    "iOS 15.3": "delete HTMLDialogElement.prototype.close; delete HTMLDialogElement.prototype.showModal;",
    "no modules": "delete HTMLScriptElement.prototype.noModule;",
    "no at()": "delete Array.prototype.at;",
}


def talk(chat: ChatPage, new_peer: PeerFactory) -> None:
    """Join, hear, and be heard."""
    mara = new_peer("Mara")
    mara.say("Hello")
    chat.join("Kit")
    expect(chat.message("Hello")).to_be_visible()
    chat.send("Hello to you")
    mara.hear("Hello to you")
    expect(chat.find(".slip.kept")).to_be_visible()


def test_the_page_needs_nothing_that_safari_15_4_and_firefox_102_lack(chat: ChatPage, new_peer: PeerFactory) -> None:
    chat.page.add_init_script(NEWER)
    chat.open()
    expect(chat.find("#join-open")).to_have_text("The room is open")
    talk(chat, new_peer)
    chat.page.goto(f"{chat.url}/check")
    expect(chat.find("#verdict")).to_have_text("This is the computer that hosts the chat.")


@pytest.mark.parametrize("language", STRANGE)
def test_a_browser_may_call_its_language_by_no_languages_name(
    chat: ChatPage, new_peer: PeerFactory, language: str
) -> None:
    chat.page.add_init_script(STRANGE[language])
    talk(chat, new_peer)
    chat.page.keyboard.press("Control+g")
    expect(chat.page.get_by_role("dialog", name="Go to a date")).to_be_visible()


def test_parts_of_the_page_that_fail_stop_no_other(chat: ChatPage, serving: Serving, new_peer: PeerFactory) -> None:
    def break_it(route: Route) -> None:
        beginning = DETAILS[route.request.url.rpartition("/")[2]]
        head, found, rest = route.fetch().text().partition(beginning)
        assert found, f"{route.request.url} has no {beginning}"
        broken = re.sub(r"\) \{", ") { throw new Error('broken'); ", rest, count=1)
        route.fulfill(content_type="text/javascript", body=head + found + broken)

    for module in DETAILS:
        chat.page.route(f"**/js/{module}", break_it)
    talk(chat, new_peer)
    serving.kill()
    serving.start()
    expect(chat.find("#chat")).not_to_have_class(re.compile("lost"))
    chat.send("Here again")
    expect(chat.find(".slip.kept")).to_have_count(2)
    complaints = "\n".join(chat.complaints)
    assert "broken" in complaints, "what fails is said in the console"
    chat.complaints.clear()


@pytest.mark.parametrize("browser_of", TOO_OLD)
@pytest.mark.parametrize("path", ["/", "/check"])
def test_a_browser_that_is_too_old_says_so(chat: ChatPage, browser_of: str, path: str) -> None:
    chat.page.add_init_script(TOO_OLD[browser_of])
    chat.page.goto(chat.url + path)
    sentence = "This browser is too old for ChatDesk. It needs Safari 15.4 (iOS 15.4), Firefox 102, Chrome 99"
    expect(chat.page.get_by_role("alert")).to_contain_text(sentence)
    assert chat.page.locator("body *").count() == 1
    reaches = "This device reaches the host."
    assert (reaches in chat.page.get_by_role("alert").inner_text()) == (path == "/check")
    chat.complaints.clear()  # the scripts that cannot work say so, too


def test_a_page_that_does_not_begin_says_what_to_do(chat: ChatPage) -> None:
    chat.page.route("**/js/chat.js", lambda route: route.fulfill(content_type="text/javascript", body="a = ;"))
    chat.open()
    expect(chat.page.get_by_role("alert")).to_contain_text("ChatDesk could not start here. Load this page again.")
    chat.complaints.clear()


@pytest.mark.parametrize("path", ["/", "/check"])
def test_without_scripts_the_page_says_what_is_missing(browser: Browser, serving: Serving, path: str) -> None:
    switches = [*SWITCHES, "--blink-settings=scriptEnabled=false"]
    with browser.browser_type.launch(executable_path=CHROMIUM, args=switches) as scriptless:
        page = scriptless.new_page()
        page.goto(serving.url + path)
        seen = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    assert "needs JavaScript, and this browser does not run it" in json.dumps(seen)
