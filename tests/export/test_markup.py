"""A message is text in HTML, whatever it looks like."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chatdesk.export.markup import escape_text, message_text, paragraphs
from chatdesk.protocol.commands import Mentioned
from chatdesk.protocol.events import Message
from chatdesk.protocol.markup import Link, Paragraph, is_link
from tests.export.messages import make_message, texts
from tests.shared_cases import LINKS, MARKUP

ALLOWED = {"span": {"dir"}, "div": {"dir"}, "br": set[str](), "a": {"href", "rel", "target", "dir"}}


class Parsed(HTMLParser):
    """The lines and links of a message as a browser sees them."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.links: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert {name for name, _ in attributes} == ALLOWED[tag]
        values = dict(attributes)
        if tag in ("span", "div"):
            self.lines.append("")
        if tag == "a":
            assert values["rel"] == "noreferrer noopener"
            self.links.append(values["href"] or "")

    def handle_data(self, data: str) -> None:
        self.lines[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def lines_of(content: str) -> list[str]:
    lines = re.split("\r\n|[\n\v\f\r\x85\u2028\u2029]", content)
    return [re.sub("[\0-\x08\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]", "\ufffd", line) for line in lines]


@given(texts)
def test_a_message_brings_no_tags_and_no_attributes(content: str) -> None:
    parsed = Parsed(paragraphs(content))
    assert parsed.lines == lines_of(content)
    for link in parsed.links:
        assert re.match("https?://", link, re.IGNORECASE)
        assert link in content


TREE = {
    **{tag: set[str]() for tag in ("li", "strong", "em", "s", "bdi", "thead", "tbody", "tr")},
    **{tag: {"dir"} for tag in ("blockquote", "ul")},
    **{tag: {"dir", "tabindex"} for tag in ("pre", "table")},
    **ALLOWED,
    "a": {"href", "rel", "target"},
    "code": {"dir"},
    "ol": {"dir", "start"},
    "span": {"dir", "class"},
    "th": {"dir", "class"},
    "td": {"dir", "class"},
}
CLASSES = re.compile("(?:keyword|string|comment|number|mention|host|few-emoji|align-(?:left|right|center)?)")


class ParsedTree(HTMLParser):
    """The words of a message with marks, and where its links lead."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.words = ""
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        assert values.keys() <= TREE[tag] | ({"dir"} if tag == "a" else set())
        assert CLASSES.fullmatch(values.get("class") or "host")
        if tag == "a":
            assert values["rel"] == "noreferrer noopener"
            self.links.append(values["href"] or "")
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def said(content: str) -> Message:
    return make_message(content)


def letters(text: str) -> str:
    return "".join(filter(str.isalpha, text))


@given(
    texts
    | st.lists(st.sampled_from(["<b>", '"', "**", "`", "\n> ", "\n- ", "[a](", "https://a.b/", ")", "&", "|"])).map(
        "".join
    )
)
def test_a_message_with_marks_brings_no_tags_but_those_of_its_marks(content: str) -> None:
    """Behaviour 36."""
    parsed = ParsedTree(message_text(said(content)))
    assert parsed.open == []
    assert all(is_link(link) for link in parsed.links)


@pytest.mark.parametrize("case", MARKUP["trees"], ids=lambda case: case["text"][:30])
def test_the_words_are_those_of_window_and_page(case: dict[str, Any]) -> None:
    mentioned = tuple(Mentioned(name, author) for name, author in case.get("mentions", {}).items())
    parsed = ParsedTree(message_text(replace(said(case["text"]), mentions=mentioned)))
    assert letters(parsed.words.replace("(evil.example)", "")) == letters(case["words"])


def test_marks_become_elements_and_each_block_finds_its_own_direction() -> None:
    """Behaviours 36, 37 and 42."""
    assert message_text(said("**a** <i>\n\n- ב\n\n```py\nif\n```")) == (
        '<span dir="auto"><strong>a</strong> &lt;i&gt;</span><ul dir="rtl"><li><div dir="auto">ב</div></li></ul>'
        '<pre dir="ltr"><code><span class="keyword">if</span></code></pre>'
    )
    assert message_text(said("|a|\n|-:|\n|1|")) == (
        '<table dir="ltr"><thead><tr><th class="align-right" dir="auto">a</th></tr></thead>'
        '<tbody><tr><td class="align-right" dir="auto">1</td></tr></tbody></table>'
    )
    assert message_text(said("[there](#lobby/3), [bank.example](https://evil.example)")) == (
        '<span dir="auto">there, <a href="https://evil.example" rel="noreferrer noopener" target="_blank">'
        'bank.example</a> <span class="host">(<bdi>evil.example</bdi>)</span></span>'
    )


def test_a_few_emoji_alone_are_large() -> None:
    assert message_text(said("🎉 :tada:")) == '<span class="few-emoji" dir="auto">🎉 🎉</span>'
    assert message_text(said("🎉 so")) == '<span dir="auto">🎉 so</span>'


def test_the_tree_of_a_host_is_not_believed() -> None:
    message = replace(said("plain"), body=(Paragraph((Link("javascript:alert(1)", ("a",)),)),))
    assert message_text(message) == '<span dir="auto">plain</span>'


@given(texts)
def test_a_name_stays_within_its_quotation_marks(words: str) -> None:
    assert not set(escape_text(words)) & set("<>\"'")


@pytest.mark.parametrize(
    ("content", "links"),
    [
        ("see https://example.org/a?b=1&c=2.", ["https://example.org/a?b=1&c=2"]),
        ("HTTP://EXAMPLE.ORG and (http://192.168.4.20:8080/)", ["HTTP://EXAMPLE.ORG", "http://192.168.4.20:8080/"]),
        ("https://en.wikipedia.org/wiki/Desk_(furniture)", ["https://en.wikipedia.org/wiki/Desk_(furniture)"]),
        ("https://example.org/\u202egpj.exe", ["https://example.org/"]),
        ("https://bank.example@evil.example/", []),
        ("javascript:alert(1) data:text/html,x file:///etc/passwd ftp://a.b mailto:a@b.c", []),
        ('https://a.b/"onmouseover="alert(1)', ["https://a.b/"]),
        ("https://a.b/<script>", ["https://a.b/"]),
    ],
)
def test_only_addresses_of_web_pages_are_links(content: str, links: list[str]) -> None:
    parsed = Parsed(paragraphs(content))
    assert parsed.links == links
    assert parsed.lines == [content]


@pytest.mark.parametrize(("content", "links"), LINKS)
def test_links_are_those_of_the_window_and_the_page(content: str, links: list[str]) -> None:
    parsed = Parsed(paragraphs(content))
    assert parsed.links == links
    assert parsed.lines == [content]


def test_each_line_finds_its_own_direction_and_empty_ones_keep_their_height() -> None:
    lines = '<span dir="auto">one</span><div dir="auto"><br></div><div dir="auto">שלום</div>'
    assert paragraphs("one\n\nשלום") == lines


def test_a_message_of_nothing_but_lines_does_not_become_ten_thousand_paragraphs() -> None:
    parsed = Parsed(paragraphs("\n".join(map(str, range(8000)))))
    assert len(parsed.lines) == 101
    assert parsed.lines[-1].endswith("\n7999")
