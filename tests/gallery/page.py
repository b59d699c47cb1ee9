"""The page's screens and states, with a simulated server."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from chatdesk.protocol import admission_events, codec, commands, events, order_commands, order_events
from chatdesk.protocol.errors import CloseCode
from chatdesk.protocol.room_events import RoomInfo, Rooms
from tests.e2e.browser import chromium
from tests.e2e.serving import Serving
from tests.gallery import content
from tests.gallery.content import ALL_KINDS, EPOCH, GUEST, HOST, MESSAGES, NOW, PEOPLE, ROOM, SERVER
from tests.gallery.conversation import ACTS, TEXTS

_PHONE, _UPRIGHT, _TABLET, _WIDE = (390, 844), (768, 1024), (900, 640), (1280, 800)
_EVENING = f"{NOW[:10]}T20:00:00.000Z"
_NOW, _LATER = (f"{NOW[:10]}T{NOW[11:-2]}{second}Z" for second in ("00", "40"))
_SAME_ADDRESS = """
for (const it of document.querySelectorAll("[data-show=address]")) it.textContent = "192.168.4.20:8080";
"""
"""Hides the port, which differs each time."""
_LONG_PRESS = 500
"""Milliseconds."""
_STEP, _MOST_STEPS = 250, 400
"""Milliseconds of the page's clock in a step, and how many steps to wait at most: longer than any timer there."""
_STATS = {"name": SERVER.name, "host": HOST, "users": len(PEOPLE), "connections": len(PEOPLE), "max_connections": 2000}


class Host:
    """Answers as a server does, without a network."""

    def __init__(self, page: Page, heard: tuple[events.Message, ...], rooms: tuple[RoomInfo, ...]) -> None:
        self.heard, self.rooms = heard, rooms
        self.silent = False
        self.place = 0
        self.route: WebSocketRoute | None = None
        page.route_web_socket("**/ws", self._connect)

    def say(self, *said: events.Event) -> None:
        """Send an event to the page."""
        assert self.route
        for event in said:
            self.route.send(codec.encode(event).decode())

    def _connect(self, route: WebSocketRoute) -> None:
        if self.silent:
            route.close(code=1006)
            return
        self.route = route
        route.on_message(lambda data: self._answer(codec.decode_command(data)))

    def _answer(self, command: commands.Command) -> None:
        match command:
            case commands.Join(nickname=nickname, id=ref) if self.place:
                waiting = admission_events.Waiting(self.place, "Wait.", nickname, SERVER.name, HOST, 44, 120, ref)
                self.say(waiting)
            case commands.Join(nickname=nickname):
                history = events.History(ROOM, EPOCH, list(self.heard), False, 1, len(self.heard))
                self.say(content.welcome(nickname), content.users(), history)
                if self.rooms:
                    self.say(Rooms(list(self.rooms)))
            case commands.History(id=ref):
                self.say(events.History(ROOM, EPOCH, [], False, 1, len(self.heard), ref))
            case order_commands.Neighbours(id=ref):
                names = ("Bench 2", "Kit", "Ravi")
                self.say(order_events.Neighbours("Bench 7", "", "192.168.4.52", names, 3, ref))
            case commands.Search(query=query, id=ref):
                hits = [message for message in reversed(self.heard) if query in message.content]
                found = [events.Hit(message, content.marked(message.content, query)) for message in hits]
                self.say(events.Search(ROOM, query, found, False, ref=ref))


@dataclass(frozen=True, slots=True)
class PageState:
    """A state of the page, with the sizes and colours in which it is shown."""

    act: Callable[[Page, Host], None]
    size: tuple[int, int] = _PHONE
    colors: str = "light"
    contrast: str = "no-preference"
    heard: tuple[events.Message, ...] = field(default=MESSAGES)
    rooms: tuple[RoomInfo, ...] = ()
    touch: bool = False


def _join(page: Page, _host: Host) -> None:
    expect(page.locator("#nickname")).to_be_focused()
    expect(page.get_by_text(re.compile(r"Hosted by"))).to_be_visible()


def _waiting(page: Page, host: Host) -> None:
    host.place = 3
    page.locator("#nickname").fill(GUEST)
    page.locator("#join-button").click()
    expect(page.get_by_text("2 people are before you")).to_be_visible()


_REASON = "Selling parts in the lobby. Please talk to me at the front desk."


def _removed(page: Page, host: Host) -> None:
    """Somebody who was about to write is removed."""
    _chat(page, host)
    page.locator("#message").fill("Who has the")
    host.say(events.Error("removed", "Mara has removed you.", by=HOST, reason=_REASON, until=_EVENING))
    assert host.route
    host.route.close(code=CloseCode.REMOVED)
    expect(page.locator("#removed-title")).to_be_visible()


