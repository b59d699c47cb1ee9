"""Public ids of identities."""

from functools import lru_cache
from hashlib import blake2b

_CACHED = 4_096
"""More people than talk in one evening; with their identities, half a megabyte."""
_BYTES = 8
"""Two of a million people have the same id with a probability of one to 36 million, and nobody can choose an id."""


class AuthorIds:
    """Turns an identity into its public id: with the same ``secret`` always the same, and no way back."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._cached = lru_cache(_CACHED)(self._hash)

    def __call__(self, identity: str) -> str:
        """Return the public id of an identity; for any thread."""
        return self._cached(identity)

    def _hash(self, identity: str) -> str:
        data = identity.encode(errors="surrogatepass")
        return blake2b(data, digest_size=_BYTES, key=self._secret, person=b"author").hexdigest()
