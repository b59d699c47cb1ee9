"""Finds names that people could take for each other, among thousands that come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chatdesk.protocol.looks import alike, candidate_keys, is_plain, looks


class AlikeNames:
    """Names of people or rooms; ``name_of`` knows those that are there by their key.

    Most are found by their keys alone. Only names that are drawn like others with another key are indexed besides.
    """

    def __init__(self, name_of: Callable[[str], str | None]) -> None:
        self._name_of = name_of
        self._by_look: dict[str, set[str]] = {}

    def add(self, name: str) -> None:
        """A name is there."""
        if not is_plain(name):
            for look in looks(name):
                self._by_look.setdefault(look, set()).add(name)

    def discard(self, name: str) -> None:
        """A name is gone."""
        if not is_plain(name):
            for look in looks(name):
                names = self._by_look.get(look, set())
                names.discard(name)
                if not names:
                    self._by_look.pop(look, None)

    def find(self, name: str) -> Iterator[str]:
        """The names that are there and could be taken for this one."""
        for key in candidate_keys(name):
            known = self._name_of(key)
            if known is not None and alike(known, name):
                yield known
        if self._by_look:
            for look in looks(name):
                yield from self._by_look.get(look, ())
