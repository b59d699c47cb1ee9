"""What people compare: the fingerprint of an authority's key, and four words made of it that can be read aloud.

The words come out of a slow hash (scrypt, RFC 7914). With 44 bits they are short enough to say, and to find a key with
the words of another one takes 2^44 keys with a twentieth of a second and 16 MB for each.
"""

import hashlib
from functools import cache, lru_cache

from mnemonic import Mnemonic

WORD_COUNT = 4
_WORD_BITS = 11
_SALT = b"chatdesk key words 1"


def fingerprint(public_key: bytes) -> str:
    """The SHA-256 of a public key (SubjectPublicKeyInfo in DER), in hexadecimal."""
    return hashlib.sha256(public_key).hexdigest()


@lru_cache(64)
def key_words(print_of_key: str) -> tuple[str, ...]:
    """The four words of a fingerprint."""
    digest = hashlib.scrypt(bytes.fromhex(print_of_key), salt=_SALT, n=1 << 14, r=8, p=1, dklen=8)
    number = int.from_bytes(digest)
    return tuple(word_list()[number >> _WORD_BITS * place & (1 << _WORD_BITS) - 1] for place in range(WORD_COUNT))


@cache
def word_list() -> list[str]:
    """The 2048 English words of BIP 39: each is known by its first four letters."""
    return Mnemonic("english").wordlist
