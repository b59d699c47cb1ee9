"""The text of messages in the page: it draws the host's tree, copies its words, and believes no host."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from chatdesk.protocol import emoji
from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PeerFactory
from tests.shared_cases import MARKUP

WORDS = """async trees => {
    const { decodeBody } = await import('/js/markup-decoder.js');
    const { plainText } = await import('/js/markup-rules.js');
    const { drawnBlocks } = await import('/js/markup.js');
    return trees.map(tree => {
        const body = decodeBody(tree);
        const drawn = document.createElement('div');
        drawn.append(...drawnBlocks(body, () => false));
        return [plainText(body), drawn.textContent];
    });
}"""
VERDICTS = """async trees => {
    const { decodeBody } = await import('/js/markup-decoder.js');
    return trees.map(tree => {
        try { decodeBody(JSON.parse(tree)); return 'drawn' } catch (error) { return error.constructor.name }
    });
}"""


def test_the_words_of_a_tree_are_those_of_the_window_and_the_export(modules: Page) -> None:
    found = modules.evaluate(WORDS, [case["body"] for case in MARKUP["trees"]])
    assert [words for words, _ in found] == [case["words"] for case in MARKUP["trees"]]
    for words, drawn in found:
        marks = ("• ", "> ", "1. ", "2. ", "3. ", "7. ", "8. ", " (evil.example)")
        assert letters(drawn, marks) == letters(words, marks)


def letters(text: str, marks: tuple[str, ...]) -> str:
    for mark in marks:
        text = text.replace(mark, "")
    return "".join(text.split())


def test_links_and_hosts_are_judged_as_in_the_window(modules: Page) -> None:
    """Behaviour 36."""
    judge = "async urls => { const m = await import('/js/markup-rules.js'); return urls.map(m.isLink) }"
    assert modules.evaluate(judge, MARKUP["links"]) == [True] * len(MARKUP["links"])
    assert modules.evaluate(judge, MARKUP["no_links"]) == [False] * len(MARKUP["no_links"])
    show = """async links => {
        const m = await import('/js/markup-rules.js');
        return links.map(([url, words]) => m.foreignHost({ url, content: [words] }));
    }"""
    assert modules.evaluate(show, MARKUP["foreign_hosts"]) == [host for _, _, host in MARKUP["foreign_hosts"]]


def nested(depth: int) -> list[Any]:
    piece: Any = "a"
    for _ in range(depth - 2):
        piece = {"type": "strong", "content": [piece]}
    return [{"type": "paragraph", "content": [piece]}]


def paragraph(*content: Any) -> list[Any]:
    return [{"type": "paragraph", "content": content}]


def test_a_tree_that_would_freeze_the_page_or_lead_astray_is_refused(modules: Page) -> None:
    cells = [["a"]] * 200
    good = [nested(20), paragraph(*["a"] * 9_000), paragraph("a" * 60_000), []]
    bad = [
        nested(21),
        [{"type": "quote", "blocks": nested(20)}],
        paragraph(*["a"] * 10_001),
        paragraph(*["a" * 60_000] * 2),
        [{"type": "table", "align": [""] * 200, "head": cells, "rows": [cells] * 400}],
        [{"type": "table", "align": [""], "head": [["a"]], "rows": [[["a"], ["b"]]]}],
        [{"type": "table", "align": ["justify"], "head": [["a"]], "rows": []}],
        [{"type": "code", "text": "abc", "spans": [[4, "keyword"]]}],
        [{"type": "code", "text": "abc", "spans": [[2, "x onclick"]]}],
        [{"type": "list", "items": [], "start": -1}],
        *(paragraph({"type": "link", "url": url, "content": ["a"]}) for url in MARKUP["no_links"][:6]),
        [{"type": "script", "text": "alert(1)"}],
        paragraph({"type": "img", "url": "https://example.com"}),
        *("text", 7, {}, [7], [{"type": "paragraph"}], [{"type": "paragraph", "content": "a"}]),
    ]
    verdicts = modules.evaluate(VERDICTS, [json.dumps(tree) for tree in (*good, *bad)])
    assert verdicts == ["drawn"] * len(good) + ["InvalidValue"] * len(bad)


def test_a_few_emoji_alone_are_large_as_in_the_window(modules: Page) -> None:
    all_emoji = [each.text for category in emoji.categories() for each in category.emoji]
    toned = [emoji.with_tone(each, 3) for each in all_emoji]
    texts = [
        *all_emoji,
        *toned,
        "🎉 🤖\n🏁",
        "🎉🎉🎉🎉",
        "🎉a",
        "5",
        "",
        " ",
        "🏻",
        "a" * 500,
        "👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦",
    ]
    judge = "async texts => { const m = await import('/js/message-text.js'); return texts.map(m.isFewEmoji) }"
    verdicts = modules.evaluate(judge, texts)
    assert [text for text, large in zip(texts, verdicts, strict=True) if large != emoji.is_few_emoji(text)] == []


@pytest.fixture
def talk(chat: ChatPage, new_peer: PeerFactory) -> ChatPage:
    mara = new_peer("Mara Lindqvist")
    chat.join("Kit")
    mara.say(
        "It’s **the sign** in `drive()`\nand ~~not~~ *this*:\n```cpp\nif (left < 0) {\n  stop();\n}\n```",
        "- solder\n- test\n\n| Run | Kp |\n|---|---|\n| Short | 0.6 |\n\n> said [bank.example](https://evil.example/a)",
        "<img src=x onerror=alert(1)> **<b>raw</b>**\n```html\n<script>alert(1)</script>\n```",
        f"```\n{'long ' * 60}\n```\n|{'wide column|' * 12}\n|{'---|' * 12}\n|{'cell|' * 12}",
        "مرحبا **بك**",
    )
    chat.send("**mine** and\n```\ncode\n```")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    return chat


def copied(page: Page) -> str:
    page.locator("#message").fill("")
    page.locator("#message").press("Control+V")
    value = page.locator("#message").input_value()
    page.locator("#message").fill("")
    return value


def test_marked_text_is_drawn_copied_and_safe(talk: ChatPage) -> None:
    """Behaviours 36 and 37. One room, for it takes a while to fill it."""
    text = talk.find(".row .text")
    first, second, raw, wide, arabic, own = (text.nth(index) for index in range(6))
    # Drawn
    expect(first.locator("strong")).to_have_text("the sign")
    expect(first.locator("p code")).to_have_text("drive()")
    expect(first.locator(".code-keyword")).to_have_text("if")
    expect(second.locator("li")).to_have_count(2)
    expect(second.get_by_role("columnheader", name="Kp")).to_have_css("text-align", "right")
    link = second.get_by_role("link", name="bank.example")
    assert link.evaluate("it => [it.href, it.target, it.rel]") == [
        "https://evil.example/a",
        "_blank",
        "noopener noreferrer",
    ]
    expect(second.locator("blockquote")).to_have_text("said bank.example (evil.example)")
    expect(raw).to_contain_text("<script>alert(1)</script>")
    assert talk.find(".text img, .text script, .text b").count() == 0
    expect(own.locator(".receipt")).to_be_visible()
    # What is wide scrolls in its place, and the keyboard reaches it
    for scroller in (wide.locator("pre"), wide.get_by_role("region", name="Table")):
        assert scroller.evaluate("it => it.scrollWidth > it.clientWidth")
        expect(scroller).to_have_attribute("tabindex", "0")
    assert talk.find("#timeline").evaluate("it => it.scrollWidth === it.clientWidth")
    assert first.locator("pre").get_attribute("tabindex") is None
    # Direction
    assert arabic.locator("p").evaluate("it => getComputedStyle(it).direction") == "rtl"
    assert wide.locator("pre").evaluate("it => getComputedStyle(it).direction") == "ltr"
    # Copied
    talk.page.evaluate("row => getSelection().selectAllChildren(row)", first.element_handle())
    talk.page.keyboard.press("Control+C")
    assert copied(talk.page) == "It’s the sign in drive()\nand not this:\nif (left < 0) {\n  stop();\n}"
    talk.page.evaluate("row => getSelection().selectAllChildren(row)", second.element_handle())
    talk.page.keyboard.press("Control+C")
    assert copied(talk.page) == "• solder\n• test\nRun\tKp\nShort\t0.6\nsaid bank.example"
    first.get_by_role("button", name="Copy code").click()
    expect(talk.find("#announcer")).to_have_text("Copied")
    assert copied(talk.page) == "if (left < 0) {\n  stop();\n}"
    assert talk.complaints == []
