"""States of the page in which nothing may be inaccessible, one after the other."""

from playwright.sync_api import expect

from tests.e2e.accessibility import faults
from tests.e2e.browser import ChatPage
from tests.e2e.serving import Serving


def find_faults_while_joining(chat: ChatPage, serving: Serving, *, wide: bool) -> None:
    """Join, after a wrong name and without a host. All themes are looked at on the wide page."""
    chat.open()
    assert faults(chat.page) == []
    chat.find("#join-button").click()
    expect(chat.find("#nickname-error")).not_to_be_empty()
    assert faults(chat.page, "#join") == [], "a wrong name"
    serving.kill()
    chat.find("#nickname").fill("Kit")
    chat.find("#join-button").click()
    expect(chat.find("#join-error")).to_contain_text("The host does not answer")
    assert faults(chat.page, "#join") == [], "no host"
    serving.start()
    chat.find("#join-button").click()
    expect(chat.find("#chat")).to_be_visible()
    assert faults(chat.page) == [], "an empty room"


def find_faults_over_the_conversation(chat: ChatPage, *, wide: bool) -> None:
    """Open what opens over a conversation, one after the other: search, calendar, keys, switcher and people.

    Search and people fill the screen of a phone, so both widths are looked at in all themes there.
    """
    page = chat.page
    page.keyboard.press("Control+f")
    for words, answer in (("example", "1 message found"), ("nothing", "No message holds")):
        chat.find("#search-field").fill(words)
        expect(chat.find("#search-status")).to_contain_text(answer)
        page.keyboard.press("ArrowDown")
        assert faults(page, "#search") == [], f"search: {answer}"
    page.keyboard.press("Escape")
    page.keyboard.press("Control+g")
    expect(page.get_by_role("dialog", name="Go to a date")).to_be_visible()
    assert faults(page) == [], "the calendar"
    page.keyboard.press("Escape")
    page.keyboard.press("Control+/")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert faults(page) == [], "the keys"
    page.keyboard.press("Escape")
    if wide:
        page.keyboard.press("Control+k")
        for letters in ("", "be", "q"):
            chat.find("#switcher-field").fill(letters)
            assert faults(page) == [], f"the switcher with {letters!r}"
        page.keyboard.press("Escape")
    chat.find("#people-find" if wide else "#people-open").click()
    assert faults(page, "#people") == [], "people"
    chat.find("#people-search").fill("nobody")
    assert faults(page, "#people") == [], "nobody found"
    if not wide:
        chat.find("#people-close").click()
