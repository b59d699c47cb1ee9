"""Times and days are updated by themselves, at midnight and when the time zone changes."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import CDPSession, expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PeerFactory
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving

EAST, WEST = "Pacific/Kiritimati", "Pacific/Pago_Pago"
"""25 hours apart, on both sides of the date line: it is never the same day in both."""

CHOOSE_CURRENT_DAY = """() => new Promise(asked => {
    const {send} = WebSocket.prototype;
    WebSocket.prototype.send = function (data) { asked(JSON.parse(data).at); send.call(this, data); };
    document.querySelector("#date [tabindex='0']").click();
})"""
"""Returns the moment that the page requests."""


@pytest.fixture
def mara(new_peer: PeerFactory) -> Peer:
    return new_peer("Mara")


class PageTimeZone:
    """Moves a page to another time zone."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session
        self.zone = ZoneInfo("UTC")

    def set(self, zone: str) -> None:
        self._session.send("Emulation.setTimezoneOverride", {"timezoneId": zone})
        self.zone = ZoneInfo(zone)

    def time(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%H:%M}"

    def day(self, moment: datetime, *, year: bool = False) -> str:
        local = moment.astimezone(self.zone)
        return f"{local:%A} {local.day} {local:%B}{f' {local.year}' if year else ''}"


@pytest.fixture
def time_zone(chat: ChatPage) -> PageTimeZone:
    time_zone = PageTimeZone(chat.context.new_cdp_session(chat.page))
    time_zone.set(EAST)
    return time_zone


def said_at(event: dict[str, str]) -> datetime:
    return datetime.fromisoformat(event["timestamp"])


def look_away(chat: ChatPage) -> None:
    chat.page.evaluate("() => { document.hasFocus = () => false; window.dispatchEvent(new Event('blur')); }")


def search(chat: ChatPage, words: str) -> None:
    chat.page.keyboard.press("Control+f")
    chat.page.keyboard.type(words)


def test_every_time_on_the_page_follows_the_time_zone(chat: ChatPage, time_zone: PageTimeZone, mara: Peer) -> None:
    chat.join("Kit")
    chat.send("Mine")
    mine = said_at(mara.hear("Mine"))
    mara.send(type="message", content="First")
    first = said_at(mara.hear("First"))
    expect(chat.message("First")).to_be_visible()
    look_away(chat)
    mara.say("Second")
    expect(chat.find(".day.new")).to_be_visible()
    search(chat, "First")
    hit = chat.find("#search-hits time")
    for zone in (EAST, WEST, "Asia/Kathmandu"):
        time_zone.set(zone)
        expect(chat.message("First").locator(".byline time")).to_have_text(time_zone.time(first))
        expect(chat.find(".own-message time")).to_have_text(time_zone.time(mine))
        expect(chat.find(".day:not(.new)")).to_have_text(f"Today, {time_zone.day(first)}")
        expect(chat.find(".day.new")).to_have_text(f"1 new since {time_zone.time(first)}")
        expect(hit).to_have_text(time_zone.time(first))


def test_an_open_calendar_follows_the_time_zone_and_keeps_its_day(
    chat: ChatPage, time_zone: PageTimeZone, mara: Peer
) -> None:
    mara.say(*(f"Line {number}" for number in range(60)))  # more than the page holds at first
    chat.join("Kit")
    time_zone.set(WEST)
    chat.page.evaluate("window.dispatchEvent(new Event('focus'))")  # it looks now, before it goes back
    expect(chat.find(".day").first).to_have_text(f"Today, {time_zone.day(datetime.now(UTC))}")
    chat.page.keyboard.press("Control+g")
    current, today = chat.find("#date [tabindex='0']"), chat.find("#date [aria-current=date]")
    before = time_zone.day(datetime.now(UTC), year=True)
    expect(today).to_have_accessible_name(before)
    expect(current).to_be_focused()
    time_zone.set(EAST)
    expect(today).to_have_accessible_name(time_zone.day(datetime.now(UTC), year=True))
    expect(current).to_have_accessible_name(before)
    expect(current).to_be_focused()
    asked = datetime.fromisoformat(chat.page.evaluate(CHOOSE_CURRENT_DAY))
    assert (time_zone.day(asked, year=True), time_zone.time(asked)) == (before, "00:00")


def test_midnight_makes_yesterday_of_today(chat: ChatPage, mara: Peer) -> None:
    chat.page.clock.install()
    chat.join("Kit")
    mara.send(type="message", content="First")
    first = said_at(mara.hear("First")).astimezone()
    expect(chat.message("First")).to_be_visible()
    look_away(chat)
    mara.say("Second")
    since = chat.find(".day.new")
    expect(since).to_have_text(f"1 new since {first:%H:%M}")
    search(chat, "First")
    hit = chat.find("#search-hits time")
    expect(hit).to_have_text(f"{first:%H:%M}")
    chat.page.evaluate("document.querySelector('.top .to-date').click()")  # the search stays as it is
    today = chat.find("#date [aria-current=date]")
    expect(today).to_have_attribute("data-day", f"{first:%Y-%m-%d}")
    chat.page.clock.fast_forward(24 * 3600 * 1000)
    expect(chat.find(".day:not(.new)").first).to_have_text(re.compile("^Yesterday, "))
    expect(since).to_have_text("1 new since yesterday")
    expect(hit).to_have_text(f"Yesterday, {first:%H:%M}")
    expect(today).not_to_have_attribute("data-day", f"{first:%Y-%m-%d}")
    expect(chat.find("#date [tabindex='0']")).to_have_attribute("data-day", f"{first:%Y-%m-%d}")


@pytest.mark.slow
@pytest.mark.parametrize("hours", [-5, 5])
def test_a_clock_that_somebody_sets_delays_nothing(chat: ChatPage, mara: Peer, serving: Serving, hours: int) -> None:
    """Behaviour 39."""

    def set_clock() -> None:
        chat.page.clock.set_system_time(chat.page.evaluate("Date.now()") / 1000 + hours * 3600)

    chat.page.clock.install()
    chat.join("Kit")
    mara.send(type="typing")
    typing = chat.find("#typing")
    expect(typing).to_have_text("Mara is typing")
    set_clock()
    expect(typing).to_be_empty()
    serving.stop()
    banner = chat.find("#banner")
    expect(banner).to_contain_text("Looking again")
    set_clock()
    expect(banner).to_contain_text(re.compile(r"Looking again(…| in \d\ss)"))
    serving.start()
    expect(banner).to_have_text("Back online. Nothing was missed.")
