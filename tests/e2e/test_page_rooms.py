"""Rooms and private conversations in the page, beside the real wscat."""

import re
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Locator, expect

from chatdesk.log.database import connect
from chatdesk.server.identity import HOST, Identities
from tests.archive.history import run_here
from tests.archive.test_import import slack_file
from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.hostile_host_page import JoinHostileHost
from tests.e2e.serving import Serving
from tests.e2e.wscat import Wscat
from tests.hostile_host import Visit, history, message

SAID = """
window.said = [];
new MutationObserver(() => said.push(document.getElementById('announcer').textContent))
    .observe(document.getElementById('announcer'), { childList: true });
0"""
"""What screen readers are told of from now on: another sentence may replace one at any moment."""


def row(chat: ChatPage, name: str) -> Locator:
    return chat.find("#rooms").get_by_role("button", name=re.compile(f"^{name}(,|$)"))


def test_rooms_are_made_entered_counted_muted_and_found_in_the_address(chat: ChatPage, new_peer: PeerFactory) -> None:
    mara = new_peer("Mara", capabilities=["rooms", "presence"])
    chat.join("Kit")
    chat.find("#room-create").click()
    chat.find("#new-room-name").fill("Build Floor")
    chat.find("#new-room-topic").fill("Benches 1 to 8. Ask here first.")
    chat.find("#new-room-topic").press("Enter")
    expect(chat.find(".top h1")).to_have_text("build-floor")
    expect(chat.find("#topic")).to_have_text("Benches 1 to 8. Ask here first.")
    expect(chat.page).to_have_url(re.compile("#build-floor$"))
    chat.find("#message").fill("half a sentence")
    mara.say("Hello lobby", "and again")
    expect(row(chat, "lobby, 2 unread")).to_be_visible()
    expect(chat.page).to_have_title("(2) ChatDesk")
    row(chat, "lobby").click()
    expect(chat.message("and again")).to_be_visible()
    expect(chat.find("#message")).to_have_value("")
    expect(chat.find(".day.new")).to_have_text(re.compile("^2 new since"))
    expect(row(chat, "build-floor, with a draft")).to_be_visible()
    chat.page.go_back()
    expect(chat.find(".top h1")).to_have_text("build-floor")
    expect(chat.find("#message")).to_have_value("half a sentence")
    chat.find("#room-settings-open").click()
    chat.find("#room-settings").get_by_text("Nothing", exact=True).click()
    expect(chat.find("#room-settings-topic")).to_be_disabled()
    chat.find("#room-settings").get_by_role("button", name="Save").click()
    expect(row(chat, "build-floor, muted")).to_be_visible()
    chat.page.reload()
    expect(chat.find(".top h1")).to_have_text("build-floor")
    expect(chat.find("#message")).to_have_value("half a sentence")


def test_a_room_in_which_a_message_comes_while_it_is_pressed_is_shown(chat: ChatPage, new_peer: PeerFactory) -> None:
    mara = new_peer("Mara")
    chat.join("Kit")
    chat.find("#room-create").click()
    chat.find("#new-room-name").fill("bench")
    chat.find("#new-room-name").press("Enter")
    expect(chat.find(".top h1")).to_have_text("bench")
    row(chat, "lobby").locator("bdi").hover()
    chat.page.mouse.down()
    mara.say("Hello lobby")
    expect(row(chat, "lobby, 1 unread")).to_be_visible()
    chat.page.mouse.up()
    expect(chat.find(".top h1")).to_have_text("lobby")


def test_a_private_conversation_with_somebody_at_a_terminal(new_page: PageFactory, serving: Serving) -> None:
    """Both directions, typed by hand; nobody else sees a thing. The terminal lists, enters and leaves rooms, too."""
    chat, other = new_page(), new_page()
    chat.join("Kit")
    other.join("Bo")
    with Wscat(serving.websocket) as wscat:
        wscat.type('{"type":"join","nickname":"Ana"}')
        wscat.wait_for('"type":"history"')
        wscat.type('{"type":"message","to":"Kit","content":"psst, it is me"}')
        wscat.wait_for('"to":"Kit"')
        expect(row(chat, "Ana, private, online, 1 unread")).to_be_visible()
        expect(chat.page).to_have_title("(1) ChatDesk")
        row(chat, "Ana").click()
        expect(chat.message("psst, it is me")).to_be_visible()
        expect(chat.find(".top .hash")).to_be_hidden()
        chat.send("/busy until four")
        expect(chat.find("#me-status")).to_have_text("Busy: until four")
        chat.send("/back")
        expect(chat.find("#me-status")).to_be_hidden()
        expect(chat.find("#me-address")).to_be_visible()
        chat.send("who else")
        wscat.wait_for('"content":"who else"')
        said = [event for event in wscat.received() if event["type"] == "message"]
        assert [(event["content"], event["to"]) for event in said] == [("psst, it is me", "Kit"), ("who else", "Ana")]
        wscat.type('{"type":"rooms"}')
        wscat.wait_for('"type":"rooms"')
        wscat.type('{"type":"enter","room":"garden"}')
        wscat.wait_for('"room":"garden"')
        wscat.type('{"type":"message","room":"garden","content":"among the roses"}')
        wscat.wait_for("among the roses")
        wscat.type('{"type":"exit","room":"garden"}')
        wscat.wait_for('"type":"exited"')
        wscat.type('{"type":"message","content":"in the lobby again"}')
        expect(other.message("in the lobby again")).to_be_visible()
        kinds = {event["type"] for event in wscat.received()}
        assert kinds <= {"welcome", "system", "users", "history", "user_joined", "typing", "message", "rooms", "exited"}
    expect(other.find("#private-list button")).to_have_count(0)


