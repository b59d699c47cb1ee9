"""Saves the state of a running client in the ``ClientStore``, and restores it. Without a store nothing is saved."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from chatdesk.client.changes import Change, Confirmed, Discarded, NotSent, Sending
from chatdesk.client.outbox import Outgoing
from chatdesk.client.saved_state import ClientStore, Credentials, KnownRoom
from chatdesk.client.unfinished import Unfinished
from chatdesk.protocol.events import Welcome

_NOT_SAVED = (
    "Unsent messages cannot be kept on this computer ({}): stay until they are sent, and make room on the disk or "
    "allow ChatDesk to write to its data folder."
)


class SavedState(NamedTuple):
    """What was saved for a room: unsent messages, the read position, the draft, and what belongs to it.

    ``unverified`` are unsent messages of rooms that may be the same one, though nothing proves it: the person
    decides whether they are for the people here.
    """

    unsent: list[Outgoing]
    unverified: list[Outgoing]
    epoch: str
    read: int
    draft: str = ""
    unfinished: Unfinished = Unfinished()
    held: bool = False
    """Whether the person has set the read position back: what is in view does not count as read."""


class Persistence:
    """The stored data of one client in one room.

    When the disk fails, ``warn`` is called with a sentence, once until it works again. ``given``: the token was not
    issued to a guest at this address, and is not stored in this form.
    """

    def __init__(self, store: ClientStore | None, address: str, *, given: bool, warn: Callable[[str], None]) -> None:
        self._store = store
        self._address = "" if given else address
        self._warn = warn
        self._warned = False
        self._room: KnownRoom | None = None
        self._other_rooms: list[KnownRoom] = []

    def token(self, nickname: str) -> str | None:
        """Return the token that was last used at this address."""
        return self._store.token_at(self._address, nickname) if self._store else None

    def sign_in(self, nickname: str) -> str:
        """Return the token (JWT) by which the person has last signed in at this address; empty for none."""
        return self._store.sign_in_at(self._address, nickname) if self._store and self._address else ""

    def other_tokens(self, nickname: str) -> list[str]:
        """Return the tokens used at other addresses, the latest first; only a server that knows one may see it."""
        return self._store.tokens_elsewhere(self._address, nickname) if self._store and self._address else []

    def enter_room(self, welcome: Welcome, room: str, waiting: list[Outgoing]) -> SavedState | None:
        """Load the room and save the waiting messages in it; return None if the room has not changed."""
        if self._store is None:
            return None
        credentials = Credentials(self._address, welcome.server.id, room, welcome.token, welcome.nickname)
        if self._room and self._room.belongs_to(credentials):
            return None
        self._leave_room()
        if not credentials.server:
            return None
        self._room = self._store.room(credentials)
        self._other_rooms = [known_room for known_room in self._other_rooms if not known_room.belongs_to(credentials)]
        similar = self._store.similar_rooms(credentials)
        self._other_rooms += similar
        unverified = [entry for known_room in similar for entry in known_room.unsent]
        credentials = self._room.credentials
        position, draft = (credentials.epoch, credentials.read), (credentials.draft, credentials.unfinished)
        saved = SavedState(self._room.unsent, unverified, *position, *draft, held=credentials.held)
        with self._warning_once():
            self._save_waiting(self._room, waiting)
            self._store.delete_oldest()
        return saved

    def record(self, changes: Iterable[Change]) -> None:
        """Save what has become of own messages, before anything else happens to them."""
        for change in changes:
            match change:
                case Sending(entry):
                    self._save_message(entry)
                    self._delete_message(entry.id, self._other_rooms)
                case NotSent(entry) if not self._waits_elsewhere(entry.id):
                    self._save_message(entry)
                case Confirmed(message_id) | Discarded(message_id):
                    self._delete_message(message_id, [*self._other_rooms, *([self._room] if self._room else [])])

    def save_read_position(self, epoch: str, seq: int, *, held: bool = False) -> None:
        """Save how far the person has read, and whether they have set that back."""
        credentials = self._room.credentials if self._room else None
        if self._room and credentials and (credentials.epoch, credentials.read, credentials.held) != (epoch, seq, held):
            credentials.epoch, credentials.read, credentials.held = epoch, seq, held
            with self._warning_once():
                self._room.save_credentials()

    def save_draft(self, text: str, unfinished: Unfinished) -> None:
        """Save the draft, and what belongs to it."""
        credentials = self._room.credentials if self._room else None
        if self._room and credentials and (credentials.draft, credentials.unfinished) != (text, unfinished):
            credentials.draft, credentials.unfinished = text, unfinished
            with self._warning_once():
                self._room.save_credentials()

    def save_nickname(self, nickname: str) -> None:
        """Save under which nickname the person is found again."""
        if self._room and self._room.credentials.nickname != nickname:
            self._room.credentials.nickname = nickname
            with self._warning_once():
                self._room.save_credentials()

    def save_sign_in(self, token: str) -> None:
        """Save by which token (JWT) the person is signed in; empty for none."""
        if self._room and self._address and self._room.credentials.sign_in != token:
            self._room.credentials.sign_in = token
            with self._warning_once():
                self._room.save_credentials()

    def forget_sign_in(self, token: str) -> None:
        """A token (JWT) opens nothing any more."""
        if self._room and self._room.credentials.sign_in == token:
            self._room.credentials.sign_in = ""
        if self._store:
            with self._warning_once():
                self._store.forget_sign_in(token)

    def _leave_room(self) -> None:
        """Unsent messages of this room stay in it."""
        if self._room:
            self._other_rooms.append(self._room)
        self._room = None

    def _save_waiting(self, known_room: KnownRoom, waiting: list[Outgoing]) -> None:
        """Messages written before the first join belong to this room."""
        known_room.save_credentials()
        for entry in waiting:
            if not self._waits_elsewhere(entry.id):
                known_room.save_message(entry)

    def _waits_elsewhere(self, message_id: str) -> bool:
        return any(known_room.has_message(message_id) for known_room in self._other_rooms)

    def _save_message(self, entry: Outgoing) -> None:
        if self._room:
            with self._warning_once():
                self._room.save_message(entry)

    def _delete_message(self, message_id: str, known_rooms: list[KnownRoom]) -> None:
        for known_room in known_rooms:
            # At worst it is restored at the next start; sending it again has no effect.
            with contextlib.suppress(OSError):
                known_room.delete_message(message_id)

    @contextlib.contextmanager
    def _warning_once(self) -> Iterator[None]:
        """Warn about a failing disk, once."""
        try:
            yield
        except OSError as error:
            if not self._warned:
                self._warned = True
                self._warn(_NOT_SAVED.format(error.strerror or "the disk fails"))
        else:
            self._warned = False
