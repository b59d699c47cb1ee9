"""The trees of messages, encoded: made when somebody first needs them, and kept while others do."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from chatdesk.log.room_log import Record
from chatdesk.markup.parse import has_marks, parse
from chatdesk.protocol import codec
from chatdesk.protocol.markup import Block, Emphasis, Paragraph
from chatdesk.protocol.text import isolated

_KEPT_BYTES = 8 * 1024 * 1024
"""All that is kept: some thousand messages, or the longest history page with the densest marks twice."""
_ENTRY_BYTES = 200
"""What an entry takes besides its text and body, about."""
_AT_ONCE_CHARS = 2_000
"""More text is parsed in a thread: it could hold the loop for longer than anybody should wait for others."""


class Bodies:
    """The bodies of the records of all rooms, of which the latest that were needed are kept."""

    def __init__(self, kept_bytes: int = _KEPT_BYTES) -> None:
        self._limit = kept_bytes
        self._size = 0
        self._kept: dict[tuple[str, int], tuple[int, str, bytes]] = {}
        """Change, content and body for a room's name and a record's number, in the order in which they were made."""

    def of(self, room: str, record: Record) -> bytes:
        """Return the encoded body of a record; empty if its text has no marks."""
        kept = self._kept.get((room, record.seq))
        if kept and kept[1] == record.content:
            return kept[2]
        if _may_have_tree(record):
            return self._keep(room, record, record.content, _body(record))
        return self._keep(room, record, "", b"") if kept or record.is_update else b""

    def forget(self, room: str) -> None:
        """Keep nothing of a room: its log has begun another epoch."""
        for key in [key for key in self._kept if key[0] == room]:
            self._drop(key)

    async def prepare(self, room: str, records: Sequence[Record]) -> None:
        """Make the bodies of many records, so that `of` answers at once: in a thread if it may take long."""
        new = [record for record in records if _may_have_tree(record) and not self._has(room, record)]
        if sum(len(record.content) for record in new) > _AT_ONCE_CHARS:
            bodies = await asyncio.to_thread(lambda: [_body(record) for record in new])
            for record, body in zip(new, bodies, strict=True):
                self._keep(room, record, record.content, body)

    def _has(self, room: str, record: Record) -> bool:
        return self._kept.get((room, record.seq), (0, "", b""))[1] == record.content

    def _keep(self, room: str, record: Record, content: str, body: bytes) -> bytes:
        """Keep a body in place of the former one, and let go of those that were made first. Returns it.

        A page that was read before the last change does not bring back what is not said any more: of a changed text,
        such as a deleted one, it is kept also that it has no body.
        """
        key = room, record.seq
        if key in self._kept:
            if self._kept[key][0] > record.change:
                return body
            self._drop(key)
        if content or record.is_update:
            self._kept[key] = record.change, content, body
            self._size += _size(*self._kept[key])
        while self._size > self._limit:
            self._drop(next(iter(self._kept)))
        return body

    def _drop(self, key: tuple[str, int]) -> None:
        self._size -= _size(*self._kept.pop(key))


def _size(_change: int, content: str, body: bytes) -> int:
    return _ENTRY_BYTES + len(content) + len(body)


def _may_have_tree(record: Record) -> bool:
    return record.action or has_marks(record.content)


def _body(record: Record) -> bytes:
    blocks = parse(record.content, {mention.name: mention.author for mention in record.mentions})
    if record.action and record.content:
        blocks = _as_action(record.nickname, blocks or (Paragraph((record.content,)),))
    return codec.encode_body(blocks) if blocks else b""


def _as_action(nickname: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return what somebody does, in italics behind their name."""
    first, *others = blocks
    words = first.content if isinstance(first, Paragraph) else ()
    said = Paragraph((Emphasis((f"{isolated(nickname)} ", *words)),))
    return (said, *others) if words else (said, *blocks)


BODIES = Bodies()
