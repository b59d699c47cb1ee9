"""Coming in by an invitation, and waiting until the host opens."""

import re
import sqlite3
from contextlib import closing

import pytest
import segno
from playwright.sync_api import expect

from chatdesk.server.identity import HOST, Identities
from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving

APPROVAL = pytest.mark.parametrize("serving", [["--approval"]], indirect=True)


def host_token(serving: Serving) -> str:
    with closing(sqlite3.connect(serving.folder / "chat.db")) as db:
        ((secret,),) = db.execute("SELECT value FROM about WHERE name = 'secret'")
    return Identities(secret).token(HOST)


def decide(mara: Peer, command: str, who: str, **fields: str) -> None:
    """Accept or decline somebody as soon as they wait."""
    mara.wait_for(lambda event: event["type"] == "queue" and who in [it["nickname"] for it in event["people"]])
    mara.send(type=command, who=who, **fields)


@APPROVAL
def test_who_waits_sees_the_place_keeps_it_over_a_reload_and_comes_in(
    new_page: PageFactory, new_peer: PeerFactory, serving: Serving
) -> None:
    mara = new_peer("Mara", token=host_token(serving), capabilities=["queue"])
    kit = new_page(viewport={"width": 390, "height": 844}).open()
    kit.find("#nickname").fill("Kit")
    kit.find("#join-button").click()
    expect(kit.find("#waiting-heading")).to_have_text("Waiting for Mara")
    expect(kit.find("#waiting-heading")).to_be_focused()
    expect(kit.find("role=status").get_by_text("You are the next one")).to_be_visible()
    ana = new_page().open()
    ana.find("#nickname").fill("Ana")
    ana.find("#join-button").click()
    expect(ana.find("#waiting-place")).to_have_text("One person is before you")
    kit.page.reload()
    expect(kit.find("#waiting-place")).to_have_text("You are the next one")
    kit.find("#waiting-name").click()
    expect(kit.find("#nickname")).to_be_focused()
    kit.find("#nickname").fill("Kitty")
    kit.find("#join-button").click()
    expect(kit.find("#waiting-nickname")).to_have_text("Kitty")
    expect(kit.find("#waiting-place")).to_have_text("You are the next one")
    kit.find("#waiting-invitation").click()
    expect(kit.find("#join-invitation")).to_be_focused()
    kit.find("#join-invitation").fill("k7f-m2x-4rw")
    kit.page.keyboard.press("Enter")
    expect(kit.find("#join-invitation-error")).to_contain_text("does not open the chat")
    kit.find("#join-invitation-toggle").click()
    kit.find("#join-button").click()
    expect(kit.find("#waiting-place")).to_have_text("You are the next one")
    decide(mara, "accept", "Kitty")
    expect(kit.find(".you")).to_contain_text("You are Kitty in")
    expect(kit.find("#waiting")).to_be_hidden()
    expect(ana.find("#waiting-place")).to_have_text("You are the next one")
    decide(mara, "decline", "Ana", reason="Next week again.")
    expect(ana.find("#join-error")).to_have_text("Mara does not let you in: Next week again.")
    expect(ana.find("#join-button")).to_be_focused()


@APPROVAL
def test_the_link_of_an_invitation_leads_in_without_waiting_and_leaves_no_trace(
    new_page: PageFactory, new_peer: PeerFactory, serving: Serving
) -> None:
    mara = new_peer("Mara", token=host_token(serving))
    mara.send(type="invite", room="build", nickname="Bench 7", id="i")
    code = mara.wait_for(lambda event: event["type"] == "invited")["code"]
    page = new_page()
    page.page.goto(f"{serving.url}/#invite={code}")
    expect(page.find("#nickname")).to_be_visible()
    assert code not in page.page.url
    page.find("#nickname").fill("Somebody")
    page.find("#join-button").click()
    expect(page.find(".you")).to_contain_text("You are Bench 7 in")
    assert page.page.url.endswith("#build")
    assert code not in str(page.page.evaluate("[JSON.stringify(localStorage), JSON.stringify(sessionStorage)]"))
    page.page.reload()
    expect(page.find(".you")).to_contain_text("You are Bench 7 in")
    other = new_page()
    other.page.goto(f"{serving.url}/#invite={code}")
    other.find("#nickname").fill("Late")
    other.find("#join-button").click()
    expect(other.find("#join-invitation-error")).to_contain_text("This invitation does not open the chat")
    expect(other.find("#join-invitation")).to_be_focused()


def moderators_page(new_page: PageFactory, mara: Peer, serving: Serving) -> ChatPage:
    """A wide page on which Ana has come in by a moderator's invitation of the host."""
    mara.send(type="invite", role="moderator", id="i")
    code = mara.wait_for(lambda event: event["type"] == "invited")["code"]
    ana = new_page(viewport={"width": 1280, "height": 800})
    ana.page.goto(f"{serving.url}/#invite={code}")
    ana.find("#nickname").fill("Ana")
    ana.find("#join-button").click()
    return ana


