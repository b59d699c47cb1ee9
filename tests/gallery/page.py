"""The page's screens and states, with a simulated server."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from chatdesk.protocol import events
from tests.e2e.browser import chromium
from tests.e2e.serving import Serving
from tests.gallery import content
from tests.gallery.content import ALL_KINDS, HOST, MESSAGES, NOW, PEOPLE, ROOM, SERVER
from tests.gallery.conversation import ACTS, TEXTS
from tests.gallery.page_order_scenes import ORDER_SHOTS
from tests.gallery.page_stage import TABLET, UPRIGHT, WIDE, Host, PageState, enter

_NOW, _LATER = (f"{NOW[:10]}T{NOW[11:-2]}{second}Z" for second in ("00", "40"))
_SAME_ADDRESS = """
for (const it of document.querySelectorAll("[data-show=address]")) it.textContent = "192.168.4.20:8080";
"""
"""Hides the port, which differs each time."""
_LONG_PRESS = 500
"""Milliseconds."""
_SCROLLED = 300
"""Milliseconds, after which the page knows that nobody is scrolling any more."""
_STEP, _MOST_STEPS = 250, 400
"""Milliseconds of the page's clock in a step, and how many steps to wait at most: longer than any timer there."""
_STATS = {"name": SERVER.name, "host": HOST, "users": len(PEOPLE), "connections": len(PEOPLE), "max_connections": 2000}


def _join(page: Page, _host: Host) -> None:
    expect(page.locator("#nickname")).to_be_focused()
    expect(page.get_by_text(re.compile(r"Hosted by"))).to_be_visible()


def _rooms(page: Page, host: Host) -> None:
    enter(page, host)
    if (opener := page.locator("#rooms-open")).is_visible():
        opener.click()
    page.locator("#rooms-archived").click()
    expect(page.get_by_role("button", name="robot-cubes, archived")).to_be_visible()


def _room_settings(page: Page, host: Host) -> None:
    enter(page, host)
    if (opener := page.locator("#rooms-open")).is_visible():
        opener.click()
    page.locator("#room-settings-open").click()
    expect(page.get_by_role("dialog", name="Room settings")).to_be_visible()


def _acts(page: Page, host: Host) -> None:
    """What people have done with messages; the pointer is over one, which is being answered."""
    enter(page, host)
    page.clock.pause_at(_LATER)  # the day that one scrolls to is shown for a second, too short for a busy machine
    row = page.locator(".row", has_text="sign in").first
    row.hover()
    row.get_by_role("button", name="Reply", exact=True).click()
    expect(page.locator(".composer-context")).to_be_visible()
    page.locator("#timeline").evaluate("it => it.scrollTo(0, 0)")
    row.hover()
    expect(page.locator("#floating-day")).to_have_class(re.compile("shown"))
    page.clock.run_for(_SCROLLED)


def _menu(page: Page, host: Host) -> None:
    enter(page, host)
    page.locator("#timeline").evaluate("it => it.scrollTo(0, 0)")
    row = page.locator(".row", has_text="sign in").first
    if page.viewport_size and page.viewport_size["width"] < TABLET[0]:
        row.dispatch_event("touchstart", {"touches": [{"identifier": 0, "clientX": 150, "clientY": 300}]})
        page.clock.run_for(_LONG_PRESS)
    else:
        row.hover()
        row.get_by_role("button", name="More").click()
    expect(page.locator("#message-menu")).to_be_visible()


def _people(page: Page, host: Host) -> None:
    enter(page, host)
    page.locator("#people-open").click()
    expect(page.locator("#people-list")).to_be_visible()


def _busy(page: Page, host: Host) -> None:
    enter(page, host)
    came = [events.User(name, "online", MESSAGES[0].timestamp, "phone") for name in content.CAME]
    host.say(events.Presence(ROOM, came, [], len(PEOPLE) + 3, MESSAGES[-1].timestamp))
    host.say(events.Typing("Aiko Tanaka", True, ROOM))
    expect(page.get_by_text("are typing").or_(page.get_by_text("is typing"))).to_be_visible()
    page.locator(".row", has_text="sign in drive").hover()


