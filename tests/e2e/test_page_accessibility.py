"""What a screen reader hears, and whether everybody can read what is written."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory

Node = dict[str, Any]

_CONTROLS = {
    "button",
    "textbox",
    "searchbox",
    "combobox",
    "listbox",
    "option",
    "link",
    "DisclosureTriangle",
    "dialog",
    "log",
    "list",
    "navigation",
}

CONTRAST = """
() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
    const channels = (colour, ground) => {
        canvas.fillStyle = ground; canvas.fillRect(0, 0, 1, 1);
        canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const groundOf = element => {
        const layers = [];
        for (let it = element; it; it = it.parentElement) layers.unshift(getComputedStyle(it).backgroundColor);
        return layers.reduce((ground, layer) => `rgb(${channels(layer, ground)})`, 'rgb(255, 255, 255)');
    };
    const luminance = rgb => {
        const [r, g, b] = rgb.map(it => it / 255).map(it => it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const weak = new Set();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let count = 0;
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || !element.checkVisibility({opacityProperty: true})) continue;
        if (element.closest('.unseen, :disabled, [aria-disabled], svg, noscript')) continue;
        const ground = groundOf(element);
        const colours = [getComputedStyle(element).color, ground];
        const light = colours.map(colour => luminance(channels(colour, ground)));
        const ratio = (Math.max(...light) + 0.05) / (Math.min(...light) + 0.05);
        count += 1;
        if (ratio < 4.5) weak.add(`${ratio.toFixed(2)} ${element.className} ${texts.currentNode.data.trim()}`);
    }
    return {count, weak: [...weak]};
}
"""


ELSEWHERE = "() => { document.hasFocus = () => false }"
"""Somebody looks at another window."""


def spoken(chat: ChatPage) -> list[Node]:
    """The accessibility tree, as the browser gives it to a screen reader."""
    devtools = chat.context.new_cdp_session(chat.page)
    nodes: list[Node] = devtools.send("Accessibility.getFullAXTree")["nodes"]
    return [node for node in nodes if not node.get("ignored")]


def unnamed(chat: ChatPage) -> list[Node]:
    """The controls and regions that say nothing."""
    controls = [node for node in spoken(chat) if node["role"]["value"] in _CONTROLS]
    assert controls
    return [node for node in controls if not node.get("name", {}).get("value") and node["role"]["value"] != "list"]


@pytest.mark.parametrize("width", [390, 1280])
def test_every_control_has_a_name(new_page: PageFactory, new_peer: PeerFactory, width: int) -> None:
    chat = new_page(viewport={"width": width, "height": 800}).open()
    assert unnamed(chat) == []
    chat.join("Kit")
    new_peer("Mara")
    new_peer("Jonas").say("https://example.org")
    expect(chat.find("#timeline a")).to_be_visible()
    assert unnamed(chat) == []
    chat.page.keyboard.press("Control+f")
    chat.find("#search-field").fill("example")
    expect(chat.find("#search-hits").get_by_role("option")).to_be_visible()
    assert unnamed(chat) == []
    chat.page.keyboard.press("Escape")
    expect(chat.find("#search-hits")).to_be_hidden()
    if width < 720:
        chat.find("#people-open").click()
        expect(chat.find("#drawer")).to_be_visible()
        assert unnamed(chat) == []


def test_messages_are_read_out_as_a_log_with_who_wrote_them(chat: ChatPage, new_peer: PeerFactory) -> None:
    chat.join("Kit")
    mara = new_peer("Mara")
    mara.say("Hello", "Again")
    chat.send("Hello Mara")
    expect(chat.find(".slip.kept")).to_be_visible()
    log = chat.page.get_by_role("log", name="Messages")
    expect(log).to_have_attribute("aria-live", "polite")
    articles = log.get_by_role("article")
    expect(articles.filter(has_text="Hello").first).to_contain_text("Mara")
    expect(articles.filter(has_text="Again")).to_contain_text("Mara")  # also where the eye needs no name
    expect(articles.filter(has_text="Hello Mara")).to_contain_text("You: ")


def test_a_lost_connection_is_said_once_and_not_counted_down(chat: ChatPage) -> None:
    chat.page.clock.install()
    connections = chat.between()
    chat.join("Kit")
    chat.page.unroute_all()
    said = chat.page.get_by_role("status")
    connections[0].close(code=1008)
    expect(said).to_have_text("The host has ended this connection.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(new_page: PageFactory, new_peer: PeerFactory, scheme: str) -> None:
    chat = new_page(viewport={"width": 1280, "height": 800}, color_scheme=scheme).open()
    chat.find("#join-button").click()
    expect(chat.find("#nickname-error")).not_to_be_empty()
    join_screen = chat.page.evaluate(CONTRAST)
    assert join_screen["weak"] == []
    refuse = {"on": True}
    connections = chat.between(lambda it: {**it, "content": " "} if refuse["on"] and "content" in it else it)
    chat.join("Kit")
    for number in range(12):
        new_peer(f"Person {chr(65 + number)}").say(f"Hello https://example.org/{number}")
    chat.send("Refused")
    expect(chat.find(".slip.failed")).to_be_visible()
    refuse["on"] = False
    chat.send("Kept")
    expect(chat.find(".slip.kept")).to_be_visible()
    new_peer("Typist").send(type="typing")
    expect(chat.find("#typing")).not_to_be_empty()
    chat.find("#search-field").fill("hello")
    expect(chat.find("#search-hits mark")).to_have_count(12)
    chat.page.keyboard.press("ArrowDown")
    found = chat.page.evaluate(CONTRAST)
    assert found["weak"] == []
    chat.page.keyboard.press("Escape")
    chat.find(".top .to-date").click()
    dated = chat.page.evaluate(CONTRAST)
    assert dated["weak"] == []
    chat.page.keyboard.press("Escape")
    chat.page.evaluate(ELSEWHERE)
    new_peer("News").say("What is new")
    expect(chat.find(".day.new")).to_be_visible()
    connections[0].close(code=1008)
    expect(chat.find("#banner")).to_be_visible()
    chat.page.mouse.move(0, 0)
    room = chat.page.evaluate(CONTRAST)
    assert room["weak"] == []
    assert room["count"] > 60


def test_older_messages_are_not_read_out_but_new_ones_are(chat: ChatPage, new_peer: PeerFactory) -> None:
    mara = new_peer("Mara")
    mara.say(*(f"Line {number}" for number in range(120)))
    chat.join("Kit")
    expect(chat.message("Line 119")).to_be_visible()
    log = chat.page.get_by_role("log", name="Messages")
    log.evaluate("""log => {
        window.heard = [];
        const hear = row => window.heard.push(`${log.ariaBusy} ${row.querySelector('.text').textContent}`);
        new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(hear)))
            .observe(log.querySelector('.rows'), {childList: true});
        log.scrollTop = 0;
    }""")
    expect(chat.message("Line 0")).to_be_attached()
    expect(log).not_to_have_attribute("aria-busy", "true")
    mara.say("News")
    expect(chat.message("News")).to_be_attached()
    heard = chat.page.evaluate("window.heard")
    assert heard == [*(f"true Line {number}" for number in range(70)), "null News"]
