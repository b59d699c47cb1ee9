"""The pace of rooms: whether somebody may say something now, and whether it waits for approval.

All messages come by here: those of people and bots, answers and what hooks post. Edits and reactions do not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import ceil

from chatdesk.log.held import Held
from chatdesk.log.room_log import Draft, LogError, Refusal
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.server.auth import Principal
from chatdesk.server.held_messages import HeldMessages
from chatdesk.server.permissions import Right, may
from chatdesk.server.room import Room
from chatdesk.server.slow_mode import Post, SlowMode

Refuse = Callable[[Refusal | ProtocolError], None]
"""Called when a message is not stored."""
Told = Callable[[Held, bool], None]
"""Called when a message is held; with True if it was held already."""

_ANNOUNCE_ONLY = "In this room only the host and moderators write: you can read and react."
_NO_EDIT = "What is said here waits for approval, so it cannot be changed: delete it, and say it again."


class Speaking:
    """Lets people say something, refuses it, or holds it. ``on_held`` tells everybody concerned of a held message."""

    def __init__(self, held: HeldMessages, slow: SlowMode, on_held: Callable[[Held], None]) -> None:
        self._held = held
        self._slow = slow
        self._on_held = on_held

    def say(self, principal: Principal, room: Room, draft: Draft, refuse: Refuse, told: Told) -> None:
        """Store a draft, or hold it: ``told`` is called once it is kept. Raises ProtocolError, or calls ``refuse``.

        A message that is sent again, such as after a lost connection, is answered as before, whatever the pace is now.
        """
        if may(principal, Right.SPEAK_FREELY, room):
            room.publish(draft, refuse)
            return
        known = self._held.known(draft, room.name)
        if known:
            told(known, True)
        elif problem := self._problem(principal, room):
            if draft.id is None:
                raise problem
            room.log.find(draft, lambda found: refuse(found or problem))
        else:
            self._accept(principal, room, draft, refuse, told)

    def _accept(self, principal: Principal, room: Room, draft: Draft, refuse: Refuse, told: Told) -> None:
        refused = partial(self._refused, self._slow.posted(principal.identity, room.name), refuse)
        if room.settings.hold:
            self._hold_if_new(room, draft, refused, told)
        else:
            room.publish(draft, refused)

    def _refused(self, post: Post, refuse: Refuse, refusal: Refusal | ProtocolError) -> None:
        self._slow.take_back(post)
        refuse(refusal)

    def _hold_if_new(self, room: Room, draft: Draft, refused: Refuse, told: Told) -> None:
        def found(refusal: Refusal | None) -> None:
            if refusal is None:
                self._hold(room, draft, refused, told)
            else:
                refused(refusal)

        if draft.id is None:
            self._hold(room, draft, refused, told)
        else:
            room.log.find(draft, found)

    def _hold(self, room: Room, draft: Draft, refused: Refuse, told: Told) -> None:
        def kept(held: Held | LogError) -> None:
            if isinstance(held, LogError):
                refused(held)
                return
            self._on_held(held)
            told(held, False)

        try:
            self._held.hold(draft, room.name, kept)
        except ProtocolError as error:
            refused(error)

    def _problem(self, principal: Principal, room: Room) -> ProtocolError | None:
        if room.settings.announce:
            return ProtocolError(ErrorCode.ANNOUNCE_ONLY, _ANNOUNCE_ONLY)
        if wait := self.wait(principal, room):
            return slow_mode(room.settings.slow, wait)
        return None

    def wait(self, principal: Principal, room: Room) -> float:
        """In how many seconds a principal may say something in a room."""
        if not room.settings.slow or may(principal, Right.SPEAK_FREELY, room):
            return 0.0
        return self._slow.wait(principal.identity, room.name, room.settings.slow)


def require_editable(principal: Principal | None, room: Room) -> None:
    """Raises ProtocolError where a principal may not change what they have said, since nobody would approve it."""
    if principal and may(principal, Right.SPEAK_FREELY, room):
        return
    if room.settings.announce:
        raise ProtocolError(ErrorCode.ANNOUNCE_ONLY, _ANNOUNCE_ONLY)
    if room.settings.hold:
        raise ProtocolError(ErrorCode.HELD, _NO_EDIT)


def slow_mode(pace: int, wait: float) -> ProtocolError:
    """The error for somebody who is too early in a slow room."""
    rounded = max(1, ceil(wait * 1000)) / 1000
    sentence = f"This room is slow: one message in {_span(pace)}. You can write again in {_span(ceil(wait))}."
    return ProtocolError(ErrorCode.SLOW_MODE, sentence, retry_after=rounded)


def _span(seconds: int) -> str:
    if seconds >= 120 and seconds % 60 == 0:
        return f"{seconds // 60} minutes"
    return "a second" if seconds == 1 else f"{seconds} seconds"
