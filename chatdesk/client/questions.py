"""Which pages of history have been asked for: one of each kind at a time, and an answer is known by its ``ref``."""

from typing import Literal

from msgspec.structs import replace

from chatdesk.protocol.commands import History

Kind = Literal["older", "newer", "jump"]


class Questions:
    """What is open at the server. The next of a kind waits for the answer to the one before, wanted or not."""

    def __init__(self) -> None:
        self._open: dict[Kind, str] = {}
        self._outdated: set[Kind] = set()
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
        """What this answers; None for what nobody wants to know any more."""
        kind = self._kind(ref)
        outdated = kind in self._outdated
        if kind:
            self._close(kind)
        return None if outdated else kind

    def refuse(self, ref: str) -> Kind | None:
        """The server does not answer now: nothing of its kind goes out until ``retry``. None for what is not open."""
        kind = self._kind(ref)
        if kind:
            self._refused.add(kind)
        return kind

    def retry(self) -> None:
        """Some time has passed: what was refused may be asked again."""
        for kind in list(self._refused):
            self._close(kind)

    def outdate(self, *kinds: Kind) -> None:
        """The answers that are on their way are of no use any more."""
        self._outdated.update(kind for kind in kinds if kind in self._open)

    def clear(self) -> None:
        """No answers will come."""
        for kind in list(self._open):
            self._close(kind)

    def _close(self, kind: Kind) -> None:
        del self._open[kind]
        self._outdated.discard(kind)
        self._refused.discard(kind)

    def _kind(self, ref: str) -> Kind | None:
        return next((kind for kind, asked in self._open.items() if asked == ref), None)