def _ban(page: Page, host: Host) -> None:
    """A moderator is about to ban somebody, whose address others use, too."""
    _chat(page, host)
    rights = ("ban", "mute", "remove", "rename_others")
    host.say(order_events.Standing(ROOM, "moderator", rights))
    row = page.locator('.person[data-nickname="Bench 7"]')
    row.hover()
    row.locator(".person-more").click()
    page.locator("#message-menu").get_by_role("button", name="Ban…").click()
    expect(page.get_by_text("3 others here use it")).to_be_visible()
    page.keyboard.type("Selling parts in the lobby")


def _chat(page: Page, host: Host) -> None:
    page.locator("#nickname").fill(GUEST)
    page.locator("#join-button").click()
    page.mouse.move(1, 1)  # over no row
    expect(page.locator("#message")).to_be_visible()
    expect(page.locator(".row .text")).to_have_count(sum(not it.deleted for it in host.heard))


def _rooms(page: Page, host: Host) -> None:
    _chat(page, host)
    if (opener := page.locator("#rooms-open")).is_visible():
        opener.click()
    page.locator("#rooms-archived").click()
    expect(page.get_by_role("button", name="robot-cubes, archived")).to_be_visible()


def _room_settings(page: Page, host: Host) -> None:
    _chat(page, host)
    if (opener := page.locator("#rooms-open")).is_visible():
        opener.click()
    page.locator("#room-settings-open").click()
    expect(page.get_by_role("dialog", name="Room settings")).to_be_visible()


def _acts(page: Page, host: Host) -> None:
    """What people have done with messages; the pointer is over one, which is being answered."""
    _chat(page, host)
    row = page.locator(".row", has_text="sign in").first
    row.hover()
    row.get_by_role("button", name="Reply", exact=True).click()
    expect(page.locator(".composer-context")).to_be_visible()
    page.locator("#timeline").evaluate("it => it.scrollTo(0, 0)")
    row.hover()


def _menu(page: Page, host: Host) -> None:
    _chat(page, host)
    page.locator("#timeline").evaluate("it => it.scrollTo(0, 0)")
    row = page.locator(".row", has_text="sign in").first
    if page.viewport_size and page.viewport_size["width"] < _TABLET[0]:
        row.dispatch_event("touchstart", {"touches": [{"identifier": 0, "clientX": 150, "clientY": 300}]})
        page.clock.run_for(_LONG_PRESS)
    else:
        row.hover()
        row.get_by_role("button", name="More").click()
    expect(page.locator("#message-menu")).to_be_visible()


def _people(page: Page, host: Host) -> None:
    _chat(page, host)
    page.locator("#people-open").click()
    expect(page.locator("#people-list")).to_be_visible()


def _busy(page: Page, host: Host) -> None:
    _chat(page, host)
    came = [events.User(name, "online", MESSAGES[0].timestamp, "phone") for name in content.CAME]
    host.say(events.Presence(ROOM, came, [], len(PEOPLE) + 3, MESSAGES[-1].timestamp))
    host.say(events.Typing("Aiko Tanaka", True, ROOM))
    expect(page.get_by_text("are typing").or_(page.get_by_text("is typing"))).to_be_visible()
    page.locator(".row", has_text="sign in drive").hover()


def _lost(page: Page, host: Host) -> None:
    _chat(page, host)
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
    _chat(page, host)
    if page.viewport_size and page.viewport_size["width"] < _TABLET[0]:
        page.locator("#search-open").click()
    page.locator("#search-field").fill("bench")
    expect(page.locator("#search-hits")).to_be_visible()


def _switcher(page: Page, host: Host) -> None:
    _chat(page, host)
    page.keyboard.press("Control+k")
    page.keyboard.type("be")
    expect(page.locator("#switcher-rows [role=option]").last).to_contain_text("Search all messages")


def _keys(page: Page, host: Host) -> None:
    _chat(page, host)
    page.keyboard.press("Control+/")
    expect(page.locator("#keys")).to_be_visible()


def _calendar(page: Page, host: Host) -> None:
    _chat(page, host)
    page.locator(".to-date").locator("visible=true").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _refused(page: Page, host: Host) -> None:
    _chat(page, host)
    page.locator("#message").fill("Lunch is at 12:15 in the hall")
    page.locator("#message").press("Enter")
    expect(page.locator(".own-message.pending")).to_be_visible()


def _typing(text: str) -> Callable[[Page, Host], None]:
    def act(page: Page, host: Host) -> None:
        _chat(page, host)
        page.locator("#message").press_sequentially(text)
        expect(page.get_by_role("option").first).to_be_visible()

    return act


def _not_a_command(page: Page, host: Host) -> None:
    _chat(page, host)
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
    _chat(page, host)
    page.locator("#message").fill("Bench 4 follows the line ")
    page.get_by_role("button", name="Emoji").click()
    expect(page.get_by_role("gridcell", name="grinning face", exact=True)).to_be_visible()


