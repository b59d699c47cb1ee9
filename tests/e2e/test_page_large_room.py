"""The page in a room of many thousands: it stays usable, with elements for the visible part only."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PeerFactory
from tests.e2e.hostile_host_page import JoinHostileHost
from tests.e2e.page_work import PageWork
from tests.e2e.peer import Peer
from tests.hostile_host import Visit, history, message, user
from tests.hostile_scripts import names, presence

PHONE = {"width": 390, "height": 844}
CROWD = 14_000
COUNT = "document.querySelectorAll('*').length"
MOST_ELEMENTS = 2_000
"""The page has some 1,400 with its sheets; a list of all people would add four for each."""


def crowd(visit: Visit) -> None:
    """A room of that size, in which one person joins and leaves."""
    visit.enter(*map(user, names(CROWD)), said=(message(1),))
    visit.hear("typing")
    visit.say(presence(["Aa"], count=CROWD + 2))
    visit.stay()


def at_rest(chat: ChatPage) -> None:
    """Wait until the list is complete."""
    expect(chat.find(".person").first).to_have_attribute("aria-setsize", str(CROWD + 1))


def test_a_large_room_costs_no_more_than_its_visible_part(work: PageWork, join_hostile_host: JoinHostileHost) -> None:
    chat = join_hostile_host(crowd)
    at_rest(chat)
    people = chat.find("#people-list")
    expect(people).to_have_accessible_name(f"People {CROWD + 1:,}")
    assert chat.page.evaluate(COUNT) < MOST_ELEMENTS
    assert work.longest_task(chat.page) < 30, "before: ten seconds"
    first = people.get_by_role("listitem").first
    expect(first).to_have_attribute("aria-posinset", "1")
    expect(first).to_contain_text("Kit")
    people.focus()
    chat.page.keyboard.press("End")
    last = people.get_by_text(f"Guest {CROWD - 1}", exact=True)
    expect(last).to_be_in_viewport()
    row = chat.find(".person").last
    expect(row).to_have_attribute("aria-posinset", str(CROWD + 1))
    bottom = "it => it.scrollHeight - it.scrollTop - it.clientHeight"
    assert people.evaluate(bottom) < 2
    people.evaluate("it => { it.scrollTop = it.scrollHeight / 2 }")
    expect(people.locator(".person:nth-child(40)")).to_be_in_viewport()
    seen = "() => document.elementFromPoint(1180, 400).closest('.person').textContent"
    before = chat.page.evaluate(seen)
    chat.find("#message").press_sequentially("x")
    expect(people).to_have_accessible_name(f"People {CROWD + 2:,}")
    expect(chat.find(".person").first).to_have_attribute("aria-setsize", str(CROWD + 2))
    assert chat.page.evaluate(seen) == before, "who is seen stays there when somebody comes above"
    people.evaluate("it => { it.scrollTop = 0 }")
    expect(chat.find(".person").nth(1)).to_contain_text("Aa")
    find_somebody(chat)
    chat.page.set_viewport_size(PHONE)
    chat.find("#people-open").click()
    people.evaluate("it => { it.scrollTop = it.scrollHeight }")
    expect(chat.page.get_by_text(f"Guest {CROWD - 1}", exact=True)).to_be_in_viewport()
    assert (
        chat.find(".person").evaluate_all("all => new Set(all.map(it => it.getBoundingClientRect().height)).size") == 1
    )


def find_somebody(chat: ChatPage) -> None:
    """Find people in the whole list, which then is whole again."""
    chat.find("#people-find").click()
    search = chat.find("#people-search")
    search.fill("GÜEST 1399")
    expect(chat.find(".person")).to_have_count(11)
    expect(chat.find(".person").last).to_have_attribute("aria-posinset", "11")
    search.fill("nobody")
    expect(chat.find("#people-none")).to_be_visible()
    search.fill("")
    expect(chat.find(".person").first).to_have_attribute("aria-setsize", str(CROWD + 2))


def test_joins_and_leaves_in_a_large_room_are_quick(work: PageWork, join_hostile_host: JoinHostileHost) -> None:
    def churn(visit: Visit) -> None:
        visit.enter(*map(user, names(CROWD)), said=(message(1),))
        visit.hear("typing")
        for turn in range(1000):
            visit.say(presence([f"Passer-by {turn}"], [f"Passer-by {turn - 1}"], CROWD + 2))
        visit.say({"type": "typing", "nickname": "Passer-by 999", "active": True, "room": "lobby"})
        visit.stay()

    chat = join_hostile_host(churn)
    at_rest(chat)
    work.forget(chat.page)
    chat.find("#message").press_sequentially("x")
    expect(chat.find("#typing")).to_contain_text("typing")
    assert work.longest_task(chat.page) < 20, "before: a second and more for each frame"
    assert chat.page.evaluate(COUNT) < MOST_ELEMENTS


def test_joins_are_named_in_one_line_up_to_fifty_people_and_not_told_beyond(join_hostile_host: JoinHostileHost) -> None:
    """Behaviour 16."""

    def come(visit: Visit) -> None:
        visit.enter(said=(message(1),))
        visit.say(presence(names(49), count=50))
        visit.hear("typing")
        visit.say(presence(["Late 1", "Late 2"], names(2), count=52), presence(["Late 3"], count=53), message(2))
        visit.stay()

    chat = join_hostile_host(come)
    line = chat.find(".event details")
    expect(line.locator("summary")).to_have_text("49 people joined")
    line.locator("summary").click()
    expect(line.locator("li")).to_have_count(49)
    chat.find("#message").press_sequentially("x")
    chat.expect_texts("message 1", "message 2")
    expect(chat.find("#people-list")).to_have_accessible_name("People 53")
    expect(chat.find(".event")).to_have_text(re.compile("^49 people joined"))


# Rooms whose list comes in pages


PAGE = 200
MANY = 10_000


class PagedRoom:
    """A room of that size whose list comes in pages, as our server sends them."""

    def __init__(self, visit: Visit, count: int = MANY) -> None:
        self._visit = visit
        self.count = count
        self.people = ["Mara", *sorted(f"Guest {number:05}" for number in range(count - 2)), "Kit"]

    def enter(self) -> None:
        """Answer the join."""
        self._visit.nickname = self._visit.hear("join")["nickname"]
        self._visit.say(self._visit.welcome(user_count=self.count), self._page({}), history(message(1)))

    def stay(self) -> None:
        """Answer requests until the page has gone."""
        while True:
            self.answer()

    def answer(self) -> dict[str, Any]:
        """Answer the next request, and return it."""
        command = self._visit.hear("users")
        self._visit.say(self._page(command))
        return command

    def _page(self, command: dict[str, Any]) -> dict[str, Any]:
        names = [name for name in self.people if command.get("query", "").casefold() in name.casefold()]
        first = names.index(command["after"]) + 1 if command.get("after") else 0
        page = names[first : first + PAGE]
        people = [user(name, host=name == "Mara", author=name.casefold()) for name in page]
        more = first + PAGE < len(names)
        answer = {"type": "users", "room": "lobby", "users": people, "user_count": self.count, "more": more}
        return {**answer, "ref": command.get("id")}


def paged(visit: Visit) -> None:
    room = PagedRoom(visit)
    room.enter()
    room.stay()


def to_end(chat: ChatPage) -> None:
    chat.find("#people-list").evaluate("it => { it.scrollTop = it.scrollHeight }")


def test_people_of_a_large_room_come_page_by_page_as_one_scrolls(join_hostile_host: JoinHostileHost) -> None:
    chat = join_hostile_host(paged)
    people = chat.find("#people-list")
    expect(people).to_have_accessible_name("People 10,000")
    first = chat.find(".person").first
    expect(first).to_have_attribute("aria-setsize", "10000")
    expect(first).to_contain_text("Mara")
    expect(chat.find(".person-name").nth(1)).to_have_text("Kityou")  # before the page is here that one is in
    asked = [command for command in chat.sent if command["type"] == "users"]
    assert asked == [], "nobody has scrolled"
    to_end(chat)
    expect(people).to_contain_text("Guest 00198")
    chat.page.wait_for_function("() => document.querySelector('#people-list').scrollHeight > 300 * 34")
    to_end(chat)
    expect(people).to_contain_text("Guest 00397")
    assert [command.get("after") for command in chat.sent if command["type"] == "users"][:2] == [
        "Guest 00198",
        "Guest 00398",
    ]
    people.evaluate("it => { it.scrollTop = 0 }")
    expect(first).to_contain_text("Mara")
    people.focus()
    chat.page.keyboard.press("End")  # it goes on to the end of what comes meanwhile
    expect(first).not_to_contain_text("Mara")


def test_the_whole_list_of_thousands_can_be_walked_through(work: PageWork, join_hostile_host: JoinHostileHost) -> None:
    count = 4000

    def room(visit: Visit) -> None:
        paged_room = PagedRoom(visit, count)
        paged_room.enter()
        paged_room.stay()

    chat = join_hostile_host(room)
    expect(chat.find("#people-list")).to_have_accessible_name("People 4,000")
    work.forget(chat.page)
    chat.page.evaluate(
        """() => {
            const list = document.getElementById('people-list');
            window.walk = setInterval(() => { list.scrollTop = list.scrollHeight }, 20);
        }"""
    )
    expect(chat.page.get_by_text("Guest 03997", exact=True)).to_be_in_viewport(timeout=60_000)
    expect(chat.find(".people-rest")).to_be_hidden()
    chat.page.evaluate("clearInterval(walk)")
    assert chat.page.evaluate(COUNT) < MOST_ELEMENTS
    assert work.longest_task(chat.page) < 20
    expect(chat.find(".person").last).to_have_attribute("aria-posinset", str(count))
    assert len([command for command in chat.sent if command["type"] == "users"]) == count // PAGE - 1


def test_the_last_page_leaves_in_place_who_is_seen(join_hostile_host: JoinHostileHost) -> None:
    def room(visit: Visit) -> None:
        paged_room = PagedRoom(visit, 300)
        paged_room.enter()
        paged_room.stay()

    chat = join_hostile_host(room)
    people = chat.find("#people-list")
    expect(chat.find(".person").first).to_have_attribute("aria-setsize", "300")
    chat.page.wait_for_function("() => document.querySelector('#people-list').scrollHeight > 199 * 34")
    people.evaluate("it => { it.scrollTop = 5500 }")  # near the end of the first page
    seen = "() => document.elementFromPoint(1180, 400).closest('.person').textContent"
    chat.page.wait_for_function("() => document.elementFromPoint(1180, 400).closest('.person')")  # its rows are drawn
    before = chat.page.evaluate(seen)
    chat.page.evaluate(
        """() => {
            window.tops = new Set();
            const list = document.getElementById('people-list');
            const note = () => { tops.add(list.scrollTop); requestAnimationFrame(note); };
            note();
        }"""
    )
    chat.page.wait_for_function("() => document.querySelector('#people-list').scrollHeight > 299 * 34")
    chat.page.wait_for_timeout(200)
    assert chat.page.evaluate("tops.size") == 1, "the list does not move"
    assert chat.page.evaluate(seen) == before


def test_a_list_that_is_complete_at_last_is_not_sorted_again(modules: Page) -> None:
    """It takes several frames in a crowd, in which the list would be empty."""
    listed = modules.evaluate(
        """async () => {
            const { People } = await import('/js/people.js');
            const { SortedPeople } = await import('/js/sorted-people.js');
            const user = nickname => ({ nickname, author: nickname, client: 'phone', host: false });
            const page = (names, more) => ({ users: names.map(user), user_count: 4, more });
            const [people, sorted] = [new People(), new SortedPeople()];
            people.reset(page(['Ana', 'Zoe'], true));
            sorted.update(people, user('Kit'), () => true);
            const names = () => sorted.users.map(it => it.nickname).join();
            const before = names();
            people.loadMore();
            people.receive(page(['Änne', 'Kit'], false), people.wanted, 0);
            sorted.update(people, user('Kit'), () => false);
            const meanwhile = names();
            sorted.update(people, user('Kit'), () => true);
            return [before, meanwhile, names()];
        }"""
    )
    assert listed == ["Kit,Ana,Zoe", "Kit,Ana,Zoe", "Kit,Ana,Zoe,Änne"]


def test_the_host_finds_people_of_a_large_room(join_hostile_host: JoinHostileHost) -> None:
    chat = join_hostile_host(paged)
    chat.find("#people-find").click()
    search = chat.find("#people-search")
    search.press_sequentially("guest 0999", delay=10)
    expect(chat.find(".person")).to_have_count(8)
    expect(chat.find(".person").first).to_contain_text("Guest 09990")
    asked = [command["query"] for command in chat.sent if command["type"] == "users"]
    assert asked == ["guest 0999"], "while somebody types, nothing is asked"
    expect(chat.find("#announcer")).to_have_text("8\u00a0people found.")
    search.fill("nobody")
    expect(chat.find("#people-none")).to_have_text("Nobody of this name is here.")
    expect(chat.find("#announcer")).to_have_text("Nobody of this name is here.")
    search.fill("guest 0")
    expect(chat.find(".person").first).to_have_attribute("aria-setsize", "-1")
    to_end(chat)
    chat.page.wait_for_function("() => document.querySelector('#people-list').scrollHeight > 300 * 34")
    to_end(chat)
    expect(chat.find("#people-list")).to_contain_text("Guest 00399")
    search.fill("")
    expect(chat.find(".person").first).to_contain_text("Mara")
    expect(chat.find(".person").first).to_have_attribute("aria-setsize", "10000")


def test_a_list_that_names_were_left_out_of_is_read_again(join_hostile_host: JoinHostileHost) -> None:
    def crowd_comes(visit: Visit) -> None:
        room = PagedRoom(visit, 1000)
        room.enter()
        visit.hear("typing")
        room.people[1:1] = [f"Ada {number:03}" for number in range(60)]
        room.count += 60
        for count in (1020, 1040, 1060):
            visit.say({**presence(["Ada 000"], count=count), "more": True})
        assert not room.answer().get("after"), "the list is read from its beginning"
        room.stay()

    chat = join_hostile_host(crowd_comes)
    expect(chat.find(".person").first).to_have_attribute("aria-setsize", "1000")
    chat.find("#message").press_sequentially("x")
    expect(chat.find("#people-list")).to_have_accessible_name("People 1,060")
    expect(chat.find("#people-list")).to_contain_text("Ada 019", timeout=30_000)
    expect(chat.find(".person").first).to_have_attribute("aria-setsize", "1060")


def test_on_a_phone_the_list_is_read_again_only_while_it_is_open(join_hostile_host: JoinHostileHost) -> None:
    def crowd_comes(visit: Visit) -> None:
        room = PagedRoom(visit, 1000)
        room.enter()
        visit.say({**presence([], count=1060), "more": True})
        room.stay()

    chat = join_hostile_host(crowd_comes, viewport=PHONE)
    opener = chat.find("#people-open")
    expect(opener).to_have_accessible_name("People, 1,060")
    chat.page.wait_for_timeout(11_000)  # the longest time after which an open list would be read again
    assert [command for command in chat.sent if command["type"] == "users"] == []
    opener.click()
    chat.page.wait_for_timeout(11_000)
    assert len([command for command in chat.sent if command["type"] == "users"]) == 1


@pytest.fixture
def crowded(new_peer: PeerFactory) -> list[Peer]:
    """So many people in the real server's room that its list comes in pages."""
    return [new_peer(f"Guest {number:03}") for number in range(230)]


def test_a_real_host_lists_and_finds_people_in_pages(chat: ChatPage, crowded: list[Peer]) -> None:
    chat.join("Kit")
    people = chat.find("#people-list")
    expect(people).to_have_accessible_name("People 231")
    expect(chat.find(".person").first).to_have_attribute("aria-setsize", "231")
    chat.find("#people-find").click()
    chat.find("#people-search").fill("GUEST 22")
    expect(chat.find(".person")).to_have_count(10)
    chat.find("#people-search").fill("")
    to_end(chat)
    expect(people).to_contain_text("Guest 229")
    expect(people.get_by_text("you", exact=True)).to_have_count(0)
    people.evaluate("it => { it.scrollTop = 0 }")
    expect(chat.find(".person-name").first).to_have_text("Kityou")
    for peer in crowded[:3]:
        peer.close()
    expect(people).to_have_accessible_name(re.compile("People 22[89]"), timeout=30_000)
