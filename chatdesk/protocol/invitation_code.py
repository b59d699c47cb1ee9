"""How the code of an invitation is written, such as ``k7f-m2x-4rw``: short enough to be said across a room.

It has neither letters that look alike in small print (0 and o, 1 and l, 5 and s, 2 and z) nor vowels, which make words,
nor letters whose English names rhyme, as those of b, c, d, p, t and v do.
"""

import re

ALPHABET = "23456789fhkmrtwxy"
CHARS = 9
"""37 bits. With a guess a second from each of 250 addresses, and ten invitations open, one is found in two years."""
_GROUP = 3
_CODE = re.compile(rf"[{ALPHABET}]{{{CHARS}}}")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015_.]+")  # hyphens of every length: phones lengthen what is typed
_LINK = re.compile(r"(.*?)/?#invite=(.+)", re.DOTALL)


def written(letters: str) -> str:
    """Return the letters of a code in groups."""
    return "-".join(letters[at : at + _GROUP] for at in range(0, CHARS, _GROUP))


def normalized(text: str) -> str:
    """Return a code in the one spelling that counts."""
    return _SEPARATORS.sub("", text).casefold()


def looks_like_code(text: str) -> bool:
    """Whether this is written as a code is, in whatever case and with or without hyphens."""
    return _CODE.fullmatch(normalized(text)) is not None


def split_invitation(typed: str) -> tuple[str, str]:
    """Return the address that somebody has typed or pasted, and the code of an invitation, if there is one.

    It stands behind the address as in a link, ``#invite=k7f-m2x-4rw``, or as another word.
    """
    if link := _LINK.fullmatch(typed.strip()):
        return link[1], link[2]
    address, _, code = typed.strip().partition(" ")
    return (address, code.strip()) if looks_like_code(code) else (typed, "")