_SHOTS = {
    "join": {"light": PageState(_join), "dark": PageState(_join, colors="dark"), "wide": PageState(_join, _WIDE)},
    "waiting": {
        "light": PageState(_waiting, touch=True),
        "dark": PageState(_waiting, colors="dark", touch=True),
        "wide": PageState(_waiting, _WIDE),
    },
    "removed": {
        "light": PageState(_removed, touch=True),
        "dark": PageState(_removed, colors="dark", touch=True),
        "wide": PageState(_removed, _WIDE),
    },
    "ban": {"wide": PageState(_ban, _WIDE), "wide-dark": PageState(_ban, _WIDE, "dark")},
    "chat": {
        "light": PageState(_chat),
        "dark": PageState(_chat, colors="dark"),
        "contrast": PageState(_chat, contrast="more", colors="dark"),
        "tablet": PageState(_chat, _TABLET),
        "wide": PageState(_chat, _WIDE),
        "wide-dark": PageState(_chat, _WIDE, "dark"),
        "leftwards": PageState(_chat, heard=content.LEFTWARDS),
        "leftwards-wide": PageState(_chat, _WIDE, heard=content.LEFTWARDS),
        "empty": PageState(_chat, heard=()),
    },
    "text": {
        "light": PageState(_chat, heard=TEXTS),
        "contrast": PageState(_chat, contrast="more", colors="dark", heard=TEXTS),
        "wide": PageState(_chat, _WIDE, heard=TEXTS),
        "wide-dark": PageState(_chat, _WIDE, "dark", heard=TEXTS),
    },
    "rooms": {
        "light": PageState(_rooms, rooms=ALL_KINDS),
        "dark": PageState(_rooms, colors="dark", rooms=ALL_KINDS),
        "wide": PageState(_rooms, _WIDE, rooms=ALL_KINDS),
        "wide-contrast": PageState(_rooms, _WIDE, "dark", "more", rooms=ALL_KINDS),
        "tablet": PageState(_rooms, _UPRIGHT, rooms=ALL_KINDS),
    },
    "room-settings": {
        "light": PageState(_room_settings, rooms=ALL_KINDS),
        "wide": PageState(_room_settings, _WIDE, rooms=ALL_KINDS),
    },
    "acts": {
        "wide": PageState(_acts, _WIDE, heard=ACTS),
        "wide-dark": PageState(_acts, _WIDE, "dark", heard=ACTS),
        "wide-contrast": PageState(_acts, _WIDE, "dark", "more", heard=ACTS),
    },
    "menu": {
        "light": PageState(_menu, heard=ACTS, touch=True),
        "dark": PageState(_menu, colors="dark", heard=ACTS, touch=True),
        "wide": PageState(_menu, _WIDE, heard=ACTS),
    },
    "people": {"light": PageState(_people)},
    "switcher": {"wide": PageState(_switcher, _WIDE), "wide-dark": PageState(_switcher, _WIDE, "dark")},
    "keys": {"wide": PageState(_keys, _WIDE), "phone-dark": PageState(_keys, colors="dark")},
    "busy": {"light": PageState(_busy), "wide-dark": PageState(_busy, _WIDE, "dark")},
    "sending": {"light": PageState(_refused)},
    "lost": {"light": PageState(_lost), "wide-dark": PageState(_lost, _WIDE, "dark")},
    "search": {"light": PageState(_search), "wide": PageState(_search, _WIDE)},
    "complete": {
        "people": PageState(_typing("@be")),
        "emoji-wide": PageState(_typing("Bring the :ro"), _WIDE),
        "commands-dark": PageState(_typing("/"), colors="dark"),
    },
    "everybody": {"light": PageState(_everybody), "wide": PageState(_everybody, _WIDE)},
    "not-a-command": {"light": PageState(_not_a_command)},
    "emoji": {
        "light": PageState(_emoji),
        "wide": PageState(_emoji, _WIDE),
        "wide-dark": PageState(_emoji, _WIDE, "dark"),
        "contrast": PageState(_emoji, _TABLET, "dark", "more"),
    },
    "calendar": {"tablet": PageState(_calendar, _TABLET)},
}

PAGE = {f"page-{name}-{look}": shot for name, shots in _SHOTS.items() for look, shot in shots.items()}


def draw_page(names: list[str], folder: Path) -> None:
    """Draw these scenes into the folder."""
    with Serving("--no-discovery") as serving, chromium(whole=True) as browser:
        for name in names:
            _picture(browser, serving.url, PAGE[name], folder / f"{name}.png")


def _picture(browser: Browser, url: str, shot: PageState, file: Path) -> None:
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
    page.evaluate(_SAME_ADDRESS)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=file, animations="disabled")
    context.close()
