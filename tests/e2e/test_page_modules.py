"""The page's pure modules, imported in the browser as the server serves them."""

import hashlib
import hmac
import json
import random
import sys
import unicodedata
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from chatdesk.protocol.appearance import hue, initials
from chatdesk.protocol.links import links
from chatdesk.protocol.search_folding import fold
from chatdesk.protocol.text import clean_content, is_visible
from tests.shared_cases import INVISIBLE, LINKS, NAMES, ONE_LINE, REPEATED, SENT, SHORT_NAMES, TEXTS_AS_WRITTEN, VISIBLE
from tests.spellings import DIFFERENT, SAME

Run = Any


@pytest.fixture
def run(modules: Page) -> Run:
    """Evaluates an expression with `m`, the exports of a module, and `it`, the argument."""

    def run(module: str, expression: str, it: Any = None) -> Any:
        script = f"async it => {{ const m = await import('/js/{module}.js'); return {expression} }}"
        if not isinstance(it, list):
            return modules.evaluate(script, it)
        # A long list costs seconds as Playwright's objects, and nothing as one string.
        as_text = f"async it => JSON.stringify(await ({script})(JSON.parse(it)))"
        return json.loads(modules.evaluate(as_text, json.dumps(it)))

    return run


def test_the_page_hashes_like_everybody_else(run: Run) -> None:
    """Around the ends of blocks of 64 bytes, where padding takes another block, and with keys longer than one."""
    texts = ["x" * length for length in (*range(130), 1000)] + ["né 🤖", "\0", "🎉" * 40]
    hexadecimal = (
        "Array.from(m.sha256(new TextEncoder().encode(text)), (byte) => byte.toString(16).padStart(2, '0')).join('')"
    )
    assert run("sha256", f"it.map((text) => {hexadecimal})", texts) == [
        hashlib.sha256(text.encode()).hexdigest() for text in texts
    ]
    pairs = [
        [key, text] for key in ("", "k", "k" * 63, "k" * 64, "k" * 65, "é" * 50) for text in ("", "text", "🤖" * 30)
    ]
    assert run("sha256", "it.map(([key, text]) => m.hmacSha256(key, text))", pairs) == [
        hmac.new(key.encode(), text.encode(), "sha256").hexdigest() for key, text in pairs
    ]


_YOUNG = "ƛɤꟓꟕ"
"""Letters with an upper case that this Python's Unicode does not have."""


def test_the_page_shows_every_name_that_a_host_takes_as_it_is(run: Run) -> None:
    names = [name for _, name in NAMES["kept"]]
    assert run("clean-text", "it.map((name) => m.oneLine(name, 32))", names) == names


def nicknames() -> list[str]:
    """Every letter with another case, many without one, and words made of them."""
    letters = [chr(code) for code in range(sys.maxunicode) if unicodedata.category(chr(code))[0] == "L"]
    cased = [letter for letter in letters if letter.upper() != letter.lower() and letter not in _YOUNG]
    rng = random.Random(7)
    some = [*cased, *rng.sample(letters, 5000)]
    words = ["".join(rng.choices(some, k=5)) + " " + "".join(rng.choices(some, k=3)) for _ in range(2000)]
    known = [
        "Mara Lindqvist",
        "Dr. Okonkwo",
        "Bench 7",
        "(Mara) lab",
        "Bolt 🤖",
        "🎉",
        "نور الهدى",
        "ßeta",
        "山田 太郎",
    ]
    return [*some, *words, *known, "ISTANBUL İzmir", "ΟΔΥΣΣΕΥΣ", "e\u0301va", "Team ४"]


