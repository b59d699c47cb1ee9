"""In CSV, a spreadsheet shows messages as text and calculates nothing."""

import codecs
import csv
import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatdesk.export.csv import COLUMNS, escape_formulas
from chatdesk.export.formats import Format
from chatdesk.protocol.events import Message
from tests.export.messages import exported, make_message, messages, texts

SIGNS = "=+-@＝＋－＠"
BEGINNINGS = ';"\t\r\n'
UNSEEN = re.compile(r"[^\S\t\r\n]|[\0-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def rows(these: list[Message]) -> list[list[str]]:
    """Return the rows as a reader of RFC 4180 sees them."""
    text = exported(Format.CSV, these).removeprefix(codecs.BOM_UTF8).decode()
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def original(cell: str) -> str:
    """Remove the apostrophes by the rule in the module's docstring, character by character."""
    return "".join(char for place, char in enumerate(cell) if not (char == "'" and added(cell, place)))


def added(cell: str, place: int) -> bool:
    if place and cell[place - 1] not in BEGINNINGS:
        return False
    rest = cell[place + 1 :]
    if not place and rest.lstrip("'")[:1] in ("\t", "\r", "\n"):
        return True
    return visible(rest)[:1] in list(SIGNS)


def visible(text: str) -> str:
    while text and (text[0] == "'" or UNSEEN.match(text)):
        text = text[1:]
    return text


def dangerous(text: str) -> list[str]:
    """Return the parts that would be formulas if a cell began there."""
    parts = [UNSEEN.sub("", part) for part in re.split(f"[{BEGINNINGS}]", text)]
    return [part for part in parts if part[:1] in list(SIGNS)]


@given(texts)
@example("=1+1")
@example("'=1")
@example("\t=1")
@example("\t")
@example("'\t")
@example("\n=1")
@example("a;'=1\n'\"'-")
def test_the_apostrophes_can_be_taken_away_again(text: str) -> None:
    assert original(escape_formulas(text)) == text


@given(st.lists(messages, max_size=4))
def test_a_reader_gets_back_what_was_said(these: list[Message]) -> None:
    head, *found = rows(these)
    assert tuple(head) == COLUMNS
    assert [[number, *map(original, cells)] for number, *cells in found] == [
        [str(message.seq), message.timestamp, message.nickname, message.content, message.id or ""] for message in these
    ]


@given(messages)
def test_no_cell_is_a_formula(message: Message) -> None:
    """Behaviour 42."""
    for cell in rows([message])[1]:
        assert dangerous(cell) == []
        assert cell[:1] not in ("\t", "\r", "\n")


@given(messages)
def test_nothing_is_a_formula_where_a_semicolon_separates_and_quotes_are_not_understood(message: Message) -> None:
    text = exported(Format.CSV, [message]).decode("utf-8-sig")
    assert dangerous(text) == []


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("-2", "'-2"),
        ("+49 30 1234", "'+49 30 1234"),
        ("@Mara", "'@Mara"),
        ("＝1", "'＝1"),
        ("  =1", "'  =1"),
        ("\u200b=1", "'\u200b=1"),
        ("\ufeff\xa0=1", "'\ufeff\xa0=1"),
        ("\t=1", "'\t'=1"),
        ("\rHello", "'\rHello"),
        ("'=1", "''=1"),
        ("see;=1", "see;'=1"),
        ('say "=1"', 'say "\'=1"'),
        ("- one\n- two", "'- one\n'- two"),
        ("Hello", "Hello"),
        ("1 - 1 = 0", "1 - 1 = 0"),
        ("well, @Mara", "well, @Mara"),
        ("a\n\nb", "a\n\nb"),
        ("it's 'so'", "it's 'so'"),
        ("", ""),
    ],
)
def test_only_what_might_be_calculated_gets_an_apostrophe(text: str, safe: str) -> None:
    assert escape_formulas(text) == safe


def test_the_file_itself() -> None:
    """It has a mark for Excel, quotes for LibreOffice, standard line ends, and keeps line breaks in cells."""
    data = exported(Format.CSV, [make_message('one\ntwo; "three"', 7)])
    assert data == codecs.BOM_UTF8 + (
        b'"number","time","nickname","message","id"\r\n'
        b'7,"2025-11-25T11:00:00.000Z","Kit","one\ntwo; ""three""","id-7"\r\n'
    )


def test_an_endless_row_of_line_breaks_takes_no_endless_time() -> None:
    """Quadratic work on these would take minutes, and the suite's time limit with it."""
    for text in ("\n" * 200_000, " " * 200_000, ";" * 200_000, "'" * 200_000, "\n '" * 70_000):
        assert len(escape_formulas(text)) - len(text) in (0, 1)
