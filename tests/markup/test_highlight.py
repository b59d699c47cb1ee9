"""Code is coloured if its language is named and known, and never for long."""

import pytest

from chatdesk.markup import highlight
from chatdesk.markup.highlight import Highlighter


def parts(code: str, language: str) -> list[tuple[str, str]]:
    """What is coloured, with its kind."""
    found, end = [], 0
    for length, kind in Highlighter().spans(code, language):
        if kind:
            found.append((code[end : end + length], kind))
        end += length
    return found


def test_the_parts_of_code_have_kinds() -> None:
    assert parts('if x: # why\n    say("é😀", 7)', "Python") == [
        ("if", "keyword"),
        ("# why", "comment"),
        ('"é😀"', "string"),
        ("7", "number"),
    ]
    assert parts("digitalWrite(7, HIGH);", "ino") == [("7", "number"), ("HIGH", "keyword")]
    assert parts('<b class="x">&amp;</b>', "html") == [("b", "keyword"), ('"x"', "string"), ("b", "keyword")]


@pytest.mark.parametrize("language", ["", "unknown", "text", "../c"])
def test_other_languages_have_no_colours(language: str) -> None:
    assert Highlighter().spans("if x: pass", language) == ()


def test_code_that_is_too_long_has_no_colours() -> None:
    assert Highlighter().spans("if x: pass\n" * 1_800, "py")
    assert Highlighter().spans("if x: pass\n" * 1_900, "py") == ()
    assert Highlighter().spans("x = " + "1" * 500, "py") == ()


def test_colours_end_where_the_time_of_the_message_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlight, "BUDGET_SECONDS", 0.001)
    highlighter = Highlighter()
    code = "x = 1\n" * 1_000
    first = highlighter.spans(code, "py")
    assert 0 < sum(length for length, _ in first) < len(code)
    assert highlighter.spans(code, "py") == ()


@pytest.mark.parametrize("language", sorted(highlight.LANGUAGES))
def test_every_language_has_rules(language: str) -> None:
    assert sum(length for length, _ in Highlighter().spans("1 + /* a */ 'b' -- c\n", language)) <= 21
