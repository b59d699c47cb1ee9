"""Saying something, and showing that one types."""

import time
from collections.abc import Callable
from functools import partial

from chatdesk.log.held import Held
from chatdesk.log.room_log import Draft, Duplicate, IdReused, LogError, Refusal
from chatdesk.protocol import commands
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.limits import CONTENT_CHARS
from chatdesk.protocol.text import has_controls, is_visible
from chatdesk.server.auth import Principal
from chatdesk.server.command_errors import ref_of, refuse, refuse_for_storage
from chatdesk.server.commands.row import Row
from chatdesk.server.held_news import HeldNews
from chatdesk.server.membership import Membership
from chatdesk.server.mentions import Mentions
from chatdesk.server.permissions import Right
from chatdesk.server.person import Person
from chatdesk.server.private_rooms import PrivateRooms
from chatdesk.server.rate_limits import Budget, Rate, Spending
from chatdesk.server.room import Room
from chatdesk.server.session import Session
from chatdesk.server.speaking import Refuse, Speaking, Told

_TYPING_INTERVAL_SECONDS = 1.0
"""Clients renew a sign every three seconds, and show it for five. More often changes nothing on any screen."""

_ROOM_TYPING = Rate(per_second=30, burst=60)
"""Of all in a room: a class in which everybody types. Few names are shown, and everybody hears each."""


class Messages:
    """What people say. ``charge`` takes what a repeated message spends; ``typing`` is the budget of signs.

    ``show_typing`` tells the others.
    """

    def __init__(
        self,
        charge: Callable[[Session, Membership, Spending], None],
        typing: Budget,
        mentions: Mentions,
        private: PrivateRooms,
        speaking: Speaking,
        news: HeldNews,
        show_typing: Callable[[Person, Room, bool], None],
    ) -> None:
        self._show_typing = show_typing
        self._speaking = speaking
        self._news = news
        self._private = private
        self._mentions = mentions
        self._charge = charge
        self._typing = typing
        self._room_typing = Budget(_ROOM_TYPING)
        self.rows = (
            Row(commands.Message, Right.WRITE, Spending.MESSAGES, self._message),
            Row(commands.Typing, Right.WRITE, None, self._type),  # too many signs are dropped, not refused
        )

    def _message(self, session: Session, membership: Membership, message: commands.Message) -> None:
        person = membership.person
        draft = Draft(
            *(person.nickname, message.content, person.identity, message.id, message.reply_to, message.mentions),
            action=message.action,
        )
        principal = session.principal or Principal(person.identity)
        refused = partial(self._not_stored, session, membership, message)
        self.publish(principal, membership.room, draft, refused, partial(self._held, session, membership, message))
        membership.typing_at = 0.0

    def publish(self, principal: Principal, room: Room, draft: Draft, refuse: Refuse, held: Told) -> None:
        """Have a message stored or held; see ``Speaking.say``. Raises ProtocolError if it cannot be.

        Its ``mentions`` are those that the client means; stored are those that are found.
        """
        check_content(draft.content)
        if draft.reply_to is not None and not 0 < draft.reply_to <= room.log.last_seq:
            raise ProtocolError(ErrorCode.NOT_FOUND, "The message that you answer is not there.")
        mentions = self._mentions.of(draft.content, room, principal, draft.mentions)
        draft = draft._replace(mentions=mentions)
        if room.pair:
            self._private.gather(room, room.pair)
            room.publish(draft, refuse)
        else:
            self._speaking.say(principal, room, draft, refuse, held)

    def _held(
        self, session: Session, membership: Membership, message: commands.Message, held: Held, again: bool
    ) -> None:
        """The message is not seen for now, so nothing else tells the others that its author types no longer."""
        self._show_typing(membership.person, membership.room, False)
        if session.person:
            self._news.answer_held(session, held, message.id if again else None)

    def _not_stored(
        self, session: Session, membership: Membership, message: commands.Message, refusal: Refusal | ProtocolError
    ) -> None:
        """Tell the sender why the log has not stored a message, or send the message that it stored before."""
        try:
            match refusal:
                case Duplicate(record):
                    self._charge(session, membership, Spending.QUERIES)
                    membership.room.resend(membership, record)
                case IdReused():
                    sentence = "This id belongs to another message of yours: use a new one."
                    raise ProtocolError(ErrorCode.ID_REUSED, sentence)
                case ProtocolError():
                    raise refusal
                case LogError():
                    refuse_for_storage(session, message, refusal)
        except ProtocolError as error:
            error.ref = ref_of(message)
            refuse(session, error)

    def _type(self, _session: Session, membership: Membership, typing: commands.Typing) -> None:
        now = time.monotonic()
        recent = now - membership.typing_at < _TYPING_INTERVAL_SECONDS
        # Only a change is sent, or a renewal after a second; other repetitions tell nobody anything.
        is_news = typing.to is None and (not recent if typing.active else membership.typing_at > 0)
        if is_news and not (
            self._typing.spend(membership.person.identity) or self._room_typing.spend(membership.room.name)
        ):
            membership.typing_at = now if typing.active else 0.0
            self._show_typing(membership.person, membership.room, typing.active)


def check_content(content: str, empty: str = "The message is empty: nothing of it can be seen.") -> None:
    """Raises ProtocolError if this cannot be a message: too long, with control characters, or ``empty``."""
    if len(content) > CONTENT_CHARS:
        raise ProtocolError(ErrorCode.MESSAGE_TOO_LONG, f"The message is too long: at most {CONTENT_CHARS} characters.")
    if not is_visible(content):
        raise ProtocolError(ErrorCode.EMPTY_MESSAGE, empty)
    if has_controls(content):
        raise ProtocolError(ErrorCode.BAD_MESSAGE, "The message contains control characters: leave them out.")
