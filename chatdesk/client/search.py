"""What a person searches for in the room, and what was found: page by page, newest first."""

from dataclasses import dataclass, replace

from chatdesk.client.changes import Change, Searched
from chatdesk.protocol import commands, events
from chatdesk.protocol.limits import QUERY_CHARS, SEARCH_PAGE

MAX_HITS = 5_000
"""Hits kept; after so many, a person asks for something else."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is known so far. ``error`` and ``note`` are sentences; ``busy``: an answer is on its way.

    ``preparing``: the server cannot search everything yet.
    """

    query: str = ""
    hits: tuple[events.Hit, ...] = ()
    more: bool = False
    busy: bool = False
    error: str = ""
    note: str = ""
    preparing: bool = False


class Search:
    """Asks for one page at a time, the next once the one before has come. Only what answers the newest counts."""

    def __init__(self) -> None:
        self.found = Found()
        self._before: int | None = None
        self._due = False
        self._only_note = False
        self._open: commands.Search | None = None
        self._refused = False

    @property
    def _wanted(self) -> commands.Search:
        limit = 1 if self._only_note else SEARCH_PAGE
        return commands.Search(self.found.query, before=self._before, limit=limit)

    def begin(self, query: str) -> list[Change]:
        """Search for something else; for nothing, when it is empty."""
        query = query.strip()[:QUERY_CHARS]
        if query == self.found.query and self.found.busy:
            return []
        return self._want(Found(query, busy=bool(query)), None)

    def again(self) -> list[Change]:
        """Search again: the room is another one."""
        return self._want(Found(self.found.query, busy=True), None) if self.found.query else []

    def more(self) -> list[Change]:
        """Search further back."""
        found = self.found
        if found.busy or not found.more or not found.hits:
            return []
        return self._want(replace(found, busy=True, error=""), found.hits[-1].message.seq)

    def look_again(self) -> None:
        """Some time has passed: a server that was still preparing may be further by now.

        Nobody has asked for more hits than there are; only where these were all, those beyond are of interest.
        """
        found = self.found
        if found.preparing and not self._due:
            self._due, self._only_note = True, found.more or len(found.hits) >= MAX_HITS
            self._before = found.hits[-1].message.seq if found.hits else None

    def take_request(self) -> commands.Search | None:
        """What to ask the server for now."""
        if self._open or not self._due:
            return None
        self._open = self._wanted
        return self._open

    def receive(self, answer: events.Search) -> list[Change]:
        """Take in an answer; one to an earlier question changes nothing."""
        if not self._close() or answer.query != self.found.query:
            return []
        found, before = self.found, self._before
        state = replace(found, busy=False, error="", note=answer.note, preparing=answer.prepared < 100)
        if self._only_note:
            self.found = state
            return [Searched()]
        hits = [hit for hit in answer.hits[:SEARCH_PAGE] if before is None or hit.message.seq < before]
        kept = (*found.hits, *hits)
        more = answer.more and bool(hits) and len(kept) < MAX_HITS
        self.found = replace(state, hits=kept, more=more)
        return [Searched()]

    def fail(self, sentence: str) -> list[Change]:
        """The server cannot answer."""
        if not self._close():
            return []
        self.found = replace(self.found, busy=False, error=sentence)
        return [Searched()]

    def refuse(self) -> None:
        """The question came too fast: it may be asked once more after ``retry``."""
        self._refused = True

    def retry(self) -> None:
        """Some time has passed."""
        if self._refused:
            self.disconnected()

    def disconnected(self) -> None:
        """The connection has gone, and with it the answer."""
        self._open, self._refused = None, False

    def _close(self) -> bool:
        """The open question has got its answer; whether that was still wanted."""
        wanted = self._due and self._open == self._wanted
        self.disconnected()
        self._due = self._due and not wanted
        return wanted

    def _want(self, found: Found, before: int | None) -> list[Change]:
        self.found, self._before, self._due, self._only_note = found, before, found.busy, False
        return [Searched()]
