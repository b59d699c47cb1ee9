"""How names look: what is drawn alike has the same shape, by Unicode's confusables (UTS #39, section 4)."""

import re
from functools import cache, lru_cache
from unicodedata import bidirectional, normalize

from chatdesk.protocol.confusables import table

_INVISIBLE = re.compile("[\u200c\u200d\ufe0f]")
"""Joiners and the variation selector: the only invisible characters that a name may have."""
_SEPARATORS = re.compile(r"[\s._\u2010-\u2015\u2212-]+")
# What Unicode's list leaves out: a dot above i is not seen, two v look like w. It draws m like rn; here it is the other
# way round, so that lists in the order of keys have Mara among the names with M.
_DOTTED = re.compile("([ijIJ])\u0307")
_PAIRS = (("rn", "m"), ("vv", "w"), ("VV", "W"))
_ROUNDS = 4
"""After two, hardly a key changes any more."""
_REMEMBERED = 256
"""Names whose answers are kept: one join asks several times for the same name, and many join at once."""
_PLAIN = re.compile("[\0-HJ-{}~]*")
"""Of ASCII all but I and the bar, which are drawn like the letter l."""


@lru_cache(_REMEMBERED)
def shape(text: str) -> str:
    """Return the skeleton of a text: equal for texts that are drawn alike, upper and lower case apart."""
    if text.isascii():
        return _in_pairs(_SEPARATORS.sub(" ", text).strip().translate(_ascii_shapes()))
    spaced = _DOTTED.sub(r"\1", _SEPARATORS.sub(" ", _INVISIBLE.sub("", normalize("NFKD", text))))
    drawn = _in_pairs(normalize("NFKD", spaced.translate(table())))
    return _in_one_order(_SEPARATORS.sub(" ", drawn).strip())


def _in_pairs(drawn: str) -> str:
    for pair, letter in _PAIRS:
        drawn = drawn.replace(pair, letter)
    return drawn


@cache
def _ascii_shapes() -> dict[int, str]:
    return {code: normalize("NFKD", drawn) for code in range(128) if (drawn := table().get(code))}


@lru_cache(_REMEMBERED)
def key(text: str) -> str:
    """Return the shape of a text without regard to upper and lower case."""
    return _ascii_key(text) if text.isascii() else _key_of_any(text)


def _ascii_key(text: str) -> str:
    """The same, a fifth of the work: a client sorts pages of thousands of names by their keys."""
    return _in_pairs(_SEPARATORS.sub(" ", text.lower()).strip().translate(_ascii_keys()))


@cache
def _ascii_keys() -> dict[int, str]:
    return {ord(char): drawn for char in map(chr, range(33, 127)) if (drawn := _key_of_any(char)) not in ("", char)}


def _key_of_any(text: str) -> str:
    """The key of a text.

    What a letter is drawn like may be a capital, and its small letter may have a shape of its own: so there are rounds.
    """
    for _ in range(_ROUNDS):
        text, before = shape(normalize("NFKD", text).casefold()).casefold(), text
        if text == before:
            break
    return text


@lru_cache(_REMEMBERED)
def looks(name: str) -> frozenset[str]:
    """Return how a name may look: by its key, as it is written, and in capitals.

    Two names with a look in common cannot be told apart: ``PauI`` is drawn like ``Paul``, and ``ВОВ`` like ``BOB``,
    although their small letters differ.
    """
    return frozenset((key(name), f"={shape(name)}", f"={shape(name.upper())}"))


def alike(one: str, other: str) -> bool:
    """Return whether people could take one name for the other."""
    return not looks(one).isdisjoint(looks(other))


def is_plain(name: str) -> bool:
    """Return whether all names alike are found by ``candidate_keys``; those like others have to be found by ``looks``.

    That is so for most names, which therefore take no memory besides their key.
    """
    return _PLAIN.fullmatch(name) is not None and not ("i" in name and "1" in name)


@lru_cache(_REMEMBERED)
def candidate_keys(name: str) -> frozenset[str]:
    """Return the keys of all plain names that may be alike to this one; ``alike`` tells whether they are."""
    drawn = (shape(name), shape(name.upper()))
    texts = (name, *drawn, *(text.replace("l", "I") for text in drawn))
    return frozenset(map(key, {text.lower() for text in texts} if name.isascii() else texts))


def _in_one_order(text: str) -> str:
    """Words of both writing directions in one order: which of them is drawn first depends on the first of them."""
    if text.isascii():
        return text
    directions = {bidirectional(char) for char in text}
    mixed = "L" in directions and not directions.isdisjoint(("R", "AL"))
    return " ".join(sorted(text.split(" "))) if mixed else text
