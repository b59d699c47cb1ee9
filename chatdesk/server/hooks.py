"""Says in a room what another program has posted to a hook: by the one way in that all messages have."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from chatdesk.log.held import Held
from chatdesk.log.hook_file import Hook
from chatdesk.log.order import StandingKind
from chatdesk.log.room_log import Draft, LogError, Record, Refusal, RoomLog
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.names import clean_nickname, nickname_key
from chatdesk.protocol.text import clean_content, isolated
from chatdesk.server.auth import Principal, Role
from chatdesk.server.hub import Hub
from chatdesk.server.room import Room
from chatdesk.server.speaking import Refuse, Told

_POSTERS = 200
"""Names of programs that host and moderators can mute, at most: those that have posted last."""
Outcome = ProtocolError | LogError | None
"""What has come of a message: None once it is stored."""


class Hooks:
    """``say`` is the dispatcher's: it checks right, budget and content, and publishes the draft."""

    def __init__(self, hub: Hub, say: Callable[[Principal, Room, Draft, Refuse, Told], None]) -> None:
        self._hub = hub
        self._say = say

    def post(self, hook: Hook, username: str, text: str, reply: Callable[[Outcome], None]) -> None:
        """Say ``text`` in the hook's room, under ``username`` or else the hook's name; ``reply`` gets the outcome."""
        try:
            nickname = clean_nickname(username or hook.name)
            if self._hub.is_taken(nickname, hook.identity):
                sentence = f"Somebody in the chat has the name {isolated(nickname)}."
                raise ProtocolError(ErrorCode.NICKNAME_TAKEN, sentence)
            identity = f"{hook.identity}:{nickname_key(username)}" if username else hook.identity  # one for each name
            principal = self._principal(hook, identity, nickname)
            room = self._hub.room(hook.room, principal)
            draft = Draft(nickname, clean_content(text), identity, secrets.token_hex(16))
            posted = _Posted(room.log, draft, reply)
            try:
                self._say(principal, room, draft, posted.refused, posted.held)
            except ProtocolError:
                posted.end()
                raise
        except ProtocolError as error:
            reply(error)

    def _principal(self, hook: Hook, identity: str, nickname: str) -> Principal:
        """The hook, with all that holds for it or for the name under which it posts, in the chat or in the room.

        Raises ProtocolError if it is banned or removed.
        """
        standings, posters = self._hub.standings, self._hub.posters
        posters.pop(identity, None)
        posters[identity] = nickname
        while len(posters) > _POSTERS:
            del posters[next(iter(posters))]
        principal = standings.admitted(Principal(hook.identity), nickname, "")
        as_named = standings.admitted(Principal(identity), nickname, "")
        if removed := standings.entry_error(identity, hook.room):
            raise removed
        roles = as_named.role, standings.idle_room(hook.room).roles.get(identity)
        role = Role.GUEST if Role.GUEST in roles else principal.role
        muted_here = standings.get(identity, StandingKind.MUTED, hook.room)
        return principal._replace(role=role, muted=principal.muted or as_named.muted or muted_here)


class _Posted:
    """A message on its way into the log."""

    def __init__(self, log: RoomLog, draft: Draft, reply: Callable[[Outcome], None]) -> None:
        self._draft = draft
        self._reply = reply
        self.end = log.subscribe(self._stored, lambda _cleared: None)

    def refused(self, refusal: Refusal | ProtocolError) -> None:
        """It is not stored; its id is new, so that the log cannot know it."""
        self.end()
        self._reply(refusal if isinstance(refusal, LogError | ProtocolError) else None)

    def held(self, _held: Held, _again: bool) -> None:
        """It waits for approval, and is kept."""
        self.end()
        self._reply(None)

    def _stored(self, record: Record) -> None:
        if record.id == self._draft.id and not record.is_update:
            self.end()
            self._reply(None)
