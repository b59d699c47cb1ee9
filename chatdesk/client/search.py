"""The search of a room: requests page after page, newest hits first, and holds the results."""

from dataclasses import dataclass, replace

from msgspec.structs import replace as changed

from chatdesk.client.changes import Change, SearchChanged
from chatdesk.protocol import commands, events
from chatdesk.protocol.limits import QUERY_CHARS, SEARCH_PAGE

MAX_HITS = 5_000
"""Hits kept; a person refines the query long before."""


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What was found so far. ``error`` and ``note`` are sentences; ``busy``: an answer is pending.

    ``preparing``: the server has not indexed everything yet.
    """

    query: str = ""
    hits: tuple[events.Hit, ...] = ()
    more: bool = False
    busy: bool = False
    error: str = ""
    note: str = ""
    preparing: bool = False


class SearchState:
    """Requests one page at a time, the next one after the answer. Only answers to what is ``wanted`` count."""

    def __init__(self) -> None:
        self.results = SearchResults()
        self._before: int | None = None
        self._is_due = False
        self._only_note = False

    @property
    def wanted(self) -> commands.Search | None:
        """The request whose answer is wanted now, if any."""
        if not self._is_due:
            return None
        return commands.Search(self.results.query, before=self._before, limit=1 if self._only_note else SEARCH_PAGE)

    def start(self, query: str) -> list[Change]:
        """Search for ``query``; an empty one ends the search."""
        query = query.strip()[:QUERY_CHARS]
        if query == self.results.query and self.results.busy:
            return []
        return self._set_request(SearchResults(query, busy=bool(query)), None)

    def restart(self) -> list[Change]:
        """Search again: the room's log was replaced."""
        return self._set_request(SearchResults(self.results.query, busy=True), None) if self.results.query else []

    def load_more(self) -> list[Change]:
        """Search further back."""
        results = self.results
        if results.busy or not results.more or not results.hits:
            return []
        return self._set_request(replace(results, busy=True, error=""), results.hits[-1].message.seq)

    def refresh(self) -> None:
        """Some time has passed: a server that was still indexing may have more now.

        New hits are requested only if there were no more before; otherwise only the note is.
        """
        results = self.results
        if results.preparing and not self._is_due:
            self._is_due, self._only_note = True, results.more or len(results.hits) >= MAX_HITS
            self._before = results.hits[-1].message.seq if results.hits else None

    def receive(self, answer: events.Search, asked: commands.Search) -> list[Change]:
        """Apply the answer to what was ``asked``; an answer to an earlier request changes nothing."""
        if answer.query != asked.query or not self._close(asked):
            return []
        results, before = self.results, self._before
        state = replace(results, busy=False, error="", note=answer.note, preparing=answer.prepared < 100)
        if self._only_note:
            self.results = state
            return [SearchChanged()]
        hits = [hit for hit in answer.hits[:SEARCH_PAGE] if before is None or hit.message.seq < before]
        kept = (*results.hits, *hits)
        more = answer.more and bool(hits) and len(kept) < MAX_HITS
        self.results = replace(state, hits=kept, more=more)
        return [SearchChanged()]

    def fail(self, sentence: str, asked: commands.Search) -> list[Change]:
        """The server cannot answer."""
        if not self._close(asked):
            return []
        self.results = replace(self.results, busy=False, error=sentence)
        return [SearchChanged()]

    def _close(self, asked: commands.Search) -> bool:
        """The request is answered; return whether the answer is still wanted."""
        wanted = changed(asked, id=None, room=None) == self.wanted
        self._is_due = self._is_due and not wanted
        return wanted

    def _set_request(self, results: SearchResults, before: int | None) -> list[Change]:
        self.results, self._before, self._is_due, self._only_note = results, before, results.busy, False
        return [SearchChanged()]
