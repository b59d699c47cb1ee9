"""Setting the password of the chat or of a room, and locking them."""

from __future__ import annotations

from functools import partial

from chatdesk.log.room_log import LogError
from chatdesk.log.rooms import WHOLE_CHAT
from chatdesk.protocol import events, times
from chatdesk.protocol.entry_messages import Entry as EntryEvent
from chatdesk.protocol.entry_messages import SetEntry
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.events import SystemCode
from chatdesk.protocol.names import clean_room, is_private
from chatdesk.protocol.text import isolated
from chatdesk.server.command_errors import forbidden, not_joined, ref_of, refuse, refuse_for_storage
from chatdesk.server.command_queue import CommandQueue
from chatdesk.server.commands.row import Row
from chatdesk.server.entry import Entry
from chatdesk.server.hub import Hub
from chatdesk.server.log_tasks import LogTasks
from chatdesk.server.passwords import clean_password
from chatdesk.server.permissions import Right, may
from chatdesk.server.rate_limits import Spending
from chatdesk.server.room_list import RoomList
from chatdesk.server.session import Session

_ASKS = "has a password now. Who is in stays; at their next {} everybody is asked for it."
_ASKS_NOBODY = "has no password any more."
_LOCKED = "is locked now. Who is in stays, and those who were come back; nobody new comes in."
_OPEN = "is open again."


class EntryCommands:
    """Each change is stored, then told: of a room to those in it, of the chat to the host and moderators."""

    def __init__(self, hub: Hub, command_queue: CommandQueue, entry: Entry, rooms: RoomList) -> None:
        self._hub = hub
        self._command_queue = command_queue
        self._entry = entry
        self._rooms = rooms
        self._tasks = LogTasks()
        hub.directory.on_chat_adopted = self._adopted
        self.rows = (Row(SetEntry, None, Spending.QUERIES, self._set),)

    def _set(self, session: Session, command: SetEntry) -> None:
        if session.principal is None:
            raise not_joined()
        place = WHOLE_CHAT if command.room is None else clean_room(command.room)
        if place and (is_private(place) or place not in self._hub.directory):
            raise ProtocolError(ErrorCode.BAD_ROOM, f"There is no room {isolated(place)} in this chat.")
        if not self._may_set(session, place):
            raise forbidden(Right.GUARD_ENTRY)
        if command.password is None or not (password := clean_password(command.password)):
            return self._store(session, command, place, None if command.password is None else "")
        if not place:
            self._entry.require_own_password()

        async def hash_it() -> str | ProtocolError:
            try:
                return await self._entry.passwords.hash(password)
            except ProtocolError as error:
                return error

        hashed = partial(self._hashed, session, command, place)
        return self._tasks.run(hash_it, self._command_queue.wait_for(session, hashed))

    def _may_set(self, session: Session, place: str) -> bool:
        roles = self._hub.directory.roles(place) if place else None
        return session.principal is not None and may(session.principal, Right.GUARD_ENTRY, roles)

    def _hashed(self, session: Session, command: SetEntry, place: str, hashed: str | ProtocolError | LogError) -> None:
        if not self._may_set(session, place):  # it may be lost meanwhile
            refuse(session, forbidden(Right.GUARD_ENTRY, ref_of(command)))
        elif isinstance(hashed, str):
            self._store(session, command, place, hashed)
        elif isinstance(hashed, ProtocolError):
            hashed.ref = ref_of(command)
            refuse(session, hashed)

    def _store(self, session: Session, command: SetEntry, place: str, password: str | None) -> None:
        """Store what is given; ``password`` is a hash, empty for none, and None where it stays."""
        if password is not None and not place:
            self._entry.require_own_password()
        before = self._entry.settings(place)
        settings = before
        if password is not None:
            settings = settings._replace(password=password)
        if command.locked is not None:
            settings = settings._replace(locked=command.locked)
        if settings == before:
            return self._answer(session, command, place)

        def stored(error: LogError | None) -> None:
            if error:
                refuse_for_storage(session, command, error)
                return
            self._tell(session, place, _sentences(place, before.password, settings.password, command.locked))
            self._answer(session, command, place)

        return self._entry.change(place, settings, self._command_queue.wait_for(session, stored))

    def _tell(self, session: Session, place: str, sentences: list[str]) -> None:
        name = isolated(session.person.nickname) if session.person else ""
        if place:
            sentence = " ".join([f"{name} has changed who may enter this room.", *(f"It {it}" for it in sentences)])
            self._rooms.tell_change(place, sentence)
            return
        sentence = " ".join(f"The chat {it}" for it in sentences)
        told = events.System(sentence, times.timestamp(), SystemCode.ROOM_CHANGED)
        news = self._event()
        for other in self._rooms.who_guard():
            if other is not session:
                other.send(told)
                other.send(news)
        session.send(told)
        self._rooms.on_changed(WHOLE_CHAT, sentence)

    def _adopted(self) -> None:
        """Another node lets in others than before."""
        for session in self._rooms.who_guard():
            session.send(self._event())

    def _answer(self, session: Session, command: SetEntry, place: str) -> None:
        if place:
            self._rooms.send_room(session, place, command.id)
        else:
            session.send(self._event(command.id))

    def _event(self, ref: str | None = None) -> EntryEvent:
        """What the chat asks for."""
        return EntryEvent(self._entry.asked_for(), ref, self._entry.file is not None)


def _sentences(place: str, before: str, after: str, locked: bool | None) -> list[str]:
    """What has changed, each behind the name of what it is about."""
    sentences = []
    if before != after:
        sentences.append(_ASKS.format("entry" if place else "join") if after else _ASKS_NOBODY)
    if locked is not None:
        sentences.append(_LOCKED if locked else _OPEN)
    return sentences
