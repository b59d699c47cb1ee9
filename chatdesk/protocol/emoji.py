"""Unicode's emoji: names, categories and keywords for pickers and completion, and the one form of each for reactions.

The list, its official forms and short names come from the library ``emoji``; order and keywords from the data of
``em-keyboard``. Both are loaded at the first question, not when this module is imported: that would slow every start.
"""

import json
from functools import cache
from importlib import import_module, resources
from typing import Any, NamedTuple

import msgspec

SKIN_TONES = ("", "\U0001f3fb", "\U0001f3fc", "\U0001f3fd", "\U0001f3fe", "\U0001f3ff")
"""Unicode's modifiers from none (yellow) over light to dark."""
FEW = 3
"""So many emoji alone in a message are drawn large."""

_CATEGORIES = (
    ("Faces", "😀"),
    ("People", "👋"),
    ("Nature", "🐵"),
    ("Food", "🍇"),
    ("Activities", "🎃"),
    ("Travel", "🌍"),
    ("Objects", "👓"),
    ("Symbols", "🏧"),
    ("Flags", "🏁"),
)
"""Categories as pickers show them, and the emoji with which each begins in Unicode's order."""
_EMOJI_STYLE = "\ufe0f"
_FULLY_QUALIFIED = 2
"""The library's status of the recommended form; components, such as a skin tone alone, have a smaller one."""
_LONGEST = 40
"""More characters than a few emoji have, even families and flags."""


class Emoji(NamedTuple):
    """An emoji without skin tone, as a picker offers it."""

    text: str
    name: str
    """Unicode's name in words, such as ``smiling face with smiling eyes``."""
    short_names: tuple[str, ...]
    """What people type between colons, such as ``blush``; the first is the one to show."""
    keywords: tuple[str, ...]
    toned: bool
    """Whether it comes in ``SKIN_TONES``."""


class Category(NamedTuple):
    """Emoji that belong together, in Unicode's order."""

    name: str
    emoji: tuple[Emoji, ...]


@cache
def categories() -> tuple[Category, ...]:
    """Return all emoji, without their variants in other skin tones, by category."""
    found = [_described(text, *words) for text, words in _keywords().items() if normalise(text) == text]
    place = {emoji.text: number for number, emoji in enumerate(found)}
    starts = sorted(place[first] for _, first in _CATEGORIES)
    ends = dict(zip(starts, [*starts[1:], len(found)], strict=True))
    return tuple(Category(name, tuple(found[place[first] : ends[place[first]]])) for name, first in _CATEGORIES)


def by_short_name(name: str) -> str | None:
    """Return the emoji that is called so between colons, in any case; None if none is."""
    return _short_names().get(name.casefold())


def find(text: str) -> Emoji | None:
    """Return what is known of an emoji, perhaps in a skin tone, which it then keeps; None if it is none."""
    form = normalise(text)
    plain = normalise("".join(char for char in text if char not in SKIN_TONES[1:]))
    entry = _by_text().get(plain or "")
    return entry._replace(text=form, toned=entry.toned and form == plain) if entry and form else None


def search(query: str) -> list[Emoji]:
    """Return the emoji that have words beginning with each word of the query, by category."""
    words = query.casefold().replace("_", " ").replace(":", " ").split()
    return [emoji for category in categories() for emoji in category.emoji if words and _matches(emoji, words)]


def completions(start: str, limit: int) -> list[tuple[str, Emoji]]:
    """Return the emoji whose short names begin with ``start``, each with that name; shown names come first."""
    start = start.casefold()
    everything = [emoji for category in categories() for emoji in category.emoji]
    shown = [(emoji.short_names[0], emoji) for emoji in everything if emoji.short_names[0].startswith(start)]
    others = [
        (name, emoji)
        for emoji in everything
        if not emoji.short_names[0].startswith(start)
        for name in [name for name in emoji.short_names if name.startswith(start)][:1]
    ]
    return (shown + others)[:limit]


def as_json() -> bytes:
    """Return all categories for a client of another language: the fields of each ``Category`` as an array."""
    return msgspec.json.encode(categories())


def normalise(text: str) -> str | None:
    """Return the one form of an emoji of Unicode's list; None for anything that is not exactly one.

    A heart with and without the variation selector is one emoji; skin tones stay, since they are different emoji.
    """
    return _forms().get(text.replace(_EMOJI_STYLE, "")) if text and len(text) <= _LONGEST else None


def with_tone(text: str, tone: int) -> str:
    """Return the emoji in the skin tone of this number in ``SKIN_TONES``, or as it is if it has none.

    The tone stands behind the first character. Couples, who have one for each person, stay yellow.
    """
    return normalise(text[0] + SKIN_TONES[tone] + text[1:].removeprefix(_EMOJI_STYLE)) or text


def is_few_emoji(text: str) -> bool:
    """Return whether a message is nothing but one to three emoji, perhaps with white space between them."""
    if len(text) > FEW * _LONGEST or text.isascii() or any(char.isalpha() for char in text):
        return False  # at once for nearly every message, without loading the list
    text = text.replace(_EMOJI_STYLE, "")
    found = import_module("emoji").emoji_list(text)
    covered = sum(entry["match_end"] - entry["match_start"] for entry in found)
    return 1 <= len(found) <= FEW and covered == sum(not char.isspace() for char in text)


@cache
def _data() -> dict[str, dict[str, Any]]:
    data: dict[str, dict[str, Any]] = import_module("emoji").EMOJI_DATA
    return data


def _matches(emoji: Emoji, words: list[str]) -> bool:
    haystack = f" {emoji.name} {' '.join((*emoji.short_names, *emoji.keywords))}".casefold().replace("_", " ")
    return all(f" {word}" in haystack for word in words)


@cache
def _keywords() -> dict[str, list[str]]:
    """The keywords of all emoji without skin tones, in Unicode's order."""
    words: dict[str, list[str]] = json.loads(resources.files("em").joinpath("emojis.json").read_bytes())
    return words


@cache
def _forms() -> dict[str, str]:
    """The recommended form of each emoji by its text without variation selectors."""
    return {
        text.replace(_EMOJI_STYLE, ""): text for text, entry in _data().items() if entry["status"] == _FULLY_QUALIFIED
    }


@cache
def _by_text() -> dict[str, Emoji]:
    return {entry.text: entry for category in categories() for entry in category.emoji}


@cache
def _short_names() -> dict[str, str]:
    return {
        name.casefold(): text
        for text, entry in reversed(_data().items())
        if entry["status"] == _FULLY_QUALIFIED
        for name in _names_of(entry)
    }


def _names_of(entry: dict[str, Any]) -> tuple[str, ...]:
    """The short names of an emoji: the shorter one of its official name and its first alias comes first."""
    official = entry["en"].strip(":").casefold()
    aliases = [alias.strip(":").casefold() for alias in entry.get("alias", ())]
    names = [*aliases[:1], official] if aliases and len(aliases[0]) < len(official) else [official, *aliases[:1]]
    return tuple(dict.fromkeys((*names, *aliases[1:])))


def _described(text: str, name: str, *keywords: str) -> Emoji:
    words = tuple(word for word in keywords if len(word) > 1)
    return Emoji(text, name.replace("_", " "), _names_of(_data()[text]), words, with_tone(text, 1) != text)
