"""Keeps track of the history pages that were requested: one of each kind at a time, answered by ``ref``."""

from typing import Literal

from msgspec.structs import replace

from chatdesk.protocol.commands import History

RequestKind = Literal["older", "newer", "jump"]


class PendingRequests:
    """The open requests.

    The next of a kind waits for the answer to the previous one, whether or not that is still wanted.
    """

    def __init__(self) -> None:
        self._refs: dict[RequestKind, str] = {}
        self._invalidated: set[RequestKind] = set()
        self._refused: set[RequestKind] = set()
        self._count = 0

    def open(self, kind: RequestKind, request: History) -> list[History]:
        """Return the request with a ``ref``, to be sent; return nothing while one of its kind is open."""
        if kind in self._refs:
            return []
        self._count += 1
        ref = self._refs[kind] = f"{kind} {self._count}"
        return [replace(request, id=ref)]

    def close(self, ref: str) -> RequestKind | None:
        """Return the kind of the request that ``ref`` answers; None if the answer is no longer wanted."""
        kind = self._kind(ref)
        invalidated = kind in self._invalidated
        if kind:
            self._close(kind)
        return None if invalidated else kind

    def refuse(self, ref: str) -> RequestKind | None:
        """The server does not answer now: nothing of its kind is sent until ``retry``; None if it is not open."""
        kind = self._kind(ref)
        if kind:
            self._refused.add(kind)
        return kind

    def retry(self) -> None:
        """Some time has passed: refused requests may be sent again."""
        for kind in list(self._refused):
            self._close(kind)

    def invalidate(self, *kinds: RequestKind) -> None:
        """The pending answers of these kinds are no longer wanted."""
        self._invalidated.update(kind for kind in kinds if kind in self._refs)

    def clear(self) -> None:
        """The connection is lost: no answers will come."""
        for kind in list(self._refs):
            self._close(kind)

    def _close(self, kind: RequestKind) -> None:
        del self._refs[kind]
        self._invalidated.discard(kind)
        self._refused.discard(kind)

    def _kind(self, ref: str) -> RequestKind | None:
        return next((kind for kind, open_ref in self._refs.items() if open_ref == ref), None)
