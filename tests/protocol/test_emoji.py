"""Emoji: one form of each, names and categories for pickers, and what is few enough to be large."""

import subprocess
import sys

import msgspec
import pytest

from chatdesk.protocol import emoji
from chatdesk.protocol.emoji import Category


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("❤", "❤️"),
        ("❤️", "❤️"),
        ("👍️", "👍"),
        ("👍🏽", "👍🏽"),
        ("✌🏽", "✌🏽"),
        ("🏴‍☠", "🏴‍☠️"),
        ("1⃣", "1️⃣"),
        ("🇩🇪", "🇩🇪"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
    ],
)
def test_an_emoji_has_one_form_and_tones_stay_apart(text: str, form: str) -> None:
    """Behaviour 5: a heart is one pill with and without its selector; skin tones are different."""
    assert emoji.normalise(text) == form
    assert emoji.normalise(form) == form


@pytest.mark.parametrize("text", ["", "a", "1", "#", "👍👍", "👍 ", ":robot:", "🏽", "🇩", "❤︎", "\ufe0f", "👍" * 20_000])
def test_what_is_not_exactly_one_emoji_has_none(text: str) -> None:
    """Behaviour 5."""
    assert emoji.normalise(text) is None


def test_every_emoji_of_unicode_is_its_own_form_and_stands_in_one_category() -> None:
    listed = [entry for category in emoji.categories() for entry in category.emoji]
    texts = [entry.text for entry in listed]
    assert len(set(texts)) == len(texts) > 1900
    assert all(emoji.normalise(text) == text for text in texts)
    assert all(emoji.by_short_name(name) for entry in listed for name in entry.short_names)
    sizes = {category.name: len(category.emoji) for category in emoji.categories()}
    assert list(sizes) == [
        *("Faces", "People", "Nature", "Food", "Activities", "Travel", "Objects", "Symbols", "Flags"),
    ]
    assert min(sizes.values()) > 50


def test_the_words_for_an_emoji_are_those_that_people_know() -> None:
    [blush] = [entry for category in emoji.categories() for entry in category.emoji if entry.text == "😊"]
    assert (blush.name, blush.short_names[0]) == ("smiling face with smiling eyes", "blush")
    assert {emoji.by_short_name(name) for name in ("Robot", "robot_face")} == {"🤖"}
    assert emoji.by_short_name("+1") == "👍"
    assert emoji.by_short_name("no_such_emoji") is None


def test_a_search_finds_beginnings_of_words_and_completion_those_of_names() -> None:
    assert [entry.text for entry in emoji.search("smiling EYES")][:2] == ["😃", "😄"]
    assert "🔧" in {entry.text for entry in emoji.search("tool")}
    assert emoji.search("crimping plier") == emoji.search(" ") == []
    completed = emoji.completions("ro", 30)
    assert ("robot", "🤖") in [(name, entry.text) for name, entry in completed]
    assert all(name.startswith("ro") for name, _ in completed)
    assert [(name, entry.text) for name, entry in emoji.completions("+", 5)] == [("+1", "👍")]


def test_an_emoji_is_found_in_its_tone() -> None:
    found = emoji.find("👍🏽")
    assert found is not None
    assert (found.text, found.short_names[0], found.toned) == ("👍🏽", "thumbsup", False)
    assert [entry and entry.text for entry in map(emoji.find, ("❤", "🧑🏽‍🚀", "x"))] == ["❤️", "🧑🏽‍🚀", None]


def test_a_tone_is_given_to_what_has_one() -> None:
    assert [emoji.with_tone("👍", tone) for tone in (0, 3)] == ["👍", "👍🏽"]
    assert emoji.with_tone("✌️", 5) == "✌🏿"
    assert emoji.with_tone("🤖", 5) == "🤖"
    toned = {entry.text for category in emoji.categories() for entry in category.emoji if entry.toned}
    assert {"👍", "🧑‍🚀"} <= toned
    assert not {"😀", "🤖", "❤️"} & toned


@pytest.mark.parametrize("text", ["👍", "❤", "👍️", " 👍🏽 🎉 ", "👨‍👩‍👧\n🇩🇪 1️⃣"])
def test_one_to_three_emoji_alone_are_large(text: str) -> None:
    assert emoji.is_few_emoji(text)


@pytest.mark.parametrize("text", ["", " ", "123", "a", "👍!", "ok 👍", "👍👍👍👍", "★", "©2026", "👍" * 8000])
def test_other_text_is_not(text: str) -> None:
    assert not emoji.is_few_emoji(text)


def test_the_page_gets_the_same_data() -> None:
    assert tuple(msgspec.json.decode(emoji.as_json(), type=tuple[Category, ...])) == emoji.categories()


def test_neither_starting_nor_an_ordinary_message_loads_the_list() -> None:
    code = (
        "import sys, chatdesk.protocol.emoji as emoji; emoji.is_few_emoji('Hello, how are you?');"
        "print('emoji' in sys.modules)"
    )
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout == "False\n"