def test_on_a_phone_rooms_are_in_a_drawer_and_each_is_a_step_back(new_page: PageFactory) -> None:
    phone = new_page(viewport={"width": 390, "height": 844}).join("Kit")
    phone.find("#rooms-open").click()
    phone.find("#room-create").click()
    phone.find("#new-room-name").fill("spring-cup")
    phone.find("#new-room").get_by_role("button", name="Make the room").click()
    expect(phone.find(".top h1")).to_have_text("spring-cup")
    phone.send("The cup is over")
    expect(phone.message("The cup is over")).to_be_visible()
    phone.find("#rooms-open").click()
    row(phone, "lobby").click()
    expect(phone.find(".top h1")).to_have_text("lobby")
    expect(phone.find("#rooms-drawer")).to_be_hidden()
    phone.page.go_back()
    expect(phone.find(".top h1")).to_have_text("spring-cup")
    phone.page.evaluate("() => { location.hash = '#lobby'; }")
    expect(phone.find(".top h1")).to_have_text("lobby")


def test_an_imported_room_is_the_hosts_alone_until_it_is_opened(
    serving: Serving, new_page: PageFactory, tmp_path: Path
) -> None:
    serving.stop()
    imported = run_here("import", slack_file(tmp_path), "--data-dir", serving.folder)
    assert imported.returncode == 0, imported.stderr
    serving.start()
    host, kit = new_page(), new_page()
    join_as_host(host, serving)
    kit.join("Kit")
    expect(row(host, "general, locked, not entered yet")).to_be_visible()
    expect(row(kit, "general")).to_have_count(0)
    row(host, "general").click()
    expect(host.message("Hello @Ana Maria")).to_be_visible()
    host.find("#room-settings-open").click()
    host.find("#room-settings").get_by_role("button", name="Open to everybody").click()
    row(kit, "general").click()
    expect(kit.message("Hello @Ana Maria")).to_be_visible()
    expect(row(host, "general, locked")).to_have_count(0)


def test_words_written_in_a_room_that_one_is_taken_out_of_go_to_no_other(join_hostile_host: JoinHostileHost) -> None:
    def take_out(visit: Visit) -> None:
        visit.enter(said=(message(1),))
        visit.say({"type": "rooms", "rooms": [{"room": name, "joined": True} for name in ("lobby", "plans")]})
        ref = visit.hear("enter")["id"]
        visit.say(history(message(1, room="plans"), room="plans", ref=ref))
        visit.hear("typing")
        visit.say({"type": "exited", "room": "plans"})
        visit.stay()

    chat = join_hostile_host(take_out)
    row(chat, "plans").click()
    expect(chat.find(".top h1")).to_have_text("plans")
    chat.find("#message").fill("a secret")
    expect(chat.find(".top h1")).to_have_text("lobby")
    expect(chat.find("#message")).to_have_value("")
    expect(chat.page).to_have_url(re.compile("#lobby$"))
    chat.page.evaluate("void (history.pushState = () => { throw new DOMException('', 'SecurityError') })")
    row(chat, "plans").click()
    expect(chat.find("#message")).to_have_value("a secret")


def join_as_host(page: ChatPage, serving: Serving) -> None:
    with closing(connect(serving.folder)) as db:
        ((secret,),) = db.execute("SELECT value FROM about WHERE name = 'secret'")
    token = Identities(secret).token(HOST)
    page.between(lambda command: {**command, "token": token} if command["type"] == "join" else command)
    page.join("Mara")


def make_room(page: ChatPage, name: str) -> None:
    page.find("#room-create").click()
    page.find("#new-room-name").fill(name)
    page.find("#new-room-name").press("Enter")
    expect(page.find(".top h1")).to_have_text(name)


def archive(page: ChatPage) -> None:
    page.find("#room-settings-open").click()
    page.find("#room-settings-archive").click()