@APPROVAL
def test_a_moderator_lets_people_in_and_invites_on_the_page(
    new_page: PageFactory, new_peer: PeerFactory, serving: Serving
) -> None:
    ana = moderators_page(new_page, new_peer("Mara", token=host_token(serving)), serving)
    expect(ana.find("#order-open")).to_be_visible()
    pages = [new_page().open() for _ in range(2)]
    for page, nickname in zip(pages, ("Kit", "Bo"), strict=True):
        page.find("#nickname").fill(nickname)
        page.find("#join-button").click()
        expect(page.find("#waiting")).to_be_visible()
    expect(ana.find("#order-open")).to_have_accessible_name("Keeping order, 2 wait for you")
    ana.find("#order-open").click()
    expect(ana.find("#order-waiting li").nth(0)).to_be_focused()
    expect(ana.find("#order-guard")).to_be_hidden()
    ana.page.keyboard.press("Enter")
    menu = ana.page.get_by_role("dialog", name="Kit")
    expect(menu.get_by_role("button", name="Let in")).to_be_focused()
    ana.page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("button", name="Turn away")).to_be_focused()
    ana.page.keyboard.press("ArrowUp")
    ana.page.keyboard.press("Enter")
    expect(pages[0].find(".you")).to_contain_text("You are Kit in")
    expect(ana.find("#order-waiting li:not(.gone)")).to_have_count(1)
    expect(ana.find("#order-waiting li:not(.gone)")).to_be_focused()
    ana.page.keyboard.press("x")
    expect(pages[1].find("#join-error")).to_contain_text("does not let you in")
    expect(ana.find("#order-close")).to_be_focused()
    used = ana.find("#order-invitations li")
    expect(used).to_contain_text("1 of 1 used, as moderator")
    used.get_by_role("button").click()
    expect(used).to_have_count(0)
    ana.find("#order-invite").click()
    expect(ana.find("#order-board")).to_be_hidden()
    expect(ana.find("#invitation-make")).to_be_focused()
    ana.page.keyboard.press("Escape")
    ana.find("#message").fill("/invite")
    ana.find("#message").press("Enter")
    expect(ana.find("#invitation-make")).to_be_focused()


def drawn_modules(page: ChatPage) -> set[tuple[int, int]]:
    """The dark modules of the QR code on the page, by column and row."""
    drawing = str(page.find(".qr path").get_attribute("d"))
    lines = [map(int, line) for line in re.findall(r"M(\d+) (\d+)h(\d+)", drawing)]
    return {(x + step, y) for x, y, length in lines for step in range(length)}


def modules_of(text: str) -> set[tuple[int, int]]:
    rows = segno.make(text, micro=False).matrix
    return {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}


@APPROVAL
def test_an_invitation_is_made_for_somebody_seen_by_a_camera_said_aloud_and_revoked(
    new_page: PageFactory, new_peer: PeerFactory, serving: Serving
) -> None:
    ana = moderators_page(new_page, new_peer("Mara", token=host_token(serving)), serving)
    ana.find("#invite-open").click()
    ana.find(".invitation-more summary").click()
    expect(ana.find("#invitation-moderator")).to_be_hidden()
    ana.find("#invitation-name").fill("...")
    ana.find("#invitation-make").click()
    expect(ana.find("#invitation-error")).not_to_be_empty()
    ana.find("#invitation-name").fill("Bench 7")
    ana.page.get_by_text("Only read").click()
    ana.find("#invitation-make").click()
    link = ana.find("#invitation-link")
    expect(link).to_contain_text("#invite=")
    expect(ana.find("#invitation-error")).to_be_empty()
    assert drawn_modules(ana) == modules_of(str(link.text_content()))
    guest = new_page(viewport={"width": 390, "height": 844}).open()
    guest.find("#nickname").fill("Cy")
    guest.find("#join-invitation-toggle").click()
    expect(guest.find("#join-invitation")).to_be_focused()
    guest.page.keyboard.press("Enter")
    expect(guest.find("#join-invitation-error")).to_contain_text("Type the code")
    guest.find("#join-invitation").fill(str(ana.find("#invitation-code").text_content()).replace("-", " ").upper())
    guest.page.keyboard.press("Enter")
    expect(guest.find(".you")).to_contain_text("You are Bench 7 in")
    expect(guest.find("#composer-muted")).to_contain_text("You are a guest here")
    expect(guest.find("#invite-open")).to_be_hidden()
    first = ana.find("#invitation-list li").first
    expect(first).to_contain_text("For Bench 7, 1 of 1 used, to read only")
    ana.find("#invitation-list li").last.get_by_role("button").click()
    expect(ana.find("#invitation-list li")).to_have_count(1)
