"""Messages that wait for approval: kept in the file, and here for all who decide or wait."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from functools import partial

from chatdesk.log.held import Held, HeldTable
from chatdesk.log.log_error import LogError
from chatdesk.log.mentions import decode_mentions, encode_mentions
from chatdesk.log.room_log import Draft
from chatdesk.protocol.errors import ErrorCode, ProtocolError

OF_A_PERSON = 5
"""Messages of one person that wait in one room, at most; and that were declined there and not yet forgotten."""
OF_A_ROOM = 100
"""Messages that wait in one room, at most: more than a moderator reads in an evening."""
OF_A_CHAT = 2_000
"""In all rooms: at their longest 64 MB, and usually one."""

_TOO_MANY_OF_ONE = f"{OF_A_PERSON} of your messages wait for approval already: wait until one of them is decided."
_TOO_MANY = "Very many messages wait for approval here already: try again later."


class HeldMessages:
    """All that wait or were declined, by number; nothing is told before it is stored."""

    def __init__(self, table: HeldTable) -> None:
        self._table = table
        self._all = {held.number: held for held in table.all()}
        self._storing: list[Held] = []
        self._deciding: set[int] = set()
        self._approving: set[int] = set()

    def get(self, number: int) -> Held | None:
        """The message of this number, unless somebody decides about it just now."""
        return None if number in self._deciding else self._all.get(number)

    def waiting(self, room: str | None = None) -> list[Held]:
        """Those that wait in a room or, without one, in all; the oldest first."""
        return [held for held in self._all.values() if not held.declined and room in (None, held.room)]

    def own(self, identity: str, room: str) -> list[Held]:
        """Those of one identity in a room that wait or were declined."""
        return [held for held in self._all.values() if held.identity == identity and held.room == room]

    def known(self, draft: Draft, room: str) -> Held | None:
        """The same message, if it is held already; it may be sent again after a lost connection.

        One that is being approved is on its way into the log, which will know it.
        """
        if draft.id is None or not (self._all or self._storing):
            return None
        held = [one for one in self._of(draft.identity, room) if one.number not in self._approving]
        return next((one for one in held if one.id == draft.id), None)

    def hold(self, draft: Draft, room: str, reply: Callable[[Held | LogError], None]) -> None:
        """Keep a message until somebody decides. Raises ProtocolError if too many wait already."""
        mine = [held for held in self._of(draft.identity, room) if not held.declined]
        here = [held for held in [*self._all.values(), *self._storing] if held.room == room]
        if len(mine) >= OF_A_PERSON:
            raise ProtocolError(ErrorCode.HELD, _TOO_MANY_OF_ONE)
        if len(here) >= 2 * OF_A_ROOM or sum(not held.declined for held in here) >= OF_A_ROOM:
            raise ProtocolError(ErrorCode.HELD, _TOO_MANY)
        if len(self._all) + len(self._storing) >= OF_A_CHAT:
            raise ProtocolError(ErrorCode.HELD, _TOO_MANY)
        nickname, content, identity, id_, reply_to, mentions, action, _ = draft
        now = time.time_ns() // 1_000_000
        said = content, id_ or f"held-{secrets.token_hex(16)}", reply_to, encode_mentions(mentions), int(action), now
        held = Held(0, room, identity, nickname, *said)
        self._storing.append(held)
        self._table.add(held, partial(self._stored, held, reply))

    def decline(self, held: Held, sentence: str, reply: Callable[[LogError | None], None]) -> None:
        """Keep a message as declined until its author forgets it; of many, only the newest."""
        older = [one for one in self.own(held.identity, held.room) if one.declined]
        for one in older[: max(0, len(older) - OF_A_PERSON + 1)]:
            self.forget(one, lambda _error: None)
        self._deciding.add(held.number)
        declined = held._replace(declined=sentence)

        def stored(error: LogError | None) -> None:
            self._deciding.discard(held.number)
            if error is None and held.number in self._all:
                self._all[held.number] = declined
            reply(error)

        self._table.decline(declined, stored)

    def forget(self, held: Held, reply: Callable[[LogError | None], None]) -> None:
        """A message is taken back, or was told to its author as declined."""
        self._deciding.add(held.number)

        def gone(error: LogError | None) -> None:
            self._deciding.discard(held.number)
            if error is None:
                self._all.pop(held.number, None)
            reply(error)

        self._table.delete(held.number, gone)

    def begin_approving(self, held: Held) -> Draft:
        """The draft that says it; nobody else decides about it until ``approved`` or ``not_approved``."""
        self._deciding.add(held.number)
        self._approving.add(held.number)
        mentions = decode_mentions(held.mentions)
        said = held.id, held.reply_to, mentions, bool(held.action), held.number
        return Draft(held.nickname, held.content, held.identity, *said)

    def approved(self, held: Held, *, in_file: bool) -> None:
        """It is a message of the room now; ``in_file``: with that it has ceased to wait in the file, too."""
        self._end_approving(held)
        self._all.pop(held.number, None)
        if not in_file:
            self._table.delete(held.number, lambda _error: None)

    def not_approved(self, held: Held) -> None:
        """It could not be stored, and waits on."""
        self._end_approving(held)

    def held_elsewhere(self, held: Held) -> None:
        """Another server of the chat holds a message."""
        self._all[held.number] = held

    def decided_elsewhere(self, number: int, declined: str) -> Held | None:
        """Another server has decided about a message: return it as it was, if it was known here."""
        held = self._all.pop(number, None)
        if held and declined:
            self._all[number] = held._replace(declined=declined)
        return held

    def forget_room(self, room: str) -> None:
        """The room is gone, and in the file all that was kept of it."""
        for held in [held for held in self._all.values() if held.room == room]:
            del self._all[held.number]

    def _end_approving(self, held: Held) -> None:
        self._deciding.discard(held.number)
        self._approving.discard(held.number)

    def _of(self, identity: str, room: str) -> Iterable[Held]:
        held = [*self._all.values(), *self._storing]
        return [one for one in held if one.identity == identity and one.room == room]

    def _stored(self, held: Held, reply: Callable[[Held | LogError], None], outcome: Held | LogError) -> None:
        self._storing.remove(held)
        if isinstance(outcome, Held):
            self._all[outcome.number] = outcome
        reply(outcome)
