"""Asking without one's name. Who has asked is known here only while the command is executed."""

from __future__ import annotations

import math

from chatdesk.log.held import Held
from chatdesk.log.nameless import NICKNAME, nameless_identity
from chatdesk.log.room_log import Draft, LogError, Record
from chatdesk.protocol import pace_commands, pace_events
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.text import isolated
from chatdesk.server.auth import Principal
from chatdesk.server.command_errors import ref_of, refuse, refuse_for_storage
from chatdesk.server.commands.messages import Messages
from chatdesk.server.commands.row import Row
from chatdesk.server.hub import Hub
from chatdesk.server.membership import Membership
from chatdesk.server.permissions import Right
from chatdesk.server.rate_limits import Spending
from chatdesk.server.session import Session
from chatdesk.server.slow_mode import SlowMode

ASK_SECONDS = 20
"""Between two questions of one person in a room, or as long as the room is slow: enough for a second thought."""
_NOT_HERE = "In this room nobody can ask without a name: the host and moderators can allow it in its settings."


class Questions:
    """Questions pass all checks of a message, under an identity that each has for itself alone.

    How often somebody asks is bounded by their own identity, in ``asked``: in memory, and without what they have asked.
    """

    def __init__(self, hub: Hub, messages: Messages, asked: SlowMode) -> None:
        self._hub = hub
        self._messages = messages
        self._asked = asked
        self.rows = (Row(pace_commands.Ask, Right.WRITE, Spending.MESSAGES, self._ask),)

    def _ask(self, session: Session, membership: Membership, ask: pace_commands.Ask) -> None:
        room, identity = membership.room, membership.person.identity
        if not room.settings.nameless or room.pair:
            raise ProtocolError(ErrorCode.FORBIDDEN, _NOT_HERE)
        if wait := self._asked.wait(identity, room.name, max(ASK_SECONDS, room.settings.slow)):
            sentence = f"You have just asked something: you can ask again in {math.ceil(wait)} seconds."
            raise ProtocolError(ErrorCode.SLOW_MODE, sentence, retry_after=max(1, math.ceil(wait * 1000)) / 1000)
        post = self._asked.posted(identity, room.name)
        nobody = Principal(nameless_identity())
        draft = Draft(NICKNAME, ask.content, nobody.identity)
        author = self._hub.author(nobody.identity)

        def stored(record: Record) -> None:
            if record.author == author and not record.is_update:
                end()
                answer("Your question is there, without your name.")

        def held(_held: Held, _again: bool) -> None:
            end()
            host = isolated(self._hub.host_nickname)
            waits_for = host or "approval"
            answer(f"Your question waits for {waits_for}, without your name.", held=True)

        def refused(refusal: object) -> None:
            end()
            self._asked.take_back(post)
            if isinstance(refusal, LogError):
                refuse_for_storage(session, ask, refusal)
            elif isinstance(refusal, ProtocolError):
                refusal.ref = ref_of(ask)
                refuse(session, refusal)

        def answer(sentence: str, *, held: bool = False) -> None:
            if session.person:
                session.send(pace_events.Asked(room.name, sentence, held, ask.id))

        end = room.log.subscribe(stored, lambda _cleared: None)
        try:
            self._messages.publish(nobody, room, draft, refused, held)
        except ProtocolError:
            end()
            self._asked.take_back(post)
            raise
