"""Which pages of history have been asked for: one of each kind at a time, and an answer is known by its ``ref``."""

from typing import Literal

from msgspec.structs import replace

from chatdesk.protocol.commands import History

Kind = Literal["older", "newer", "jump"]


class Questions:
    """What is open at the server. An answer to what was forgotten is nobody's."""

    def __init__(self) -> None:
        self._open: dict[Kind, str] = {}
        self._refused: set[Kind] = set()
        self._count = 0

    def ask(self, kind: Kind, question: History) -> list[History]:
        """The question as it goes out; nothing while one of its kind is open."""
        if kind in self._open:
            return []
        self._count += 1
        ref = self._open[kind] = f"{kind} {self._count}"
        return [replace(question, ref=ref)]

    def answered(self, ref: str) -> Kind | None:
        """What this answers; None for what was forgotten."""
        kind = self._kind(ref)
        if kind:
            self.forget(kind)
        return kind

    def refuse(self, ref: str) -> Kind | None:
        """The server does not answer now: the question stays open until ``retry``. None for what is not open."""
        kind = self._kind(ref)
        if kind:
            self._refused.add(kind)
        return kind

    def retry(self) -> None:
        """Some time has passed: what was refused may be asked again."""
        for kind in list(self._refused):
            self.forget(kind)

    def forget(self, *kinds: Kind) -> None:
        """Wait no longer for an answer."""
        for kind in kinds:
            self._open.pop(kind, None)
            self._refused.discard(kind)

    def _kind(self, ref: str) -> Kind | None:
        return next((kind for kind, asked in self._open.items() if asked == ref), None)
