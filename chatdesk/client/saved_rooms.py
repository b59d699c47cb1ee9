"""Saves what the person has written and read in each room, and restores it."""

from collections.abc import Callable, Iterable
from functools import partial

from msgspec.structs import replace

from chatdesk.client.changes import (
    Change,
    DraftRestored,
    EditRefused,
    Ended,
    InRoom,
    Online,
    RoomChanged,
    SignInRenewed,
    StatusChanged,
)
from chatdesk.client.persistence import Persistence
from chatdesk.client.room_state import RoomState
from chatdesk.client.saved_state import ClientStore
from chatdesk.client.state import ChatState
from chatdesk.client.unfinished import Unfinished
from chatdesk.protocol.events import Welcome


class SavedRooms:
    """The rooms of one client. ``given`` and ``warn`` as for ``Persistence``."""

    def __init__(
        self, state: ChatState, store: ClientStore | None, address: str, *, given: bool, warn: Callable[[str], None]
    ) -> None:
        self._state = state
        self._new = partial(Persistence, store, address, given=given, warn=warn)
        self._rooms: dict[RoomState, Persistence] = {state.home: self._new()}
        self._drafts: dict[RoomState, str] = {}
        self._unfinished: dict[RoomState, Unfinished] = {}

    def token(self) -> str | None:
        """Return the token that was last used at this address."""
        return self._rooms[self._state.home].token(self._state.nickname)

    def sign_in(self) -> str:
        """Return the token (JWT) by which the person has last signed in at this address; empty for none."""
        return self._rooms[self._state.home].sign_in(self._state.nickname)

    def other_tokens(self) -> list[str]:
        """Return the tokens used at other addresses, the latest first; only a server that knows one may see it."""
        return self._rooms[self._state.home].other_tokens(self._state.nickname)

    def enter(self, room: RoomState, name: str, welcome: Welcome) -> Callable[[], list[Change]]:
        """The client enters the room: what is done from now on is saved there.

        Returns a function that restores what was saved there before.
        """
        saved = self._rooms.setdefault(room, self._new()).enter_room(welcome, name, list(room.outbox))

        def restore() -> list[Change]:
            if saved is None:
                return []
            changes = room.show_unverified(saved.unverified)
            changes += room.restore(saved.unsent, saved.epoch, saved.read, held=saved.held)
            self._unfinished[room] = saved.unfinished
            if saved.draft:
                self._drafts[room] = saved.draft
                changes.append(DraftRestored(saved.draft))
            return changes

        return restore

    def restored(self, room: RoomState, welcome: Welcome) -> list[Change]:
        """The client enters another room than that of the join: what a view hears of what was saved there."""
        return self._state.in_room(room, self.enter(room, room.name, welcome)())

    def exit(self, room: RoomState) -> None:
        """The client is no longer in the room."""
        self._save(room)
        self._rooms.pop(room, None)
        self._drafts.pop(room, None)
        self._unfinished.pop(room, None)

    def record(self, changes: Iterable[Change]) -> None:
        """Save what has become of own messages and of the nickname, before anything else happens to them."""
        changes = list(changes)
        if RoomChanged() in changes:
            for saved in self._rooms.values():
                saved.save_nickname(self._state.nickname)
        self._record_sign_in(changes)
        self._record(self._state.shown, changes)
        for change in changes:
            if isinstance(change, InRoom) and (room := self._state.rooms.get(change.room)):
                self._record(room, change.changes)

    def _record_sign_in(self, changes: list[Change]) -> None:
        """Save the token (JWT) that has let the person in, and forget one that does not any more."""
        saved, sign_in = self._rooms[self._state.home], self._state.sign_in
        for change in changes:
            match change:
                case StatusChanged(Ended(token_needed=True)) if sign_in.token:
                    saved.forget_sign_in(sign_in.token)
                    sign_in.token = ""
                case StatusChanged(Online()) | SignInRenewed():
                    saved.save_sign_in(sign_in.token)

    def draft(self, room: RoomState) -> str:
        """What the person has written in a room and not sent yet."""
        return self._drafts.get(room, "")

    def set_draft(self, text: str) -> None:
        """Set what the person has written in the shown room and not sent yet."""
        self._drafts[self._state.shown] = text

    def unfinished(self, room: RoomState) -> Unfinished:
        """Return what the person was answering and editing in a room; nothing while its log is not known."""
        return self._unfinished.get(room, Unfinished()).in_log(room.transcript.epoch)

    def set_unfinished(self, room: RoomState, unfinished: Unfinished) -> None:
        """Set what the person is answering and editing in a room."""
        self._unfinished[room] = unfinished

    def save_draft(self, before: str = "") -> None:
        """Save the draft of the shown room, perhaps with other words in front of it."""
        self._save_written(self._state.shown, before)

    def save(self) -> None:
        """Save how far the person has read, and the drafts; forget rooms that the person is in no longer."""
        for room in list(self._rooms):
            if self._state.rooms.get(room.name) is room:
                self._save(room)
            else:
                self.exit(room)

    def _record(self, room: RoomState, changes: Iterable[Change]) -> None:
        if room in self._rooms:
            self._rooms[room].record(changes)
        for change in changes:
            if isinstance(change, EditRefused):
                self._take_back(room, change)

    def _take_back(self, room: RoomState, refused: EditRefused) -> None:
        """Keep what the server has refused; it is edited on once the room is shown, unless another message is."""
        unfinished = self.unfinished(room).with_edit(refused.seq, refused.content)
        self._unfinished[room] = replace(unfinished, editing=unfinished.editing or refused.seq)
        self._save_written(room)

    def _save_written(self, room: RoomState, before: str = "") -> None:
        """Save the draft of a room, and what belongs to it; edits that the server has not confirmed are unfinished."""
        unfinished = self._unfinished.get(room, Unfinished())
        for edit in room.acts.unconfirmed_edits:
            unfinished = unfinished.in_log(room.transcript.epoch)
            unfinished = unfinished.with_edit(edit.seq, unfinished.edits.get(edit.seq, edit.content))
        if room in self._rooms:
            self._rooms[room].save_draft(before + self._drafts.get(room, ""), unfinished)

    def _save(self, room: RoomState) -> None:
        if room in self._rooms:
            self._save_written(room)
            position = room.read_position
            self._rooms[room].save_read_position(position.epoch, position.seq, held=position.held)
