"""Messages and names are shown as text, whatever they hold."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PeerFactory

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "<b>bold</b> <table>evil &amp; &lt;",
    "javascript:alert(1) data:text/html,<script>alert(1)</script>",
    "[click](javascript:alert(1))",
    "\u202egnp.exe\u202c \u2066isolated",
    "${alert(1)} {{7*7}} %00 \\u0000",
    "𝕏" * 200,
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
]


@pytest.mark.parametrize("serving", [["--name", "<img src=x onerror=alert(1)>", "--message-rate", "0"]], indirect=True)
def test_hostile_text_names_and_rooms_are_shown_as_they_are(chat: ChatPage, new_peer: PeerFactory) -> None:
    chat.page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    name = "<img src=x onerror=alert(1)>"
    peer = new_peer(name)
    chat.open()
    expect(chat.find("#join-room")).to_have_text("<img src=x onerror=alert(1)>")
    chat.join("Kit")
    peer.say(*HOSTILE)
    peer.send(type="typing")
    chat.send("<i>mine</i>")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    chat.expect_texts(*HOSTILE, "<i>mine</i>")
    assert chat.find(".row .name").all_text_contents() == [name]
    expect(chat.find(".person").nth(1)).to_contain_text(name)
    expect(chat.find("#typing")).to_contain_text(name)
    expect(chat.find("main img, main script, main i:not(.dots i), main table, #timeline a, body style")).to_have_count(
        0
    )


def test_only_what_is_a_web_address_becomes_a_link(chat: ChatPage, new_peer: PeerFactory) -> None:
    chat.join("Kit")
    new_peer("Mara").say(
        "See https://example.org/a_(b)?c=1#d, (http://example.org/x) and HTTPS://EXAMPLE.ORG.",
        "not javascript:alert(1), ftp://x, file:///etc, //host, http://user@evil.example or https:// alone",
    )
    expect(chat.find("#timeline a")).to_have_count(3)
    links = chat.find("#timeline a").evaluate_all("links => links.map(a => [a.textContent, a.href, a.rel, a.target])")
    safe = ["noopener noreferrer", "_blank"]
    assert links == [
        ["https://example.org/a_(b)?c=1#d", "https://example.org/a_(b)?c=1#d", *safe],
        ["http://example.org/x", "http://example.org/x", *safe],
        ["HTTPS://EXAMPLE.ORG", "https://example.org/", *safe],
    ]


def test_the_browser_itself_refuses_code_that_is_not_the_pages_own(chat: ChatPage) -> None:
    chat.join("Kit")
    chat.page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.broken = true";
        document.body.append(script);
    }""")
    assert chat.page.evaluate("window.broken") is None
    assert len(chat.complaints) == 1
    assert "Content Security Policy" in chat.complaints.pop()


def test_every_line_has_the_direction_of_its_script_and_stands_at_the_edge(
    chat: ChatPage, new_peer: PeerFactory
) -> None:
    chat.join("Kit")
    new_peer("نور الهدى").say("مرحبا بالعالم\nand in English\nשלום")
    expect(chat.find(".text p")).to_have_count(3)
    lines = chat.find(".text p").evaluate_all(
        "lines => lines.map(p => [getComputedStyle(p).direction, Math.round(p.getBoundingClientRect().left)])"
    )
    edge = lines[0][1]
    assert lines == [["rtl", edge], ["ltr", edge], ["rtl", edge]]
    assert chat.find(".row .name").evaluate("name => Math.round(name.getBoundingClientRect().left)") == edge
