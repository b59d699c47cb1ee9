"""A person in a chat: joins, reconnects, and keeps messages in order without losing one or sending one twice."""

import asyncio
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from chatdesk.client.admission import Admission
from chatdesk.client.batch import Batch
from chatdesk.client.boot_clock import boot_seconds
from chatdesk.client.capabilities import capabilities
from chatdesk.client.changes import Change, Connecting, Ended, NoticeReceived, RoomsChanged
from chatdesk.client.connection import CloseReason, ended_by
from chatdesk.client.export import Progress, export
from chatdesk.client.history_reader import HistoryReader
from chatdesk.client.message_actions import MessageActions
from chatdesk.client.notifications import Notifications
from chatdesk.client.order import Order
from chatdesk.client.outbox import Mentions, Outgoing
from chatdesk.client.own_presence import OwnPresence
from chatdesk.client.people_actions import PeopleActions
from chatdesk.client.proof_request import ProofRequest
from chatdesk.client.reachability_probe import ReachabilityProbe
from chatdesk.client.receipt_actions import ReceiptActions
from chatdesk.client.reconnecting import NOT_READY, ReconnectingConnection
from chatdesk.client.room_actions import RoomActions
from chatdesk.client.saved_rooms import SavedRooms
from chatdesk.client.saved_state import ClientStore
from chatdesk.client.state import ChatState
from chatdesk.client.wanted_commands import commands_to_send
from chatdesk.export.formats import Format
from chatdesk.export.metadata import ExportedRoom, ExportMetadata
from chatdesk.protocol import commands, connection_events, events, room_events, times
from chatdesk.protocol.errors import ErrorCode
from chatdesk.protocol.fields import ClientKind

_TICK_SECONDS = 1.0
"""Typing expires and lists are refreshed on whole seconds."""
_SUSPENDED_SECONDS = 5.0
"""A tick that is this late shows that the machine has slept or the program was stopped."""
_SAVE_SECONDS = 5.0
"""How often the read position and the draft are saved."""


