"""The page asks for the password of the chat and of a room, says what is wrong, and does not ask twice."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.serving import Serving
from tests.e2e.test_page_admission import host_token

PASSWORD, BRASS = "copper-walrus", "brass"


@pytest.fixture
def guarded(new_peer: PeerFactory, serving: Serving) -> None:
    """The chat and its room mentors have passwords."""
    mara = new_peer("Mara", token=host_token(serving))
    mara.send(type="create", room="mentors")
    mara.send(type="entry", room="mentors", password=BRASS)
    mara.send(type="entry", password=PASSWORD, id="set")
    mara.wait_for(lambda event: event.get("ref") == "set")


@pytest.mark.usefixtures("guarded")
def test_the_page_asks_for_passwords_and_keeps_none(new_page: PageFactory) -> None:
    kit = new_page(viewport={"width": 390, "height": 844}).open()
    kit.find("#nickname").fill("Kit")
    expect(kit.find("#join-open")).to_have_text("The room is open, with a password")
    kit.find("#join-button").click()
    expect(kit.find("#join-password-error")).to_contain_text("Write the password first")
    field = kit.find("role=textbox[name='Password of the chat']")
    field.fill("copper-wal")
    kit.find("#join-button").click()
    expect(kit.find("#join-password-error")).to_contain_text("4 more tries")
    expect(field).to_be_focused()
    field.fill("Copper-Walrus")
    field.press("Enter")
    expect(kit.find(".you")).to_contain_text("You are Kit in")
    kit.page.reload()
    expect(kit.find(".you")).to_contain_text("You are Kit in")
    assert PASSWORD not in str(kit.page.evaluate("[JSON.stringify(localStorage), JSON.stringify(sessionStorage)]"))
    kit.find("#rooms-open").click()
    mentors = kit.find("[data-room=mentors]")
    expect(mentors).to_have_attribute("aria-label", "mentors, with a password, not entered yet")
    mentors.click()
    asked = kit.find("role=dialog[name='mentors has a password']")
    asked.get_by_role("textbox").fill("iron")
    asked.get_by_role("button", name="Enter").click()
    expect(kit.find("#room-password-text-error")).to_contain_text("4 more tries")
    asked.get_by_role("textbox").fill("brass")
    asked.get_by_role("button", name="Enter").click()
    expect(asked).to_be_hidden()
    expect(kit.find("role=heading[name='mentors']")).to_be_visible()


@pytest.mark.usefixtures("guarded")
def test_after_too_many_wrong_ones_the_page_counts_the_wait(new_page: PageFactory) -> None:
    eve = new_page().open()
    eve.find("#nickname").fill("Eve")
    for number in range(5):
        eve.find("#join-password").fill(f"guess {number}")
        eve.find("#join-button").click()
        expect(eve.find("#join-password-error")).to_contain_text("That is not it")
        eve.page.wait_for_function("document.querySelector('#join-button').textContent === 'Join the chat'")
    expect(eve.find("#join-button")).to_be_disabled()
    expect(eve.find("#join-button")).to_have_attribute("data-wait", re.compile(r"[01]:\d\d"))
