"""The page in a room of many thousands: it stays usable, with elements for the visible part only."""

from playwright.sync_api import expect

from tests.e2e.browser import ChatPage
from tests.e2e.hostile_host_page import JoinHostileHost
from tests.hostile_host import Visit, message, user
from tests.hostile_scripts import names, presence

PHONE = {"width": 390, "height": 844}
CROWD = 14_000


def crowd(visit: Visit) -> None:
    """A room of that size, in which one person joins and leaves."""
    visit.enter(*map(user, names(CROWD)), said=(message(1),))
    visit.hear("typing")
    visit.say(presence(["Aa"], count=CROWD + 2))
    visit.stay()


def at_rest(chat: ChatPage) -> None:
    """Wait until the list is complete."""
    expect(chat.find(".person").first).to_have_attribute("aria-setsize", str(CROWD + 1))


def test_a_large_room_costs_no_more_than_its_visible_part(join_hostile_host: JoinHostileHost) -> None:
    chat = join_hostile_host(crowd)
    at_rest(chat)
    people = chat.find("#people-list")
    expect(people).to_have_accessible_name(f"People {CROWD + 1:,}")
    assert chat.page.evaluate("document.querySelectorAll('*').length") < 1500
    assert chat.page.evaluate("Math.max(0, ...tasks)") < 1500, "before: ten seconds"
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


def test_a_person_in_a_large_room_is_found(join_hostile_host: JoinHostileHost) -> None:
    chat = join_hostile_host(crowd)
    at_rest(chat)
    chat.find("#people-find").click()
    search = chat.find("#people-search")
    search.fill("GÜEST 1399")
    expect(chat.find(".person")).to_have_count(11)
    expect(chat.find(".person").last).to_have_attribute("aria-posinset", "11")
    search.fill("nobody")
    expect(chat.find("#people-none")).to_be_visible()
    search.fill("")
    expect(chat.find(".person").first).to_have_attribute("aria-setsize", str(CROWD + 1))


def test_on_a_phone_a_large_room_is_listed_in_the_drawer(join_hostile_host: JoinHostileHost) -> None:
    chat = join_hostile_host(crowd, viewport=PHONE)
    chat.find("#people-open").click()
    at_rest(chat)
    chat.find("#people-list").evaluate("it => { it.scrollTop = it.scrollHeight }")
    expect(chat.page.get_by_text(f"Guest {CROWD - 1}", exact=True)).to_be_in_viewport()
    assert (
        chat.find(".person").evaluate_all("all => new Set(all.map(it => it.getBoundingClientRect().height)).size") == 1
    )


def test_joins_and_leaves_in_a_large_room_are_quick(join_hostile_host: JoinHostileHost) -> None:
    def churn(visit: Visit) -> None:
        visit.enter(*map(user, names(CROWD)), said=(message(1),))
        visit.hear("typing")
        for turn in range(1000):
            visit.say(presence([f"Passer-by {turn}"], [f"Passer-by {turn - 1}"], CROWD + 2))
        visit.say({"type": "typing", "nickname": "Passer-by 999", "active": True, "room": "lobby"})
        visit.stay()

    chat = join_hostile_host(churn)
    at_rest(chat)
    chat.page.evaluate("tasks.length = 0")
    chat.find("#message").press_sequentially("x")
    expect(chat.find("#typing")).to_contain_text("typing")
    assert chat.page.evaluate("Math.max(0, ...tasks)") < 1000, "before: a second and more for each frame"
    assert chat.page.evaluate("document.querySelectorAll('*').length") < 1500


def test_of_many_joins_a_hundred_are_named_and_the_others_counted(join_hostile_host: JoinHostileHost) -> None:
    def come(visit: Visit) -> None:
        visit.enter(said=(message(1),))
        visit.say(presence(names(300), count=301), presence([], names(2), 299))
        visit.stay()

    line = join_hostile_host(come).find(".event details")
    expect(line.locator("summary")).to_have_text("298 people joined")
    line.locator("summary").click()
    expect(line.locator("li")).to_have_count(101)
    expect(line.locator("li").last).to_have_text("and 198 others")
