"""Coming in by an invitation, and waiting until the host opens."""

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from chatdesk.server.identity import HOST, Identities
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
    expect(other.find("#join-error")).to_contain_text("This invitation does not open the chat")
