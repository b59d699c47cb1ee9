"""The page's scenes of admission and of keeping order."""

import json
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from chatdesk.protocol import events, order_events
from chatdesk.protocol.admission_events import Queue, Waiter
from chatdesk.protocol.errors import CloseCode
from chatdesk.protocol.pace_events import Hands, Held
from chatdesk.protocol.room_events import RoomInfo
from chatdesk.server.http.ca_endpoints import CA_FILE, CA_PATH, CaEndpoints
from chatdesk.server.http.static_files import page_files
from tests.gallery.content import GUEST, HANDS, HELD, HOST, NOW, ROOM, SERVER
from tests.gallery.page_stage import WIDE, Host, PageState, enter

_WAITERS = [
    Waiter("Zoë van den Berg", "zoe", "phone", 130),
    Waiter("Leon", "leon", "phone", 40),
    Waiter("Sørina Đorđević-Nakamura", "sorina", "browser", 3),
]
_EVENING = f"{NOW[:10]}T20:00:00.000Z"
_QUESTIONS = (RoomInfo(ROOM, joined=True, nameless=True),)


def _password(page: Page, host: Host) -> None:
    """The chat asks for a password, and the first one was wrong."""
    about = json.dumps({"entry": ["password"]})
    page.route("**/about", lambda route: route.fulfill(body=about, content_type="application/json"))
    page.reload()
    expect(page.get_by_text("Hosted by")).to_be_visible()
    page.locator("#nickname").fill(GUEST)
    expect(page.locator("#join-password")).to_be_visible()
    host.refusal = events.Error(
        "bad_password", "That is not it. Capitals do not matter, hyphens do. 4 more tries, then a minute’s wait."
    )
    page.locator("#join-password").fill("copper-wal")
    page.locator("#join-button").click()
    expect(page.locator("#join-password-error")).to_contain_text("4 more tries")


def _waiting(page: Page, host: Host) -> None:
    host.place = 3
    page.locator("#nickname").fill(GUEST)
    page.locator("#join-button").click()
    expect(page.get_by_text("2 people are before you")).to_be_visible()
    expect(page.get_by_text("lets people in")).to_be_visible()  # once the host has been asked for its state again


_REASON = "Selling parts in the lobby. Please talk to me at the front desk."


def _removed(page: Page, host: Host) -> None:
    """Somebody who was about to write is removed."""
    enter(page, host)
    page.locator("#message").fill("Who has the")
    host.say(events.Error("removed", "Mara has removed you.", by=HOST, reason=_REASON, until=_EVENING))
    assert host.route
    host.route.close(code=CloseCode.REMOVED)
    expect(page.locator("#removed-title")).to_be_visible()


def _ban(page: Page, host: Host) -> None:
    """A moderator is about to ban somebody, whose address others use, too."""
    enter(page, host)
    rights = ("ban", "mute", "remove", "rename_others")
    host.say(order_events.Standing(ROOM, "moderator", rights))
    if (opener := page.locator("#people-open")).is_visible():
        opener.click()
    row = page.locator('.person[data-nickname="Bench 7"]')
    row.hover()
    row.locator(".person-more").click()
    page.locator("#message-menu").get_by_role("button", name="Ban…").click()
    expect(page.get_by_text("3 others here use it")).to_be_visible()
    page.keyboard.type("Selling parts in the lobby")


@dataclass(frozen=True)
class _Key:
    authority: bytes = b"certificate"
    fingerprint: str = "5e" * 32
    words: tuple[str, ...] = ("copper", "walrus", "lantern", "orbit")


def _trust(page: Page, _host: Host) -> None:
    """How a device comes to trust the chat."""
    file = page_files()[CA_FILE]
    html = CaEndpoints(file, _Key(), SERVER.name).respond(CA_PATH, "").body.decode()
    page.route("**/ca", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(f"{page.url}ca")
    expect(page.locator("details[open]")).to_have_count(1)
    expect(page.locator("#verdict")).to_contain_text("does not trust the chat yet")
    page.locator("#socket").evaluate("it => { it.textContent = 'wss://192.168.4.20:8080/ws' }")


def _ask(page: Page, host: Host) -> None:
    """A question without one's name."""
    enter(page, host)
    page.locator("#hand").click()
    page.locator("#ask-text").fill("How do I save before flashing?")
    expect(page.get_by_text("Nobody sees your name")).to_be_visible()


def _hand(page: Page, host: Host) -> None:
    """One’s hand is up, after two others."""
    enter(page, host)
    host.say(Hands(ROOM, HANDS, 3, 3))
    expect(page.get_by_text("Your hand is up")).to_be_visible()


def _board(page: Page, host: Host) -> None:
    """A moderator looks at who waits, at the messages that wait and at the hands."""
    enter(page, host)
    host.say(order_events.Standing(ROOM, "moderator", ("approve", "call_hands", "speak_freely", "ban", "see_audit")))
    host.say(Queue(_WAITERS, 3, approval=True), Held(ROOM, HELD, all=True), Hands(ROOM, HANDS, 3))
    if (opener := page.locator("#rooms-open")).is_visible():
        opener.click()
    page.locator("#order-open").click()
    expect(page.locator("#order-hands .order-row")).to_have_count(3)
    expect(page.locator("#order-audit li")).to_have_count(3)


def _invite(page: Page, host: Host) -> None:
    """A moderator has made an invitation for a class."""
    enter(page, host)
    host.say(order_events.Standing(ROOM, "moderator", ("approve", "invite")), Queue([], approval=True))
    if (opener := page.locator("#rooms-open")).is_visible():
        opener.click()
    page.locator("#invite-open").click()
    page.locator(".invitation-more summary").click()
    page.locator("#invitation-make").click()
    expect(page.locator(".qr")).to_be_visible()
    link = "http://192.168.4.20:8080/#invite=k7f-m2x-4rw"
    page.locator("#invitation-link").evaluate("(it, link) => { it.textContent = link }", link)


def _records(page: Page, host: Host) -> None:
    """A moderator reads on a phone who is kept out, and what was done."""
    _board(page, host)
    page.locator("#order-audit").scroll_into_view_if_needed()


ORDER_SHOTS = {
    "password": {
        "light": PageState(_password, touch=True),
        "dark": PageState(_password, colors="dark", touch=True),
        "wide": PageState(_password, WIDE),
    },
    "waiting": {
        "light": PageState(_waiting, touch=True),
        "dark": PageState(_waiting, colors="dark", touch=True),
        "wide": PageState(_waiting, WIDE),
    },
    "removed": {
        "light": PageState(_removed, touch=True),
        "dark": PageState(_removed, colors="dark", touch=True),
        "wide": PageState(_removed, WIDE),
    },
    "ban": {"wide": PageState(_ban, WIDE), "wide-dark": PageState(_ban, WIDE, "dark")},
    "trust": {"light": PageState(_trust), "dark": PageState(_trust, colors="dark"), "wide": PageState(_trust, WIDE)},
    "ask": {
        "light": PageState(_ask, rooms=_QUESTIONS, touch=True),
        "wide-dark": PageState(_ask, WIDE, "dark", rooms=_QUESTIONS),
    },
    "hand": {"light": PageState(_hand), "dark": PageState(_hand, colors="dark")},
    "records": {"light": PageState(_records, touch=True)},
    "invite": {"light": PageState(_invite, touch=True), "wide-dark": PageState(_invite, WIDE, "dark")},
    "board": {
        "light": PageState(_board, touch=True),
        "wide": PageState(_board, WIDE),
        "wide-dark": PageState(_board, WIDE, "dark"),
    },
}
