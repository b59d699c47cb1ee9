"""Messages as search hits."""

from collections.abc import Sequence

from chatdesk.client.search import SearchResults
from chatdesk.desktop.models.search_hits import SearchHitsModel
from chatdesk.protocol.events import Hit, Message


def hit(
    seq: int,
    parts: Sequence[str] = ("on ", "bench", " 4"),
    nickname: str = "Kit",
    at: str = "2026-11-20T10:24:00Z",
    room: str = "lobby",
) -> Hit:
    return Hit(Message(nickname, "".join(parts), at, room, seq), list(parts))


def show_hits(model: SearchHitsModel, query: str, hits: Sequence[Hit], *more_in: str) -> None:
    """Fill the model with what was found, as seen from the lobby."""
    model.set_results(SearchResults(query, tuple(hits), frozenset(more_in)), str, "lobby")