def test_an_archived_room_is_read_and_found_and_keeps_its_pins(new_page: PageFactory, serving: Serving) -> None:
    """Behaviour 17."""
    host, kit = new_page(), new_page()
    join_as_host(host, serving)
    make_room(host, "plans")
    host.send("Cake at four")
    kit.join("Kit")
    row(kit, "plans").click()
    kit.message("Cake at four").hover()
    kit.message("Cake at four").get_by_role("button", name="Pin for everybody").click()
    expect(kit.find("#pinned")).to_contain_text("Cake at four")
    archive(host)
    expect(kit.find("#archived-note")).to_have_text("This room is archived: it can be read, and nothing in it changes.")
    expect(kit.find("#composer")).to_be_hidden()
    expect(kit.find("#pinned")).to_contain_text("Cake at four")
    expect(kit.find("#timeline")).to_contain_text("Mara has archived this room")
    kit.find("#search-field").fill("cake")
    expect(kit.find("#search-hits [role=option]")).to_have_count(1)
    kit.page.keyboard.press("Escape")
    kit.message("Cake at four").hover()
    kit.message("Cake at four").get_by_role("button", name="Unpin").click()
    expect(kit.find("#timeline")).to_contain_text(re.compile("This room is archived: .*open"))
    expect(kit.find("#pinned")).to_contain_text("Cake at four")


def test_archiving_is_undone_by_keys_from_a_notice_that_is_read_aloud_and_goes_after_ten_seconds(
    chat: ChatPage, serving: Serving
) -> None:
    join_as_host(chat, serving)
    make_room(chat, "plans")
    chat.page.evaluate(SAID)
    archive(chat)
    expect(chat.find("#archived-note")).to_be_visible()
    expect(chat.find("#toast")).to_contain_text("plans is archived")
    wanted = "plans is archived. It can be undone for ten seconds."
    chat.page.wait_for_function("wanted => said.some(sentence => sentence.includes(wanted))", arg=wanted)
    undo = chat.page.get_by_role("button", name="Undo")
    chat.page.keyboard.press("Tab")
    expect(undo).to_be_focused()
    chat.page.keyboard.press("Shift+Tab")
    expect(chat.find("#room-settings-open")).to_be_focused()
    chat.page.keyboard.press("Tab")
    chat.page.keyboard.press("Enter")
    expect(chat.find("#toast")).to_be_hidden()
    expect(chat.find("#room-settings-open")).to_be_focused()
    expect(chat.find("#message")).to_be_visible()
    expect(row(chat, "plans, archived")).to_have_count(0)
    archive(chat)
    let_the_notice_go(chat)


def let_the_notice_go(chat: ChatPage) -> None:
    """After ten seconds, but not from under the keys."""
    expect(chat.find("#archived-note")).to_be_visible()  # the notice is there before the host has answered
    expect(chat.find("#toast")).to_be_visible()
    chat.page.clock.install()
    archive(chat)  # it opens the room again
    expect(chat.find("#archived-note")).to_be_hidden()
    expect(chat.find("#toast")).to_contain_text("plans is open again")
    chat.find("#toast-undo").focus()
    chat.page.clock.fast_forward(10_500)
    expect(chat.find("#toast")).to_be_visible()
    chat.page.keyboard.press("Escape")
    expect(chat.find("#toast")).to_be_hidden()
    archive(chat)
    expect(chat.find("#toast")).to_contain_text("plans is archived")
    chat.page.clock.fast_forward(10_500)
    expect(chat.find("#toast")).to_be_hidden()
    expect(row(chat, "plans, archived")).to_be_visible()


def test_the_host_deletes_a_room_and_its_people_and_links_are_told(new_page: PageFactory, serving: Serving) -> None:
    host, kit = new_page(), new_page()
    join_as_host(host, serving)
    kit.join("Kit")
    make_room(host, "plans")
    host.send("one")
    row(kit, "plans").click()
    kit.send("two")
    expect(host.message("two")).to_be_visible()
    kit.find("#room-settings-open").click()
    expect(kit.find("#room-settings-delete")).to_be_hidden()
    kit.page.keyboard.press("Escape")
    host.find("#room-settings-open").click()
    host.find("#room-settings-delete").click()
    question = host.find("dialog.question")
    expect(question).to_contain_text("Its 2 messages are deleted for everybody")
    question.get_by_role("button", name="Delete room").click()
    for chat in (host, kit):
        expect(chat.find(".top h1")).to_have_text("lobby")
        expect(row(chat, "plans")).to_have_count(0)
        expect(chat.find("#timeline")).to_contain_text("Mara has deleted the room plans")
    link = new_page()
    link.join("Zoe")
    link.page.goto(f"{serving.url}/#plans/1")
    expect(link.find("#timeline")).to_contain_text("The host has deleted the room plans")
    expect(link.find(".top h1")).to_have_text("lobby")
