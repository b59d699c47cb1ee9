"""The exported page: days, groups, gaps and totals; and no message becomes markup."""

import hashlib
import re
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chatdesk.export.formats import Format, open_writer
from chatdesk.export.metadata import ExportMetadata
from chatdesk.protocol.events import Message, Reaction
from tests.export.messages import METADATA, exported, make_message, messages, texts

TAGS = {
    "html": {"lang": "en"},
    "head": {},
    "meta": {"charset": "utf-8", "http-equiv": "Content-Security-Policy", "name": "[a-z-]+", "content": ".+"},
    "title": {},
    "style": {},
    "body": {},
    "header": {},
    "main": {},
    "footer": {},
    "h1": {},
    "h2": {"class": "day"},
    "p": {"class": "room|gap|empty"},
    "div": {"class": "column|sheet|group hue-([0-9]|1[01])", "dir": "auto"},
    "span": {
        "class": "avatar|byline|gutter|deleted|reactions|tag|unseen|few-emoji|host|mention|number|string",
        "dir": "auto",
        "aria-hidden": "true",
    },
    **{tag: {} for tag in ("strong", "em", "s", "li", "thead", "tbody", "tr")},
    **{tag: {"dir": "auto", "class": "align-(left|right|center)?"} for tag in ("td", "th")},
    **{tag: {"dir": "ltr|rtl"} for tag in ("code", "blockquote", "ul")},
    **{tag: {"dir": "ltr|rtl", "tabindex": "0"} for tag in ("pre", "table")},
    "ol": {"dir": "ltr|rtl", "start": r"\d+"},
    "article": {"id": r"m\d+"},
    "bdi": {"class": "name|unseen"},
    "time": {"datetime": r"[0-9T:.+-]+"},
    "br": {},
    "a": {
        "class": "quote",
        "href": r"(?i:https?://|mailto:|chatdesk://)[^\s\"<>]+|#m\d+",
        "rel": "noreferrer noopener",
        "target": "_blank",
        "dir": "ltr",
    },
}
"""All allowed tags, with patterns of their attributes."""
VOID = {"meta", "br"}


