"""A search of all rooms: its newest hits room by room, and older ones of a room page after page."""

from dataclasses import dataclass, replace

from msgspec.structs import replace as changed

from chatdesk.client.changes import Change, SearchChanged
from chatdesk.client.search_days import with_own_days
from chatdesk.protocol import commands, events
from chatdesk.protocol.limits import QUERY_CHARS, SEARCH_PAGE

_EXCERPT_CHARS = 160
"""As long as those of the server."""
MAX_HITS = 5_000
"""Hits kept; a person refines the query long before."""


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What was found so far, room by room. ``error`` and ``note`` are sentences; ``busy``: an answer is pending.

    ``more_in`` are the rooms that have older hits, and ``further``: there are hits in rooms beside these.
    ``preparing``: the server has not indexed everything yet.
    """

    query: str = ""
    hits: tuple[events.Hit, ...] = ()
    more_in: frozenset[str] = frozenset()
    further: bool = False
    busy: bool = False
    error: str = ""
    note: str = ""
    preparing: bool = False

    @property
    def more(self) -> bool:
        """Whether the last room has older hits, which follow the last one here."""
        return bool(self.hits) and self.hits[-1].message.room in self.more_in


class SearchState:
    """Requests one page at a time, the next one after the answer. Only answers to what is ``wanted`` count."""

    def __init__(self) -> None:
        self.results = SearchResults()
        self.wanted: commands.Search | None = None
        """The request whose answer is wanted now, if any."""
        self._only_note = False

    def start(self, query: str) -> list[Change]:
        """Search for ``query``; an empty one ends the search."""
        query = query.strip()[:QUERY_CHARS]
        if query == self.results.query and self.results.busy:
            return []
        self.results = SearchResults(query, busy=bool(query))
        return self._request(commands.Search(with_own_days(query)) if query else None)

    def restart(self) -> list[Change]:
        """Search again: the log of a room was replaced."""
        query, self.results = self.results.query, SearchResults()
        return self.start(query) if query else []

    def load_more(self, room: str = "") -> list[Change]:
        """Search further back in a room; by default in the last one."""
        results = self.results
        room = room or (results.hits[-1].message.room if results.hits else "")
        if results.busy or room not in results.more_in:
            return []
        before = min(hit.message.seq for hit in results.hits if hit.message.room == room)
        self.results = replace(results, busy=True, error="")
        return self._request(commands.Search(with_own_days(results.query), room, before))

    def refresh(self) -> None:
        """Some time has passed: a server that was still indexing may have more now.

        If it had more anyway, only its note is requested.
        """
        results = self.results
        if results.preparing and self.wanted is None:
            only_note = bool(results.more_in) or len(results.hits) >= MAX_HITS
            self._request(commands.Search(with_own_days(results.query), limit=1 if only_note else SEARCH_PAGE))
            self._only_note = only_note

    def receive(self, answer: events.Search, asked: commands.Search) -> list[Change]:
        """Apply the answer to what was ``asked``; an answer to an earlier request changes nothing."""
        if answer.query != asked.query or not self._close(asked):
            return []
        results = replace(self.results, busy=False, error="", note=answer.note, preparing=answer.prepared < 100)
        if not self._only_note:
            results = _extended(results, answer, asked) if asked.before is not None else _found(results, answer)
        self.results = results
        return [SearchChanged()]

    def update(self, message: events.Message) -> list[Change]:
        """A message has changed: what was deleted is found no more, and what was edited shows its present beginning."""
        results = self.results
        place = next((place for place, hit in enumerate(results.hits) if _is_of(hit, message)), None)
        if place is None or results.hits[place].message.content == message.content:
            return []
        now = () if message.deleted else (events.Hit(message, [message.content[:_EXCERPT_CHARS]]),)
        self.results = replace(results, hits=(*results.hits[:place], *now, *results.hits[place + 1 :]))
        return [SearchChanged()]

    def fail(self, sentence: str, asked: commands.Search) -> list[Change]:
        """The server cannot answer."""
        if not self._close(asked):
            return []
        self.results = replace(self.results, busy=False, error=sentence)
        return [SearchChanged()]

    def _close(self, asked: commands.Search) -> bool:
        """The request is answered; return whether the answer is still wanted."""
        is_wanted = changed(asked, id=None) == self.wanted
        self.wanted = None if is_wanted else self.wanted
        return is_wanted

    def _request(self, wanted: commands.Search | None) -> list[Change]:
        self.wanted, self._only_note = wanted, False
        return [SearchChanged()]


def _is_of(hit: events.Hit, message: events.Message) -> bool:
    return (hit.message.room, hit.message.seq) == (message.room, message.seq)


def _found(results: SearchResults, answer: events.Search) -> SearchResults:
    """The newest hits. A server that searches one room only says so by its name."""
    more_in = frozenset([answer.room] if answer.room and answer.more else answer.more_in)
    hits = tuple(answer.hits[:SEARCH_PAGE])
    return replace(results, hits=hits, more_in=more_in, further=answer.more and not answer.room)


def _extended(results: SearchResults, answer: events.Search, asked: commands.Search) -> SearchResults:
    """Older hits of one room, behind those of it that are here."""
    room, before = asked.room or "", asked.before or 0
    older = [hit for hit in answer.hits[:SEARCH_PAGE] if hit.message.room == room and hit.message.seq < before]
    end = max(place for place, hit in enumerate(results.hits) if hit.message.room == room) + 1
    hits = (*results.hits[:end], *older, *results.hits[end:])
    more_in = results.more_in if answer.more and older and len(hits) < MAX_HITS else results.more_in - {room}
    return replace(results, hits=hits, more_in=more_in)