def _lost(page: Page, host: Host) -> None:
    enter(page, host)
    page.clock.pause_at(_LATER)
    host.silent = True
    assert host.route
    host.route.close(code=1006)
    banner = page.locator("#banner")
    for _ in range(_MOST_STEPS):  # attempts end in real time, so the number of steps until then is not known
        page.clock.run_for(_STEP)
        page.wait_for_timeout(10)
        if "in 3" in (banner.text_content() or ""):
            return
    raise AssertionError("the page never counts down to 3")


def _search(page: Page, host: Host) -> None:
    enter(page, host)
    if page.viewport_size and page.viewport_size["width"] < TABLET[0]:
        page.locator("#search-open").click()
    page.locator("#search-field").fill("bench")
    expect(page.locator("#search-hits")).to_be_visible()


def _switcher(page: Page, host: Host) -> None:
    enter(page, host)
    page.keyboard.press("Control+k")
    page.keyboard.type("be")
    expect(page.locator("#switcher-rows [role=option]").last).to_contain_text("Search all messages")


def _keys(page: Page, host: Host) -> None:
    enter(page, host)
    page.keyboard.press("Control+/")
    expect(page.locator("#keys")).to_be_visible()


def _calendar(page: Page, host: Host) -> None:
    enter(page, host)
    page.locator(".to-date").locator("visible=true").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _refused(page: Page, host: Host) -> None:
    enter(page, host)
    page.locator("#message").fill("Lunch is at 12:15 in the hall")
    page.locator("#message").press("Enter")
    expect(page.locator(".own-message.pending")).to_be_visible()


def _typing(text: str) -> Callable[[Page, Host], None]:
    def act(page: Page, host: Host) -> None:
        enter(page, host)
        page.locator("#message").press_sequentially(text)
        expect(page.get_by_role("option").first).to_be_visible()

    return act


def _not_a_command(page: Page, host: Host) -> None:
    enter(page, host)
    page.locator("#message").fill("/sudo make me a sandwich")
    page.locator("#message").press("Enter")
    expect(page.get_by_role("button", name="Send as text")).to_be_visible()


def _everybody(page: Page, host: Host) -> None:
    page.locator("#nickname").fill(HOST)
    page.locator("#join-button").click()
    expect(page.locator("#message")).to_be_visible()
    page.locator("#message").fill("@room lunch is here")
    page.locator("#message").press("Enter")
    expect(page.get_by_role("dialog", name=re.compile("Tell all"))).to_be_visible()


def _emoji(page: Page, host: Host) -> None:
    enter(page, host)
    page.locator("#message").fill("Bench 4 follows the line ")
    page.get_by_role("button", name="Emoji").click()
    expect(page.get_by_role("gridcell", name="grinning face", exact=True)).to_be_visible()


