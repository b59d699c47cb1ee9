"""Names that the host lets nobody have."""

from __future__ import annotations

from collections.abc import Iterable

from chatdesk.protocol.looks import candidate_keys
from chatdesk.protocol.names import nickname_key
from chatdesk.server.alike_names import AlikeNames

_ANYTHING = "*"


class BannedNames:
    """The names of a list, and all that people could take for them; ``*word*`` is every name with this word in it."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        names = tuple(names)
        self._by_key = {nickname_key(name): name for name in names if _ANYTHING not in name}
        self._alike = AlikeNames(self._by_key.get)
        for name in self._by_key.values():
            self._alike.add(name)
        parts = (nickname_key(name.replace(_ANYTHING, "")).replace(" ", "") for name in names if _ANYTHING in name)
        self._parts = list(filter(None, parts))

    def __contains__(self, nickname: str) -> bool:
        if not (self._by_key or self._parts):
            return False
        drawn = {key.replace(" ", "") for key in candidate_keys(nickname)}
        return any(self._alike.find(nickname)) or any(part in text for part in self._parts for text in drawn)