def test_two_spellings_are_one_where_they_are_for_the_host(run: Run) -> None:
    """Every character in this Python's Unicode, and the words of the shared table."""
    known = [chr(code) for code in range(0x1FB00) if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co")]
    texts = [*(char for char in known if char not in _YOUNG), *(word for pair in SAME + DIFFERENT for word in pair)]
    theirs = run("search-folding", "it.map(m.foldForSearch)", texts)
    different = [(text, fold(text), its) for text, its in zip(texts, theirs, strict=True) if fold(text) != its]
    assert different == []


def test_hue_and_initials_are_those_of_the_window_in_every_script(run: Run) -> None:
    names = nicknames()
    theirs = run("nickname", "it.map(name => [m.hueOf(name), m.initialsOf(name)])", names)
    different = [
        (name, (hue(name), initials(name)), tuple(its))
        for name, its in zip(names, theirs, strict=True)
        if (hue(name), initials(name)) != tuple(its)
    ]
    assert different == []


@pytest.mark.parametrize(("nickname", "short"), SHORT_NAMES)
def test_in_a_sentence_a_person_goes_by_the_first_name(run: Run, nickname: str, short: str) -> None:
    assert run("nickname", "m.shortName(it)", nickname) == short


def test_pauses_double_up_to_thirty_seconds_and_scatter_by_half(run: Run) -> None:
    pauses = "[...Array(8).keys()].map(attempts => m.backoffDelay(attempts, 1006, it))"
    assert run("backoff", pauses, 1) == [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]
    assert run("backoff", pauses, 0) == [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]
    assert run("backoff", "m.backoffDelay(0, 1013, 0)") >= 5000


def test_the_page_reconnects_only_after_close_codes_that_are_not_final(run: Run) -> None:
    codes = [1000, 1001, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013, 4000, 4499, 4500, 4999]
    may = run("protocol", "it.filter(m.mayReconnect)", codes)
    assert may == [1001, 1005, 1006, 1011, 1012, 1013, 4000, 4499]


def test_what_is_sent_is_what_the_window_would_send(run: Run) -> None:
    sent = run("clean-text", "JSON.parse(it).sent.map(([typed]) => m.cleanContent(typed))", TEXTS_AS_WRITTEN)
    assert sent == [sent for _, sent in SENT]
    lines = run("clean-text", "JSON.parse(it).lines.map(([typed]) => m.cleanLine(typed))", TEXTS_AS_WRITTEN)
    assert lines == [line for _, line in ONE_LINE]


def test_invisible_text_counts_as_empty(run: Run) -> None:
    seen = run(
        "clean-text",
        "JSON.parse(it).invisible.map(text => [m.isVisible(text), m.cleanContent(text)])",
        TEXTS_AS_WRITTEN,
    )
    assert seen == [[False, ""]] * len(INVISIBLE)
    seen = run(
        "clean-text", "JSON.parse(it).visible.map(text => [m.isVisible(text), m.cleanContent(text)])", TEXTS_AS_WRITTEN
    )
    assert seen == [[True, text] for text in VISIBLE]


def test_page_and_host_agree_which_characters_are_visible(run: Run) -> None:
    """The browser uses Unicode's properties, Python a list of its own."""
    codes = [code for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
    unseen = run("clean-text", "it.filter(code => !m.isVisible(String.fromCodePoint(code)))", codes)
    assert unseen == [code for code in codes if not is_visible(chr(code))]


def test_links_are_those_of_the_window_and_the_exports(run: Run) -> None:
    found = run("links", "it.map(text => m.linksIn(text))", [text for text, _ in LINKS])
    assert [[link["address"] for link in its] for its in found] == [addresses for _, addresses in LINKS]
    for (text, _), its in zip(LINKS, found, strict=True):
        units = text.encode("utf-16-le")
        for link in its:
            assert units[2 * link["index"] :].startswith(link["address"].encode("utf-16-le"))


_PIECES = [
    *(
        "https://",
        "http://",
        "a",
        "example.com",
        "1.2.3.4",
        "127.1",
        "[::1]",
        ":80",
        "99999",
        "?",
        "#",
        "&",
        "=",
        "/",
        ".",
    ),
    *(
        "(",
        ")",
        "[",
        "]",
        "@",
        "'",
        '"',
        "’",
        "”",
        "«",
        "–",
        "…",
        "*",
        "_",
        "-",
        "é",
        "字",
        "を",
        "，",
        "～",
        "क",
        "①",
        "１",
    ),
    *(
        "😀",
        "❤️",
        "،",
        "\u200b",
        "\u200d",
        "\u00a0",
        " ",
        "\u2028",
        "\x0b",
        "\x1b[31m",
        "\x9b0m",
        "\0",
        "\ufdd0",
        "\n",
        "<",
    ),
]


def test_page_and_window_agree_on_generated_texts(run: Run) -> None:
    rng = random.Random(10)
    texts = ["https://".join("".join(rng.choices(_PIECES, k=rng.randint(0, 9))) for _ in "two") for _ in range(5000)]
    found = run("links", "it.map(text => m.linksIn(text).map(link => link.address))", texts)
    assert found == [[address for _, address in links(text)] for text in texts]
    assert sum(map(len, found)) > 2000
    assert run("clean-text", "it.map(m.cleanContent)", texts) == list(map(clean_content, texts))


@pytest.mark.parametrize("call", [("links", "linksIn"), ("clean-text", "cleanContent")])
def test_the_longest_message_takes_a_moment_however_it_repeats(run: Run, call: tuple[str, str]) -> None:
    """The best of five runs, because other processes may use the processor."""
    module, name = call
    measure = f"""it.map(text => {{
        const times = [1, 2, 3, 4, 5].map(() => {{
            const start = performance.now();
            m.{name}(text);
            return performance.now() - start;
        }});
        return [Math.min(...times), text.slice(0, 20)];
    }}).filter(([time]) => time > 50)"""
    texts = [(before + unit * 8000)[:8000] for unit in REPEATED for before in ("", "https://a", "https://a/")]
    assert run(module, measure, texts) == []


def test_a_message_of_very_many_lines_stays_few_paragraphs(run: Run) -> None:
    content = "\n".join(str(number) for number in range(3000))
    count, text = run(
        "message-text", "(p => [p.length, p.map(it => it.textContent).join('\\n')])(m.paragraphs(it))", content
    )
    assert count <= 101
    assert text == content


def test_near_days_have_a_word(run: Run) -> None:
    day = "m.dayName(new Date(...it).getTime(), new Date(2026, 10, 24, 0, 5).getTime())"
    assert run("date-time", day, [2026, 10, 24, 23]) == {"word": "Today", "date": "Tuesday 24 November"}
    assert run("date-time", day, [2026, 10, 23, 23, 59]) == {"word": "Yesterday", "date": "Monday 23 November"}
    assert run("date-time", day, [2026, 10, 20]) == {"word": "", "date": "Friday 20 November"}
    assert run("date-time", day, [2024, 0, 2]) == {"word": "", "date": "2 January 2024"}


def test_rows_group_by_sender_day_and_five_minutes(run: Run) -> None:
    first = datetime(2026, 11, 23, 23, 47)

    def row(nickname: str, minute: float) -> dict[str, Any]:
        return {"kind": "message", "nickname": nickname, "time": first.timestamp() * 1000 + minute * 60_000}

    rows = [row("Mara", 0), row("Mara", 5), row("Mara", 10.1), row("Kit", 11), row("Mara", 12), row("Mara", 13)]
    role_of = "it => it.nickname === 'Mara' ? 'host' : ''"
    around = f"{{own: {{isMine: it => it.nickname === 'Kit'}}, roleOf: {role_of}, divider: null}}"
    layouts = run("timeline-rows", f"it.map((row, index) => m.layoutOf(row, it[index - 1] ?? null, {around}))", rows)
    assert [layout["startsGroup"] for layout in layouts] == [True, False, True, True, True, True]
    assert [layout["own"] for layout in layouts] == [False, False, False, True, False, False]
    assert [bool(layout["day"]) for layout in layouts] == [True, False, False, False, False, True]
    assert [layout["time"] for layout in layouts] == ["23:47", "23:52", "23:57", "23:58", "23:59", "00:00"]
    assert [layout["role"] for layout in layouts] == ["host", "host", "host", "", "host", "host"]


def test_moments_are_described_in_few_words(run: Run) -> None:
    now = "new Date(2026, 10, 24, 20, 0)"
    moments = (
        f"[[2026, 10, 24], [2026, 10, 23], [2026, 10, 22], [2025, 11, 31]].map(day => new Date(...day, 9, 5)), {now}"
    )
    said = run("date-time", f"((days, now) => days.map(day => m.momentName(+day, +now)))({moments})")
    assert said == ["09:05", "Yesterday, 09:05", "Sun 22 Nov, 09:05", "31 Dec 2025, 09:05"]


MONTH = "m.weeksOf(new Date(it.year, it.month - 1, 28), it.first).map(week => week.map(m.isoOf))"


@pytest.mark.parametrize("first", range(1, 8))
def test_a_month_is_shown_in_six_weeks(run: Run, first: int) -> None:
    for year, month in [(2026, 2), (2024, 2), (2026, 11), (2026, 12), (2027, 1)]:
        weeks = run("calendar-month", MONTH, {"year": year, "month": month, "first": first})
        days = [date.fromisoformat(day) for week in weeks for day in week]
        assert [len(week) for week in weeks] == [7] * 6
        assert [day.isoweekday() for day in days[:7]] == [(first + place - 1) % 7 + 1 for place in range(7)]
        assert days == [days[0] + timedelta(days=place) for place in range(42)]
        assert days.index(date(year, month, 1)) < 7


def test_another_month_has_the_same_day_or_its_last(run: Run) -> None:
    moves = [("2026-11-24", -1), ("2026-10-31", 1), ("2024-01-31", 1), ("2026-01-15", -1), ("2024-02-29", 12)]
    moved = run(
        "calendar-month", "it.map(([day, months]) => m.isoOf(m.addMonths(new Date(day + 'T00:00'), months)))", moves
    )
    assert moved == ["2026-10-24", "2026-11-30", "2024-02-29", "2025-12-15", "2025-02-28"]
