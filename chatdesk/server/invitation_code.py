"""The code of an invitation, such as ``k7f-m2x-4rw``: short enough to be said across a room, and not to be guessed.

It has neither letters that look alike in small print (0 and o, 1 and l, 5 and s, 2 and z) nor vowels, which make words,
nor letters whose English names rhyme, as those of b, c, d, p, t and v do.
"""

import hashlib
import hmac
import re
import secrets

_ALPHABET = "23456789fhkmrtwxy"
_CHARS = 9
"""37 bits. With a guess a second from each of 250 addresses, and ten invitations open, one is found in two years."""
_GROUP = 3
_CODE = re.compile(rf"[{_ALPHABET}]{{{_CHARS}}}")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015_.]+")  # hyphens of every length: phones lengthen what is typed


def new_code() -> str:
    """Return a new random code."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_CHARS))
    return "-".join(letters[at : at + _GROUP] for at in range(0, _CHARS, _GROUP))


def looks_like_code(text: str) -> bool:
    """Whether this is written as a code is, in whatever case and with or without hyphens."""
    return _CODE.fullmatch(_normalized(text)) is not None


def digest(code: str, secret: bytes) -> str:
    """Return the keyed digest of a code, however it is spelt; of anything else, too, which takes as long."""
    message = b"invitation\0" + _normalized(code).encode("utf-8", "surrogatepass")
    return hmac.new(secret, message, hashlib.sha256).hexdigest()


def _normalized(text: str) -> str:
    return _SEPARATORS.sub("", text).casefold()
