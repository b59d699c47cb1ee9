"""The page in the engines of Firefox and Safari behaves as in Chromium's."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from chatdesk.export.formats import Format, open_writer
from chatdesk.export.metadata import ExportMetadata
from chatdesk.protocol.events import Message
from chatdesk.protocol.times import timestamp
from tests.e2e.conftest import PeerFactory
from tests.e2e.firefox import Firefox
from tests.e2e.serving import Serving
from tests.e2e.webdriver import DrivenPage, WebDriver
from tests.e2e.webkit import WebKit
from tests.hostile_host import HostileHost, Visit, user
from tests.hostile_scripts import names
from tests.reverse_proxy import ReverseProxy

WORDS = "so that lines break elsewhere on every width and every row has a height of its own "
LINES = [f"Line {number}: {WORDS * (number * 7 % 11)}".strip() for number in range(400)]
READ = 250  # far from both ends of LINES
TIMELINE = "const it = document.querySelector('#timeline');"
AT_THE_EDGE = """
const timeline = document.querySelector('#timeline');
const edge = timeline.getBoundingClientRect().top;
const row = [...timeline.querySelectorAll('.row')].find(row => row.getBoundingClientRect().bottom > edge + 1);
return row.querySelector('.text').textContent.split(':')[0];
"""
DRAWN = "return new Promise(heard => requestAnimationFrame(() => requestAnimationFrame(heard)));"
GO_TO = f"""
const row = [...document.querySelectorAll('.row')].find(row => row.textContent.includes(arguments[0]));
document.querySelector('#timeline').scrollTop = row.offsetTop + row.offsetHeight / 2;
{DRAWN}
"""
SELECT = """
document.activeElement.blur();
const [first, last] = [...arguments].map(selector => document.querySelector(selector));
const [start, end] = [first, last].map(it => document.createTreeWalker(it, NodeFilter.SHOW_TEXT).nextNode());
getSelection().setBaseAndExtent(start, 0, end, end.length);
"""
CONTROL = "\ue009"
ENTER = "\ue007"
ENGINES = {"firefox": Firefox, "webkit": WebKit}


@pytest.fixture(scope="module", params=ENGINES)
def driver(request: pytest.FixtureRequest) -> Iterator[WebDriver]:
    """Each of the browsers in turn."""
    with ENGINES[request.param]() as driver:
        yield driver


@pytest.fixture
def kit(driver: WebDriver, serving: Serving) -> Iterator[DrivenPage]:
    """A page that has joined, without stored data, since the port and so the origin differs each time."""
    kit = DrivenPage(driver, serving.url)
    kit.resize(1280, 800)
    kit.join("Kit")
    yield kit
    assert kit.complaints == []


def test_what_has_not_arrived_is_asked_for_once_more_or_said(driver: WebDriver, serving: Serving) -> None:
    with ReverseProxy(serving.port, folder="/chat/") as proxy:
        page = DrivenPage(driver, proxy.url)
        proxy.losses.update(["/page.js", "/page.css"])
        page.open()
        page.until(lambda: page.sees("#nickname") and not page.sees("#starting"))
        page.until(lambda: page.run("return getComputedStyle(document.body).marginTop") == "0px")
        assert not page.sees(".notice")
        proxy.losses.update({"/page.js": 9})
        page.open()
        page.until(lambda: "keeps it back: page.js." in page.text("[role=alert]"))
        proxy.losses.update({"/js/browser-support.js": 9})
        page.open()
        page.until(
            lambda: page.run("return getComputedStyle(document.querySelector('#starting')).visibility") == "visible"
        )
        proxy.losses.clear()
        page.click("#starting a")
        page.until(lambda: page.sees("#nickname"))


def test_a_hit_is_shown_and_what_is_read_stays_while_older_messages_come_and_the_window_is_turned(
    kit: DrivenPage, new_peer: PeerFactory
) -> None:
    new_peer("Mara").say("The needle", *LINES)
    kit.until(lambda: LINES[-1] in kit.texts())
    kit.type("#search-field", "needle")
    kit.until(lambda: kit.text("#search-status") == "1 message found")
    kit.click("#search-hits li")
    kit.until(lambda: kit.sees(".row.highlighted"))
    assert "The needle" in kit.text(".row.highlighted")
    kit.open()  # a reload: at the end again
    kit.until(lambda: LINES[-1] in kit.texts())
    while LINES[0] not in kit.texts():
        kit.run(f"{TIMELINE} it.scrollTop = 0")
        kit.until(lambda: kit.run(f"{TIMELINE} return it.scrollTop > 0") or LINES[0] in kit.texts())
    assert kit.texts() == ["The needle", *LINES]
    kit.run(GO_TO, f"Line {READ}:")
    assert kit.run(AT_THE_EDGE) == f"Line {READ}"
    for width, height in ((900, 600), (600, 800), (1280, 800)):
        kit.resize(width, height)
        kit.until(lambda: kit.run(AT_THE_EDGE) == f"Line {READ}")
    kit.click("#jump")
    kit.until(lambda: kit.run(f"{TIMELINE} return it.scrollHeight - it.scrollTop - it.clientHeight < 2"))


def test_a_button_whose_words_change_while_it_is_pressed_still_acts(kit: DrivenPage, new_peer: PeerFactory) -> None:
    mara = new_peer("Mara")
    mara.say(*LINES[:40])
    kit.until(lambda: LINES[39] in kit.texts())
    kit.run(f"{TIMELINE} it.scrollTop = 0")
    kit.until(lambda: kit.sees("#jump"))
    kit.press("#jump")
    mara.say("Meanwhile")
    kit.until(lambda: kit.text("#jump-text").startswith("1 new"))
    kit.release()
    kit.until(lambda: kit.run(f"{TIMELINE} return it.scrollHeight - it.scrollTop - it.clientHeight < 2"))
    kit.click("#room-create")
    kit.type("#new-room-name", f"bench{ENTER}")
    kit.until(lambda: kit.text(".top h1") == "bench")
    kit.press("[data-room=lobby]")
    mara.say("And again")
    kit.until(lambda: kit.text("[data-room=lobby] .badge") == "1")
    kit.release()
    kit.until(lambda: kit.text(".top h1") == "lobby")


def test_what_is_written_while_the_host_is_away_goes_out_once(
    kit: DrivenPage, serving: Serving, new_peer: PeerFactory
) -> None:
    kit.send("Before")
    kit.until(lambda: kit.sees(".own-message.confirmed"))
    serving.kill()
    kit.until(lambda: kit.sees("#chat.lost"))
    kit.send("Meanwhile")
    kit.until(lambda: kit.sees(".own-message.pending"))
    serving.start()
    kit.run("document.querySelector('#banner button:not([hidden])')?.click()")
    kit.until(lambda: not kit.sees(".own-message.pending"))
    kit.until(lambda: not kit.sees("#chat.lost"))
    mara = new_peer("Mara")
    mara.say("After")
    kit.until(lambda: kit.texts() == ["Before", "Meanwhile", "After"])
    kit.open()  # a reload: the tab is still in the room
    kit.until(lambda: kit.texts() == ["Before", "Meanwhile", "After"])
    assert kit.text(".own-name") == "Kit"


CROWD = 5000  # many more than fit the view, and the page's largest list in other tests
LAST_ROW = """
const list = document.querySelector('#people-list');
list.scrollTop = list.scrollHeight;
const row = [...list.querySelectorAll('.person')].pop();
const { bottom } = row.getBoundingClientRect();
return [row.ariaPosInset ?? row.getAttribute('aria-posinset'), bottom <= list.getBoundingClientRect().bottom + 1];
"""


def test_of_a_crowd_only_those_near_the_view_are_rows(driver: WebDriver) -> None:
    def crowd(visit: Visit) -> None:
        visit.enter(*map(user, names(CROWD)))
        visit.stay()

    with HostileHost(crowd) as host:
        kit = DrivenPage(driver, host.url)
        kit.resize(1280, 800)
        kit.join("Kit")
        people = "return [...document.querySelectorAll('.person')].map(it => it.getAttribute('aria-setsize'))"
        kit.until(lambda: set(kit.run(people)) == {str(CROWD + 1)})
        assert len(kit.run(people)) < 100
        kit.until(lambda: kit.run(LAST_ROW) == [str(CROWD + 1), True])
        assert len(kit.run(people)) < 100
        kit.type("#people-list", "\ue011")  # Home
        kit.until(lambda: "you" in kit.text(".person"))
        assert kit.complaints == []


def copy(page: DrivenPage, first: str, last: str) -> None:
    """Copy from the beginning of one element's text to the end of another's, once they are drawn.

    In what has never been drawn (``content-visibility``), WebKit moves the ends of a selection to other lines.
    """
    page.run(DRAWN)
    page.run(SELECT, first, last)
    page.type("body", f"{CONTROL}c")


def pasted(page: DrivenPage, into: str) -> str:
    """Return what another program gets, with all times replaced. The clipboard may be filled a moment after the key."""

    def paste() -> str:
        page.type(into, f"{CONTROL}v")
        return str(page.run("return document.querySelector(arguments[0]).value", into))

    page.run("document.querySelector(arguments[0]).value = ''", into)
    page.until(paste)
    return re.sub(r"\d\d:\d\d", "10:24", page.run("return document.querySelector(arguments[0]).value", into))


def test_people_talk_and_copy_also_when_the_browsers_language_is_none(
    driver: WebDriver, kit: DrivenPage, new_peer: PeerFactory
) -> None:
    mara = new_peer("Mara")
    mara.say("one\n\n  three", "four")
    kit.until(lambda: "four" in kit.texts())
    kit.send("mine")
    mara.hear("mine")
    kit.until(lambda: kit.sees(".own-message.confirmed"))
    first = ".row:not(.further) .text p"
    copy(kit, first, f"{first}:nth-child(3)")
    assert pasted(kit, "#message") == "one\n\n  three"
    copy(kit, first, ".own .text p")
    assert pasted(kit, "#message") == "Mara, 10:24: one\n\n  three\nMara, 10:24: four\nKit, 10:24: mine"
    kit.click(".top .to-date")
    kit.until(lambda: kit.sees("#date [aria-current=date]"))
    kit.click("#date-close")
    kit.until(lambda: not kit.sees("#date"))
    assert kit.run("return document.querySelectorAll('#people-list .person').length") == 2
    assert_a_thin_scrollbar(driver, kit)


def assert_a_thin_scrollbar(driver: WebDriver, kit: DrivenPage) -> None:
    """Firefox answers true to ``@supports selector(::-webkit-scrollbar)``, but does not support it."""
    if isinstance(driver, Firefox):
        assert kit.run(f"{TIMELINE} return getComputedStyle(it).scrollbarWidth") == "thin"
        assert kit.run(f"{TIMELINE} return getComputedStyle(it).scrollbarColor").endswith("rgba(0, 0, 0, 0)")
    assert kit.run(f"{TIMELINE} return it.offsetWidth - it.clientWidth") <= 12


def test_what_is_copied_from_an_exported_page_has_names_and_single_line_breaks(
    driver: WebDriver, tmp_path: Path
) -> None:
    said = [("Mara", "one\n\n  three"), ("Mara", "four"), ("نور", "five")]
    with (file := tmp_path / "evening.html").open("wb") as out:
        writer = open_writer(Format.HTML, out, ExportMetadata("Robotics Workshop", "build-floor", "Mara"))
        for seq, (name, words) in enumerate(said, 1):
            writer.write(Message(name, words, timestamp(1_764_068_400_000 + seq * 40_000), "build-floor", seq))
        writer.close()
    (field := tmp_path / "field.html").write_text("<textarea></textarea>")
    page = DrivenPage(driver, file.as_uri())
    page.open()
    copy(page, "#m1 [dir]", "#m1 div:last-child")
    page.open(field.as_uri())
    assert pasted(page, "textarea") == "one\n\n  three"
    page.open()
    copy(page, "#m1 .name", "#m3 [dir]")
    page.open(field.as_uri())
    assert pasted(page, "textarea") == "Mara, 10:24: one\n\n  three\nMara, 10:24: four\nنور, 10:24: five"


@pytest.fixture
def tabs(driver: WebDriver, kit: DrivenPage) -> Iterator[list[str]]:
    """The tab in which Kit has joined, and another one."""
    tabs = [driver.command("GetWindowHandle"), driver.command("NewWindow", type="tab")["handle"]]
    yield tabs
    driver.command("SwitchToWindow", handle=tabs[1])
    driver.command("CloseWindow")
    driver.command("SwitchToWindow", handle=tabs[0])


def test_each_tab_comes_back_as_who_it_was(
    driver: WebDriver, kit: DrivenPage, tabs: list[str], new_peer: PeerFactory
) -> None:
    mara = new_peer("Mara")
    driver.command("SwitchToWindow", handle=tabs[1])
    bob = DrivenPage(driver, kit.url)
    bob.join("Bob")
    bob.type("#message", "half of Bob's")
    for tab, page, nickname, text in ((tabs[0], kit, "Kit", ""), (tabs[1], bob, "Bob", "half of Bob's")):
        driver.command("SwitchToWindow", handle=tab)
        page.open()  # a reload: the tab is still in the room
        page.until(partial(page.sees, "#chat"))
        assert page.run("return document.querySelector('#message').value") == text
        page.send(f", said {nickname}")
        assert mara.hear(f"{text}, said {nickname}")["nickname"] == nickname


def test_an_exported_page_is_whole_and_keeps_its_place(driver: WebDriver, tmp_path: Path) -> None:
    file = tmp_path / "evening.html"
    with file.open("wb") as out:
        writer = open_writer(Format.HTML, out, ExportMetadata("Robotics Workshop", "build-floor", "Mara Lindqvist"))
        for seq, line in enumerate(LINES, 1):
            writer.write(Message("Mara", line, timestamp(1_764_068_400_000 + seq * 40_000), "build-floor", seq))
        writer.close()
    page = DrivenPage(driver, file.as_uri())
    page.resize(1280, 800)
    page.open(f"{file.as_uri()}#m{READ}")
    top = "return document.getElementById(arguments[0]).getBoundingClientRect().top"
    page.until(lambda: 0 <= page.run(top, f"m{READ}") < 800)
    assert page.run("return document.querySelectorAll('article').length") == len(LINES)
    for width in (600, 1280):
        page.resize(width, 800)
        assert page.run("return document.documentElement.scrollWidth") <= width
        assert -400 <= page.run(top, f"m{READ}") < 800