_SHOTS = {
    "join": {"light": PageState(_join), "dark": PageState(_join, colors="dark"), "wide": PageState(_join, WIDE)},
    "chat": {
        "light": PageState(enter),
        "dark": PageState(enter, colors="dark"),
        "contrast": PageState(enter, contrast="more", colors="dark"),
        "tablet": PageState(enter, TABLET),
        "wide": PageState(enter, WIDE),
        "wide-dark": PageState(enter, WIDE, "dark"),
        "leftwards": PageState(enter, heard=content.LEFTWARDS),
        "leftwards-wide": PageState(enter, WIDE, heard=content.LEFTWARDS),
        "empty": PageState(enter, heard=()),
    },
    "text": {
        "light": PageState(enter, heard=TEXTS),
        "contrast": PageState(enter, contrast="more", colors="dark", heard=TEXTS),
        "wide": PageState(enter, WIDE, heard=TEXTS),
        "wide-dark": PageState(enter, WIDE, "dark", heard=TEXTS),
    },
    "rooms": {
        "light": PageState(_rooms, rooms=ALL_KINDS),
        "dark": PageState(_rooms, colors="dark", rooms=ALL_KINDS),
        "wide": PageState(_rooms, WIDE, rooms=ALL_KINDS),
        "wide-contrast": PageState(_rooms, WIDE, "dark", "more", rooms=ALL_KINDS),
        "tablet": PageState(_rooms, UPRIGHT, rooms=ALL_KINDS),
    },
    "room-settings": {
        "light": PageState(_room_settings, rooms=ALL_KINDS),
        "wide": PageState(_room_settings, WIDE, rooms=ALL_KINDS),
    },
    "acts": {
        "wide": PageState(_acts, WIDE, heard=ACTS),
        "wide-dark": PageState(_acts, WIDE, "dark", heard=ACTS),
        "wide-contrast": PageState(_acts, WIDE, "dark", "more", heard=ACTS),
    },
    "menu": {
        "light": PageState(_menu, heard=ACTS, touch=True),
        "dark": PageState(_menu, colors="dark", heard=ACTS, touch=True),
        "wide": PageState(_menu, WIDE, heard=ACTS),
    },
    "people": {"light": PageState(_people)},
    "switcher": {"wide": PageState(_switcher, WIDE), "wide-dark": PageState(_switcher, WIDE, "dark")},
    "keys": {"wide": PageState(_keys, WIDE), "phone-dark": PageState(_keys, colors="dark")},
    "busy": {"light": PageState(_busy), "wide-dark": PageState(_busy, WIDE, "dark")},
    "sending": {"light": PageState(_refused)},
    "lost": {"light": PageState(_lost), "wide-dark": PageState(_lost, WIDE, "dark")},
    "search": {"light": PageState(_search), "wide": PageState(_search, WIDE)},
    "complete": {
        "people": PageState(_typing("@be")),
        "emoji-wide": PageState(_typing("Bring the :ro"), WIDE),
        "commands-dark": PageState(_typing("/"), colors="dark"),
    },
    "everybody": {"light": PageState(_everybody), "wide": PageState(_everybody, WIDE)},
    "not-a-command": {"light": PageState(_not_a_command)},
    "emoji": {
        "light": PageState(_emoji),
        "wide": PageState(_emoji, WIDE),
        "wide-dark": PageState(_emoji, WIDE, "dark"),
        "contrast": PageState(_emoji, TABLET, "dark", "more"),
    },
    "calendar": {"tablet": PageState(_calendar, TABLET)},
} | ORDER_SHOTS

PAGE = {f"page-{name}-{look}": shot for name, shots in _SHOTS.items() for look, shot in shots.items()}


def draw_page(names: list[str], folder: Path) -> None:
    """Draw these scenes into the folder."""
    with Serving("--no-discovery") as serving, chromium() as browser:
        for alike in _by_arrangement(names):
            _draw(browser, serving.url, alike, folder)


def _by_arrangement(names: list[str]) -> Iterator[list[str]]:
    """These scenes in groups that differ in nothing but the colours, which an open page can be switched to."""
    found: dict[PageState, list[str]] = {}
    for name in names:
        found.setdefault(replace(PAGE[name], colors="", contrast=""), []).append(name)
    yield from found.values()


def _draw(browser: Browser, url: str, names: list[str], folder: Path) -> None:
    with shown(browser, url, PAGE[names[0]]) as page:
        page.evaluate(_SAME_ADDRESS)
        for name in names:
            look: dict[str, Any] = {"color_scheme": PAGE[name].colors, "contrast": PAGE[name].contrast}
            page.emulate_media(**look, reduced_motion="reduce")
            page.evaluate("document.fonts.ready")
            page.screenshot(path=folder / f"{name}.png", animations="disabled")


@contextmanager
def shown(browser: Browser, url: str, shot: PageState) -> Iterator[Page]:
    """A page in this state."""
    width, height = shot.size
    look: dict[str, Any] = {"color_scheme": shot.colors, "contrast": shot.contrast, "reduced_motion": "reduce"}
    context = browser.new_context(
        viewport={"width": width, "height": height}, timezone_id="UTC", locale="en-GB", has_touch=shot.touch, **look
    )
    page = context.new_page()
    page.clock.install(time=_NOW)
    page.add_init_script("Math.random = () => 0.5")  # for a fixed delay before it reconnects
    page.route("**/stats", lambda route: route.fulfill(body=json.dumps(_STATS), content_type="application/json"))
    host = Host(page, shot.heard, shot.rooms)
    page.goto(url)
    shot.act(page, host)
    yield page
    context.close()
