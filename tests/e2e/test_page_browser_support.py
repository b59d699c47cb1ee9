"""The page in older and in unusual browsers."""

import json
import re
from collections import Counter
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.browser import ENGINE, SWITCHES, ChatPage
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
"""Features that Safari 15.4 or Firefox 102 lacks."""

STRANGE = {
    "no language": "Object.defineProperty(navigator, 'language', {get: () => 'C'});"
    "Object.defineProperty(navigator, 'languages', {get: () => ['C']});",
    "no languages": "Object.defineProperty(navigator, 'languages', {get: () => undefined});",
}
DETAILS = {
    "connection-banner.js": "  show(",
    "date-time.js": "function onCalendarChange(",
    "date-picker.js": "  constructor(",
    "people-drawer.js": "  constructor(",
    "search-hits.js": "  constructor(",
    "icons.js": "function drawIcons(",
    "message-announcer.js": "  add(",
    "people-panel.js": "  constructor(",
    "theme.js": "function setUpThemeButtons(",
    "typing-indicator.js": "function showTyping(",
    "on-screen-keyboard.js": "function avoidOnScreenKeyboard(",
}
"""Parts that the chat can do without, and the function that starts each."""

TOO_OLD = {
    "iOS 15.3": "delete HTMLDialogElement.prototype.close; delete HTMLDialogElement.prototype.showModal;",
    "no modules": "delete HTMLScriptElement.prototype.noModule;",
    "no at()": "delete Array.prototype.at;",
}


def talk(chat: ChatPage, new_peer: PeerFactory) -> None:
    """Join, receive a message and send one."""
    mara = new_peer("Mara")
    mara.say("Hello")
    chat.join("Kit")
    expect(chat.message("Hello")).to_be_visible()
    chat.send("Hello to you")
    mara.hear("Hello to you")
    expect(chat.find(".own-message.confirmed")).to_be_visible()


def test_the_page_needs_nothing_that_safari_15_4_and_firefox_102_lack(chat: ChatPage, new_peer: PeerFactory) -> None:
    chat.page.add_init_script(NEWER)
    chat.open()
    expect(chat.find("#join-open")).to_have_text("The room is open")
    talk(chat, new_peer)
    chat.page.goto(f"{chat.url}/check")
    expect(chat.find("#verdict")).to_have_text("This is the computer that hosts the chat.")


@pytest.mark.parametrize("language", STRANGE)
def test_a_browser_may_report_an_invalid_language(chat: ChatPage, new_peer: PeerFactory, language: str) -> None:
    chat.page.add_init_script(STRANGE[language])
    talk(chat, new_peer)
    chat.page.keyboard.press("Control+g")
    expect(chat.page.get_by_role("dialog", name="Go to a date")).to_be_visible()


def test_parts_of_the_page_that_fail_stop_no_other(chat: ChatPage, serving: Serving, new_peer: PeerFactory) -> None:
    def break_it(route: Route) -> None:
        script = route.fetch().text()
        for module, beginning in DETAILS.items():
            head, found, rest = script.partition(f"/* /js/{module} */")
            before, found, after = rest.partition(beginning)
            assert found, f"{module} has no {beginning}"
            broken = re.sub(r"\) \{", ") { throw new Error('broken'); ", after, count=1)
            script = f"{head}{before}{found}{broken}"
        route.fulfill(content_type="text/javascript", body=script)

    chat.page.route("**/page.js", break_it)
    talk(chat, new_peer)
    serving.kill()
    serving.start()
    expect(chat.find("#chat")).not_to_have_class(re.compile("lost"))
    chat.send("Here again")
    expect(chat.find(".own-message.confirmed")).to_have_count(2)
    complaints = "\n".join(chat.complaints)
    assert "broken" in complaints, "what fails is said in the console"
    chat.complaints.clear()


@pytest.mark.parametrize("browser_of", TOO_OLD)
def test_a_browser_that_is_too_old_says_so(chat: ChatPage, browser_of: str) -> None:
    chat.page.add_init_script(TOO_OLD[browser_of])
    for path in ("/", "/check"):
        chat.page.goto(chat.url + path)
        sentence = "This browser is too old for ChatDesk. It needs Safari 15.4 (iOS 15.4), Firefox 102, Chrome 99"
        expect(chat.page.get_by_role("alert"), path).to_contain_text(sentence)
        assert chat.page.locator("body *").count() == 1, path
        reaches = "This device reaches the host."
        assert (reaches in chat.page.get_by_role("alert").inner_text()) == (path == "/check")
    chat.complaints.clear()  # the failing scripts are reported, too


def test_a_page_that_does_not_begin_says_what_to_do(chat: ChatPage) -> None:
    chat.page.route("**/page.js", lambda route: route.fulfill(content_type="text/javascript", body="no.thing"))
    chat.open()
    expect(chat.page.get_by_role("alert")).to_contain_text("ChatDesk could not start here. Load this page again.")
    chat.complaints.clear()


