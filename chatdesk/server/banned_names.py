"""Names that nobody may have: those of the host's list, and those that are banned while the chat is open."""

from __future__ import annotations

from collections.abc import Iterable

from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.looks import candidate_keys
from chatdesk.protocol.names import clean_nickname, nickname_key
from chatdesk.server.alike_names import AlikeNames

_ANYTHING = "*"
_LEAST_LETTERS = 2
"""Of a part of names: two are a word in Chinese, and one letter is in half of all names."""
_TOO_SHORT = f"A part of names has {_LEAST_LETTERS} letters or more, as in *spam*."


class BannedNames:
    """The names of a list, and all that people could take for them; ``*word*`` is every name with this word in it."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_key: dict[str, str] = {}
        self._parts: dict[str, str] = {}
        """What a name may not contain, by how it was written."""
        self._alike = AlikeNames(self._by_key.get)
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Nobody may have it from now on."""
        key = nickname_key(name)
        if _ANYTHING not in name:
            self._by_key[key] = name
            self._alike.add(name)
        elif part := _letters(name):
            self._parts[key] = part

    def discard(self, name: str) -> None:
        """It may be had again."""
        key = nickname_key(name)
        self._parts.pop(key, None)
        if key in self._by_key:
            self._alike.discard(self._by_key[key])
            del self._by_key[key]

    def __contains__(self, nickname: str) -> bool:
        if not (self._by_key or self._parts):
            return False
        drawn = {key.replace(" ", "") for key in candidate_keys(nickname)}
        return any(self._alike.find(nickname)) or any(part in text for part in self._parts.values() for text in drawn)


def clean_banned_name(text: str) -> str:
    """Return a name, or ``*part*`` of names, in its cleaned spelling. Raises ProtocolError for what can be neither."""
    name = clean_nickname(text.replace(_ANYTHING, ""))
    if _ANYTHING not in text:
        return name
    if len(_letters(name)) < _LEAST_LETTERS:
        raise ProtocolError(ErrorCode.BAD_NICKNAME, _TOO_SHORT)
    return f"{_ANYTHING}{name}{_ANYTHING}"


def _letters(name: str) -> str:
    return nickname_key(name.replace(_ANYTHING, "")).replace(" ", "")
