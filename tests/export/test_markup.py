"""A message is text in HTML, whatever it looks like."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given

from chatdesk.export.markup import escape_text, paragraphs
from tests.export.messages import texts
from tests.shared_cases import LINKS

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