def test_another_response_in_place_of_the_script_counts_as_missing(chat: ChatPage) -> None:
    for body in ("<!doctype html><p>Log in first", "const half = () => {"):
        _answer_with(chat, "**/page.js*", body)
        expect(chat.page.get_by_role("alert"), body).to_contain_text("such as a proxy, keeps it back: page.js")
        _answer_with(chat, "**/page.js", body)
        expect(chat.find("#nickname"), body).to_be_focused()
    chat.complaints.clear()


def _answer_with(chat: ChatPage, path: str, body: str) -> None:
    """Open the page with this in place of a file."""
    chat.page.unroute_all()
    chat.page.route(path, lambda route: route.fulfill(content_type="text/html", body=body))
    chat.open()


def test_the_page_loads_few_files_all_named_in_its_markup(chat: ChatPage) -> None:
    for path, page in (("/", "page"), ("/check", "check")):
        chat.page.goto(chat.url + path)
        expect(chat.find("body[data-started]")).to_be_attached()
        loaded = chat.page.evaluate(
            "performance.getEntriesByType('resource').filter(it => it.initiatorType !== 'fetch')"
            ".map(it => it.name.replace(location.origin + '/', ''))"
        )
        named = {f"{page}.css", "js/browser-support.js", f"{page}.js"}
        assert named <= set(loaded) <= named | {"icon.svg"}, "each further step is another round trip"


class BlockedFiles:
    """Blocks files of a page, each the first ``times`` requests, and counts the requests."""

    def __init__(self, chat: ChatPage, times: int, *files: str) -> None:
        self.asked: Counter[str] = Counter()
        self._times = times
        for file in files:
            chat.page.route(re.compile(rf"/{file}(\?again)?$"), self._take)
        chat.page.on("request", lambda request: self.asked.update([request.url.removeprefix(chat.url)]))

    def _take(self, route: Route) -> None:
        asked = sum(count for url, count in self.asked.items() if url.startswith(urlsplit(route.request.url).path))
        route.abort() if asked <= self._times else route.continue_()


@pytest.mark.parametrize(("path", "part"), [("/", "page.js"), ("/", "page.css"), ("/check", "check.js")])
def test_a_missing_file_is_requested_once_more_and_then_the_page_works(chat: ChatPage, path: str, part: str) -> None:
    losses = BlockedFiles(chat, 1, part)
    chat.page.goto(chat.url + path)
    expect(chat.find("body[data-started]")).to_be_attached()
    expect(chat.find(f"[href='{part}?again'], [src='{part}?again']")).to_be_attached()
    expect(chat.find("#starting, .notice:visible")).to_have_count(0)
    assert losses.asked[path] == 1
    assert losses.asked[f"/{part}"] == losses.asked[f"/{part}?again"] == 1
    assert chat.find("body").evaluate("it => getComputedStyle(it).margin") == "0px", "the styles are there"
    chat.complaints.clear()


@pytest.mark.parametrize(("path", "part"), [("/", "page.js"), ("/check", "check.js")])
def test_a_file_that_is_missing_twice_is_reported_and_not_requested_again(chat: ChatPage, path: str, part: str) -> None:
    losses = BlockedFiles(chat, 9, part)
    chat.page.goto(chat.url + path)
    expect(chat.page.get_by_role("alert")).to_contain_text("such as a proxy, keeps it back: " + part)
    chat.page.wait_for_timeout(1500)
    assert (losses.asked[path], losses.asked[f"/{part}"], losses.asked[f"/{part}?again"]) == (1, 1, 1)
    chat.complaints.clear()


def test_without_its_styles_the_page_works_and_says_what_is_missing(chat: ChatPage) -> None:
    BlockedFiles(chat, 9, "page.css")
    chat.join("Kit")
    expect(chat.page.get_by_role("alert").first).to_contain_text("The looks of this page have not arrived. Load it")
    assert max(chat.find("svg").evaluate_all("all => all.map(it => it.getBoundingClientRect().height)")) < 120
    chat.complaints.clear()


def test_where_no_script_arrives_the_markup_itself_says_what_to_do(chat: ChatPage) -> None:
    BlockedFiles(chat, 9, "js/browser-support.js", "page.js")
    chat.open()
    expect(chat.find("#starting")).to_be_hidden()  # the connection may be slow
    expect(chat.find("#starting")).to_be_visible()
    expect(chat.page.get_by_role("alert")).to_contain_text("ChatDesk has not started yet. If it stays so")
    chat.page.unroute_all()
    chat.page.get_by_role("link", name="load this page again").click()
    expect(chat.find("#nickname")).to_be_focused()
    expect(chat.find("#starting")).to_have_count(0)
    chat.complaints.clear()


def test_without_scripts_the_page_says_what_is_missing(browser: Browser, serving: Serving) -> None:
    switches = [*SWITCHES, "--blink-settings=scriptEnabled=false"]
    with browser.browser_type.launch(executable_path=ENGINE, args=switches) as scriptless:
        page = scriptless.new_page()
        devtools = page.context.new_cdp_session(page)
        for path in ("/", "/check"):
            page.goto(serving.url + path)
            seen = json.dumps(devtools.send("Accessibility.getFullAXTree"))
            assert "needs JavaScript, and this browser does not run it" in seen, path
            assert "not started yet" not in seen, f"{path}: it is said once"