class Strict(HTMLParser):
    """Refuses tags that are not in TAGS or not nested. ``texts`` are the texts with the tag around each."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.feed(markup)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            assert re.fullmatch(TAGS[tag][name], value or "", re.DOTALL), (tag, name, value)
            if name == "id":
                self.ids.append(value or "")
        if tag not in VOID:
            self.open.append(tag)
            self.texts.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.texts:
            tag, before = self.texts[-1]
            self.texts[-1] = tag, before + data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def words(self, tag: str) -> list[str]:
        return [words.strip() for name, words in self.texts if name == tag]


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


def page(these: list[Message], about: ExportMetadata = METADATA) -> str:
    return exported(Format.HTML, these, about).decode()


def body(these: list[Message]) -> str:
    return page(these).partition("<main>\n")[2]


@given(st.lists(messages, max_size=4), texts, texts, texts)
def test_nothing_that_was_said_becomes_markup(these: list[Message], name: str, room: str, host: str) -> None:
    parsed = Strict(page(these, ExportMetadata(name, room, host)))
    assert parsed.ids == [f"m{message.seq}" for message in these]


def test_the_policy_allows_this_one_stylesheet_and_nothing_else() -> None:
    """Behaviour 42: the page needs nothing beside it."""
    markup = page([make_message("Hello")])
    style = re.search("<style>(.*)</style>", markup, re.DOTALL)
    assert style
    digest = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in markup
    assert not re.search(r"url\(|@import|<script|<link|<img| style=| on\w+=", markup)


def test_the_head_says_which_chat_this_is_and_when_it_was_exported() -> None:
    about = ExportMetadata("R&D <2>", "build-floor", "Mara", datetime(2026, 11, 23, 9, 40, tzinfo=UTC).astimezone())
    markup = page([], about)
    assert "<title>build-floor – R&amp;D &lt;2&gt;</title>" in markup
    assert "<h1><bdi>R&amp;D &lt;2&gt;</bdi></h1>" in markup
    assert "Hosted by <bdi>Mara</bdi>." in markup
    assert "Monday 23 November 2026, 10:40 (UTC+01:00)" in markup
    assert "Hosted by" not in page([], ExportMetadata("Chat", "lobby"))


def test_a_name_leaves_the_line_as_it_is() -> None:
    odd = "\u2067tur\nned\u2068"
    markup = page([replace(make_message("Hello"), nickname=odd)], ExportMetadata(odd, odd, odd))
    assert not set(markup) & set("\u2066\u2067\u2068\u2069")
    assert markup.count("<bdi") == markup.count(">tur ned</bdi>") == 4
    assert "<title>tur ned – tur ned</title>" in markup
    assert "<title>\u2068נור\u2069 – Chat</title>" in page([], ExportMetadata("Chat", "נור"))


def test_one_sender_within_five_minutes_is_a_group() -> None:
    these = [
        make_message("a", 1),
        make_message("b", 2, minutes=4.9),
        make_message("c", 3, minutes=9.9),
        make_message("d", 4, "Mara", 10),
    ]
    parsed = Strict(page(these))
    assert parsed.words("bdi")[3:] == ["Kit", "Kit", "Kit", "Mara"]
    markup = body(these)
    assert markup.count('class="group') == 3
    assert re.findall('<bdi class="(name|unseen)"', markup) == ["name", "unseen", "name", "name"]
    assert markup.count('<span class="tag">host</span>') == 1
    assert re.findall(r"<time [^>]*>(\d\d:\d\d)<", markup) == ["12:00", "12:04", "12:09", "12:10"]


def test_a_new_day_gets_a_line_with_date_and_offset() -> None:
    markup = body([make_message("a", 1, minutes=11.9 * 60), make_message("b", 2, minutes=12.1 * 60)])
    days = re.findall(r'<h2 class="day">(.*?) <span>(.*?)</span></h2>', markup)
    assert days == [("Tuesday 25 November 2025", "UTC+01:00"), ("Wednesday 26 November 2025", "UTC+01:00")]


def test_where_the_clocks_change_the_day_is_named_again_with_the_other_offset() -> None:
    these = [Message("Kit", "a", f"2026-10-25T0{hour}:30:00.000Z", "lobby", hour + 1) for hour in (0, 1)]
    markup = body(these)
    assert re.findall(r"<span>(.*?)</span></h2>", markup) == ["UTC+02:00", "UTC+01:00"]
    assert re.findall(r'datetime="([^"]+)">02:30<', markup) == [
        "2026-10-25T02:30:00.000+02:00",
        "2026-10-25T02:30:00.000+01:00",
    ]


def test_a_hole_is_marked_as_one() -> None:
    """Behaviour 42."""
    markup = body([make_message("a", 1), make_message("b", 2), make_message("c", 1236)])
    assert '<p class="gap">1,233 messages missing here</p>' in markup
    assert markup.count("missing") == 1
    assert markup.count('class="group') == 2


@pytest.mark.parametrize(
    ("these", "sentence"),
    [
        ([], "<p>No messages.</p>"),
        (["a"], "<p>1 message, from <time "),
        (["a", "b"], "<p>2 messages, from <time "),
    ],
)
def test_the_end_says_how_many_there_were(these: list[str], sentence: str) -> None:
    assert sentence in body([make_message(text, seq) for seq, text in enumerate(these, 1)])


def test_the_end_says_from_when_to_when_and_what_was_not_kept() -> None:
    words = re.sub("<[^>]*>", "", body([make_message("a", 501), make_message("b", 502, minutes=90)]))
    assert (
        "2 messages, from Tuesday 25 November 2025, 12:00 (UTC+01:00) to Tuesday 25 November 2025, 13:30 (UTC+01:00). "
        "500 messages before them, no longer kept by the host."
    ) in words


def test_an_empty_room_says_so() -> None:
    assert "Nothing has been said here." in body([])


def test_a_time_that_is_none_is_left_out() -> None:
    markup = body([Message("Kit", "a", "soon", "lobby", 1), Message("Kit", "b", "later", "lobby", 2)])
    assert "<time" not in markup
    assert "<h2" not in markup
    assert markup.count("<article") == 2


def test_a_deleted_message_says_by_whom_and_an_answer_shows_it_as_it_is_now() -> None:
    """Behaviour 1 and 2: never an empty row."""
    question = make_message("Left motor?", 1, "Jonas")
    answer = replace(make_message("The sign.", 2, "Ana"), reply_to=1, reactions=(Reaction("👍", 6, ()),))
    gone = replace(make_message("", 3, "Bo"), deleted="host", deleted_by="Mara")
    last = replace(make_message("Why?", 4, "Ana"), reply_to=3)
    markup = body([question, answer, gone, last])
    assert '<a class="quote" href="#m1"><bdi>Jonas</bdi>: Left motor?</a>' in markup
    assert "👍&nbsp;6" in markup
    assert re.search('<a class="quote" href="#m3">.?Mara.? removed a message by .?Bo.?</a>', markup)
    assert re.search('<span class="deleted">.?Mara.? removed a message by .?Bo.?</span>', markup)


def test_an_answer_quotes_a_message_however_far_back() -> None:
    first = make_message("The very first <words>", 1)
    between = (make_message(f"{'words ' * 30}{seq}", seq) for seq in range(2, 1_000))
    deleted = replace(make_message("", 1_000), deleted="host", deleted_by="Mara")
    answers = [replace(make_message("Yes.", 1_001 + seq), reply_to=seq) for seq in (1, 1_000, 70_000)]
    with tempfile.TemporaryFile() as file:
        writer = open_writer(Format.HTML, file, METADATA)
        for message in chain([first], between, [deleted], answers):
            writer.write(message)
        writer.close()
        file.seek(-4_000, 2)
        end = file.read().decode()
    assert '<a class="quote" href="#m1"><bdi>Kit</bdi>: The very first &lt;words&gt;</a>' in end
    assert "Mara removed a message by Kit</a>" in end
    assert '<a class="quote" href="#m70000">In reply to an earlier message</a>' in end