class ChatClient:
    """A person in a chat. Create and use it on a running loop; ``on_changes`` is called on that loop too.

    ``room`` is that of the join. ``token`` proves an identity that was issued elsewhere, such as the host's. The
    ``store`` keeps the identity, the read position, unsent messages and the draft for the next start of the program.
    """

    def __init__(
        self,
        url: str,
        nickname: str,
        *,
        room: str = "lobby",
        client: ClientKind = "window",
        token: str | None = None,
        store: ClientStore | None = None,
        authority: bytes = b"",
        place_token: Callable[[], str] | None = None,
        on_changes: Callable[[list[Change]], None],
    ) -> None:
        self.state = ChatState(nickname, room, token)
        self._url, self._given_token = url, token
        self._own_token = f"{commands.CLIENT_TOKEN_PREFIX}{secrets.token_hex(16)}"
        self._kind: ClientKind = client
        self._batch = Batch(on_changes)
        self._saved = SavedRooms(self.state, store, url, given=token is not None, warn=self._warn)
        self._connection = ReconnectingConnection(
            url,
            self.state,
            authority=authority,
            place_token=place_token,
            first_command=self._first_command,
            on_changes=self._publish,
            on_disconnect=self._disconnected,
        )
        self.presence = OwnPresence(self.state, self._connection.send)
        self.rooms = RoomActions(self.state, self._saved, self._publish, self._send_requests, self._connection.send)
        """What the person does with rooms as a whole; everything else here happens in the one that is shown."""
        self.acts = MessageActions(self.state, self._publish, self._send_requests)
        """What the person does with messages that are there."""
        self.people = PeopleActions(self.state, self._publish, self._send_requests)
        self.notifications = Notifications(self.state)
        self.receipts = ReceiptActions(self.state, self._publish, self._send_requests, self._connection.send)
        self.order = Order(self.state, self._connection.send, self._end, self._publish)
        self.admission = Admission(self.state, self._publish, self._connection)
        self._reader = HistoryReader(self._send_requests)
        self._reachability = ReachabilityProbe(direct=bool(authority))
        self._proof_request: ProofRequest | None = None
        self._saved_at = 0.0
        self._retry: asyncio.TimerHandle | None = None

    async def run(self, nickname: str | None = None) -> None:
        """Join, and reconnect after every loss, until ``stop`` or until the server refuses for good.

        Then the status is ``Ended``. ``run`` may be called again, with another ``nickname`` if one is given.
        """
        self.state.own.nickname, self.order.kept_out = nickname or self.state.nickname, None
        if self.state.welcome is None:
            self._choose_token()
        self._reader.open()
        self._publish(self.state.set_status(Connecting()))
        try:
            async with asyncio.TaskGroup() as tasks:
                ticking = tasks.create_task(self._tick_forever())
                reason = await self._connection.run(self._receive)
                ticking.cancel()
            if not isinstance(self.state.status, Ended):
                self._publish(self.state.set_status(ended_by(reason)))
        except asyncio.CancelledError:
            self._batch.drop()
            raise
        finally:
            self._reader.close("You are no longer in the chat: join it again, then export.")
            self._reachability.cancel()
            if self._retry:
                self._retry.cancel()
            self._save()
            self._batch.flush()

    def _choose_token(self) -> None:
        """The token that was used here before, or else a new one, unless the server proves that it knows another."""
        known = self._given_token or self._saved.token()
        self.state.sign_in.token = self.state.sign_in.token or self._saved.sign_in()
        self.state.token = known or self._own_token
        other_tokens = [] if known else self._saved.other_tokens()
        self._proof_request = ProofRequest(other_tokens) if other_tokens else None

    def trust(self, authority: bytes) -> None:
        """Trust this certificate of the chat's own from the next connection on."""
        self._connection.authority = authority

    def stop(self) -> None:
        """Leave the chat; ``run`` returns within a second or two."""
        self._connection.stop()

    def reconnect_now(self) -> None:
        """Skip the rest of the delay before the next attempt."""
        self._connection.reconnect_now()

    def send(
        self,
        text: str,
        to: str = "",
        reply_to: int | None = None,
        mentions: Mentions = (),
        action: bool = False,
        to_author: str = "",
    ) -> str:
        """Send a message, as ``Outgoing`` says; return the id under which it waits in the outbox."""
        entry = Outgoing(secrets.token_hex(8), text, times.timestamp(), None, to, reply_to, mentions, action, to_author)
        self._publish(self.state.shown.queue(entry))
        self._saved.save_draft()
        self.presence.said()
        self._send_requests()
        return entry.id

    def resend(self, message_id: str) -> None:
        """Retry a refused message, after all others."""
        self._publish(self.state.shown.resend(message_id))
        self._send_requests()

    def discard(self, message_id: str) -> None:
        """Discard a refused message."""
        self._publish(self.state.shown.discard(message_id))
        self.order.pace.withdraw(message_id)

    def withdraw(self, message_id: str) -> str:
        """Discard a refused message and return what was written, to be edited; empty for one that is in flight."""
        refused = (entry for entry in self.state.shown.outbox if entry.id == message_id and entry.error)
        if words := next((f"/msg @{it.to} {it.content}" if it.to else it.content for it in refused), ""):
            self._saved.save_draft(f"{words}\n")
            self.discard(message_id)
        return words

    def set_draft(self, text: str) -> None:
        """Set the text that the person has written and not sent yet."""
        self._saved.set_draft(text)

    def load_older(self) -> None:
        """Request messages before the first one; they come as ``Prepended``."""
        self.state.shown.transcript.load_older()
        self._send_requests()

    def load_newer(self) -> None:
        """Request messages after the last one of a detached transcript; they come as ``Appended``."""
        self.state.shown.transcript.load_newer()
        self._send_requests()

    def go_to(self, seq: int) -> None:
        """Show the message of this number, or else the next one; it comes as ``Jumped``."""
        self._publish(self.state.shown.transcript.go_to(seq))
        self._send_requests()

    def go_to_moment(self, timestamp: str) -> None:
        """Show the messages from this time on, in the wire format; it comes as ``Jumped``."""
        self.state.shown.transcript.go_to_moment(timestamp)
        self._send_requests()

    def go_to_latest(self) -> None:
        """Show the newest messages; they come as ``Jumped(None)``. The divider marks what has not been seen."""
        self._publish(self.state.shown.go_to_latest())
        self._send_requests()

    def search(self, query: str) -> None:
        """Search all rooms; results come as ``SearchChanged``. An empty query ends the search."""
        self._publish(self.state.search.start(query))
        self._send_requests()

    def search_more(self, room: str = "") -> None:
        """Search further back in a room; by default in the last one of the results."""
        self._publish(self.state.search.load_more(room))
        self._send_requests()

    def mark_read(self, seq: int) -> None:
        """The person has seen the messages up to this one; it does not count while they are away."""
        room = self.state.shown
        unread = room.unread
        room.mark_read(seq)
        if room.unread != unread:
            self._publish([RoomsChanged()])

    def mark_unread(self, seq: int) -> None:
        """This message and what follows is unread again, on all devices, although the person has it in view."""
        self._publish([*self.state.shown.mark_unread(seq), RoomsChanged()])
        self._send_requests()

    def mark_away(self) -> None:
        """The person looks elsewhere."""
        self.notifications.present = False
        self._publish(self.state.shown.mark_away())

    def mark_present(self) -> None:
        """The person looks at the chat again: what is new to them comes as ``UnreadChanged``."""
        self.notifications.present = True
        self._publish(self.state.shown.mark_present())

    def clear_history(self) -> None:
        """Delete the history of the room for everybody; only the host may."""
        if self.state.shown.stage == "inside":
            self._connection.send(commands.Clear(self.state.shown.name))

    async def export(self, path: Path, form: Format, progress: Progress) -> int:
        """Write the whole history of the room to a file, whatever is loaded; cancel it to stop.

        ``progress`` is called with how many messages are written, of how many. Returns their number. Raises
        ExportError.
        """
        server, room = self.state.server, self.state.shown_info
        exported = ExportedRoom(room.room, room.topic, room.archived, room.closed)
        title = self.state.list.title_of(room.room)
        about = ExportMetadata(server.name if server else "", title, server.host if server else "", rooms=(exported,))
        return await export(self._reader, path, form, about, progress)

    # Events and commands

    def _first_command(self) -> commands.Join | commands.Prove:
        """The first command of a connection: a join, or at a new address a request for proof of who the server is."""
        return self._proof_request.command if self._proof_request else self._join()

    def _join(self) -> commands.Join:
        return self.state.join(capabilities(reach=self._reachability.supported(self._connection.url)), self._kind)

    def _receive(self, event: events.Event) -> None:
        if isinstance(event, connection_events.Reach):
            if self.state.home.stage != "outside":
                self._reachability.run(event, self._connection.url)
        elif self._proof_request:
            self._handle_proof(event, self._proof_request)
        elif not (self._read(event) or self.order.receive(event) or self.admission.receive(event)):
            self._apply(event)
        self._send_requests()

    def _read(self, event: events.Event) -> bool:
        """Pass the answer to an export's request on; return False for any other event."""
        if not isinstance(event, events.History | events.Error):
            return False
        requests = self.state.requests
        request = requests.find(event.ref)
        if request is None or request.kind != "export":
            return False
        if isinstance(event, events.Error) and requests.delay(event, time.monotonic()):
            self._reader.delayed(event)
        elif requests.close(event.ref):
            self._reader.receive(event, request)
        return True

    def _apply(self, event: events.Event) -> None:
        was_online = self.state.online
        if isinstance(event, events.Welcome):
            self._welcomed(event)
        else:
            self.notifications.update(event)
            self._publish(self.state.apply(event, time.monotonic()))
            if isinstance(event, room_events.Rooms | room_events.Room) and self.state.welcome:
                self._restore_others(self.state.welcome)
        if self.state.online and not was_online:
            self._connection.joined()
            self.presence.resume()
        if isinstance(self.state.status, Ended):
            self._end(self.state.status.sentence)
        if isinstance(event, events.Error) and event.code == ErrorCode.STORAGE and self.state.home.stage == "outside":
            self._connection.close(NOT_READY)

    def _handle_proof(self, event: events.Event, proof_request: ProofRequest) -> None:
        """Join with the proven token, or as a newcomer where the server proves nothing."""
        if not isinstance(event, connection_events.Proof | events.Error):
            return
        endpoint = self._connection.endpoint
        proof = event if isinstance(event, connection_events.Proof) else connection_events.Proof([])
        self.state.token = (proof_request.proven_token(proof, endpoint) if endpoint else None) or self.state.token
        self._proof_request = None
        self._connection.send(self._join())

    def _welcomed(self, welcome: events.Welcome) -> None:
        """Restore what was saved for the rooms."""
        self.state.check_welcome(welcome)
        restore = self._saved.enter(self.state.home, welcome.room, welcome)
        self._publish(self.state.apply(welcome, time.monotonic()))
        self._publish(self.state.in_room(self.state.home, restore()))
        self._restore_others(welcome)

    def _restore_others(self, welcome: events.Welcome) -> None:
        for room in self.state.rooms.values():
            if room is not self.state.home:
                self._publish(self._saved.restored(room, welcome))

    def _disconnected(self) -> None:
        """A connection has ended, and with it all that was in flight."""
        self._publish(self.state.disconnected())
        self.order.disconnected()
        self.admission.disconnected()

    def _end(self, sentence: str) -> None:
        self._connection.close(CloseReason(sentence, may_reconnect=False))

    def _send_requests(self) -> None:
        """Send what is wanted, and see to what has to wait."""
        if not self.state.online:
            return
        now, requests = time.monotonic(), self.state.requests
        for command in commands_to_send(self.state, now):
            self._connection.send(command)
        if (wanted := self._reader.wanted) and (page := requests.open(wanted.room or "", "export", wanted, now)):
            self._connection.send(page)
        if self._retry:
            self._retry.cancel()
        if resumes_at := requests.resumes_at(now):
            self._retry = asyncio.get_running_loop().call_later(resumes_at - now, self._send_requests)

    def _publish(self, changes: list[Change]) -> None:
        self._saved.record(changes)
        self._batch.add([*changes, *self.notifications.refresh(changes)])

    def _warn(self, sentence: str) -> None:
        self._batch.add([NoticeReceived(sentence)])

    def _save(self) -> None:
        self._saved_at = time.monotonic()
        self._saved.save()

    async def _tick_forever(self) -> None:
        while True:
            before = boot_seconds()
            await asyncio.sleep(_TICK_SECONDS)
            if boot_seconds() - before > _SUSPENDED_SECONDS:
                self._connection.probe()
            self._tick(time.monotonic())

    def _tick(self, now: float) -> None:
        self._publish(self.state.tick(now))
        if now - self._saved_at > _SAVE_SECONDS:
            self._save()
        if self.state.online:
            self._send_requests()
        else:
            self._connection.check_join_timeout(now)
