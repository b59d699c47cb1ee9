"""A person in a chat: joins, reconnects, and keeps messages in order without losing one or sending one twice."""

import asyncio
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from chatdesk.client.batch import Batch
from chatdesk.client.boot_clock import boot_seconds
from chatdesk.client.changes import Change, Connecting, DraftRestored, Ended, NoticeReceived
from chatdesk.client.connection import CloseReason
from chatdesk.client.event_filter import EventFilter
from chatdesk.client.export import Progress, export
from chatdesk.client.history_requests import HistoryRequests
from chatdesk.client.outbox import Outgoing
from chatdesk.client.persistence import Persistence
from chatdesk.client.proof_request import ProofRequest
from chatdesk.client.reachability_probe import ReachabilityProbe
from chatdesk.client.reconnecting import NOT_READY, ReconnectingConnection
from chatdesk.client.saved_state import ClientStore
from chatdesk.client.state import ChatState
from chatdesk.export.formats import Format
from chatdesk.export.metadata import ExportMetadata
from chatdesk.protocol import codec, commands, events
from chatdesk.protocol.commands import ClientKind
from chatdesk.protocol.errors import ErrorCode

_TICK_SECONDS = 1.0
"""Typing expires and retries are due on whole seconds."""
_SUSPENDED_SECONDS = 5.0
"""A tick that is this late shows that the machine has slept or the program was stopped."""
_TYPING_EVERY_SECONDS = 3.0
"""Renewals of typing, which expires after five seconds at the others."""
_SAVE_SECONDS = 5.0
"""How often the read position and the draft are saved."""
_LEFT_CHAT = "You are no longer in the chat: join it again, then export."


class ChatClient:
    """A person in a chat. Create and use it on a running loop; ``on_changes`` is called on that loop too.

    ``token`` proves an identity that was issued elsewhere, such as the host's. The ``store`` keeps the identity,
    the read position, unsent messages and the draft for the next start of the program.
    """

    def __init__(
        self,
        url: str,
        nickname: str,
        *,
        client: ClientKind = "window",
        token: str | None = None,
        store: ClientStore | None = None,
        on_changes: Callable[[list[Change]], None],
    ) -> None:
        self.state = ChatState(nickname, token=token)
        self._url = url
        self._given_token = token
        self._own_token = f"{commands.CLIENT_TOKEN_PREFIX}{secrets.token_hex(16)}"
        self._kind: ClientKind = client
        self._batch = Batch(on_changes)
        self._persistence = Persistence(store, url, given=token is not None, warn=self._warn)
        self._connection = ReconnectingConnection(
            url,
            self.state,
            first_command=self._first_command,
            on_changes=self._publish,
            on_disconnect=self._disconnected,
        )
        self._history_requests = HistoryRequests(self._connection.send)
        self._reachability = ReachabilityProbe(url)
        self._event_filter = EventFilter()
        self._proof_request: ProofRequest | None = None
        self._typing_at: float | None = None
        self._saved_at = 0.0
        self._draft = ""

    async def run(self, nickname: str | None = None) -> None:
        """Join, and reconnect after every loss, until ``stop`` or until the server refuses for good.

        Then the status is ``Ended``. ``run`` may be called again, with another ``nickname`` if one is given.
        """
        self.state.nickname = nickname or self.state.nickname
        if self.state.server is None:
            known = self._given_token or self._persistence.token(self.state.nickname)
            self.state.token = known or self._own_token
            other_tokens = [] if known else self._persistence.other_tokens(self.state.nickname)
            self._proof_request = ProofRequest(other_tokens) if other_tokens else None
        self._history_requests.disconnected()
        self._publish(self.state.set_status(Connecting()))
        try:
            async with asyncio.TaskGroup() as tasks:
                ticking = tasks.create_task(self._tick_forever())
                reason = await self._connection.run(self._receive)
                ticking.cancel()
            if not isinstance(self.state.status, Ended):
                self._publish(self.state.set_status(Ended(reason.sentence)))
        except asyncio.CancelledError:
            self._batch.drop()
            raise
        finally:
            self._history_requests.close(_LEFT_CHAT)
            self._reachability.cancel()
            self._save()
            self._batch.flush()

    def stop(self) -> None:
        """Leave the chat; ``run`` returns within a second or two."""
        self._connection.stop()

    def reconnect_now(self) -> None:
        """Skip the rest of the delay before the next attempt."""
        self._connection.reconnect_now()

    def send(self, text: str) -> str:
        """Send a message; return the id under which it waits in the outbox."""
        entry = Outgoing(secrets.token_hex(8), text, events.timestamp())
        self._publish(self.state.queue(entry))
        self._persistence.save_draft(self._draft)
        self._typing_at = None
        self._send_next()
        return entry.id

    def resend(self, message_id: str) -> None:
        """Retry a refused message."""
        self._publish(self.state.resend(message_id))
        self._send_next()

    def discard(self, message_id: str) -> None:
        """Discard a refused message."""
        self._publish(self.state.discard(message_id))

    def withdraw(self, message_id: str) -> str:
        """Discard a refused message and return its text, to be edited; empty for one that is in flight."""
        words = next((entry.content for entry in self.state.outbox if entry.id == message_id and entry.error), "")
        if words:
            self._persistence.save_draft(f"{words}\n{self._draft}".rstrip("\n"))
            self.discard(message_id)
        return words

    def set_draft(self, text: str) -> None:
        """Set the text that the person has written and not sent yet."""
        self._draft = text

    def set_typing(self, active: bool) -> None:
        """Tell the others whether the person is typing, no more often than needed."""
        now = time.monotonic()
        if active and self._typing_at is not None and now - self._typing_at < _TYPING_EVERY_SECONDS:
            return
        if active or self._typing_at is not None:
            self._typing_at = now if active else None
            if self.state.online:
                self._connection.send(commands.Typing(active))

    # Loading and searching

    def load_older(self) -> None:
        """Request messages before the first one; they come as ``Prepended``."""
        self.state.transcript.load_older()
        self._send_requests()

    def load_newer(self) -> None:
        """Request messages after the last one of a detached transcript; they come as ``Appended``."""
        self.state.transcript.load_newer()
        self._send_requests()

    def go_to(self, seq: int) -> None:
        """Show the message of this number, or else the next one; it comes as ``Jumped``."""
        self._publish(self.state.transcript.go_to(seq))
        self._send_requests()

    def go_to_moment(self, timestamp: str) -> None:
        """Show the messages from this time on, in the wire format; it comes as ``Jumped``."""
        self.state.transcript.go_to_moment(timestamp)
        self._send_requests()

    def go_to_latest(self) -> None:
        """Show the newest messages; they come as ``Jumped(None)``. The divider marks what has not been seen."""
        self._publish(self.state.go_to_latest())
        self._send_requests()

    def search(self, query: str) -> None:
        """Search the room; results come as ``SearchChanged``. An empty query ends the search."""
        self._publish(self.state.search_state.start(query))
        self._send_requests()

    def search_more(self) -> None:
        """Search further back."""
        self._publish(self.state.search_state.load_more())
        self._send_requests()

    def mark_read(self, seq: int) -> None:
        """The person has seen the messages up to this one; it does not count while they are away."""
        self.state.mark_read(seq)

    def mark_away(self) -> None:
        """The person looks elsewhere."""
        self._publish(self.state.mark_away())

    def mark_present(self) -> None:
        """The person looks at the chat again: what is new to them comes as ``UnreadChanged``."""
        self._publish(self.state.mark_present())

    def clear_history(self) -> None:
        """Delete the history of the room for everybody; only the host may."""
        if self.state.online:
            self._connection.send(commands.Clear())

    async def export(self, path: Path, form: Format, progress: Progress) -> int:
        """Write the whole history of the room to a file, whatever is loaded; cancel it to stop.

        ``progress`` is called with how many messages are written, of how many. Returns their number. Raises
        ExportError.
        """
        server = self.state.server
        about = ExportMetadata(server.name if server else "", self.state.room, server.host if server else "")
        return await export(self._history_requests, path, form, about, progress)

    # Events and commands

    def _first_command(self) -> commands.Join | commands.Prove:
        """The first command of a connection: a join, or at a new address a request for proof of who the server is."""
        return self._proof_request.command if self._proof_request else self._join()

    def _join(self) -> commands.Join:
        capabilities = (
            events.PRESENCE_CAPABILITY,
            *((events.REACH_CAPABILITY,) if self._reachability.supported else ()),
        )
        return commands.Join(
            self.state.nickname,
            self.state.room,
            self.state.token,
            capabilities,
            self._kind,
            self.state.transcript.resume,
        )

    def _receive(self, event: events.Event) -> None:
        if not self._event_filter.accepts(event) or self._history_requests.resolve(event):
            return
        if isinstance(event, events.Reach):
            self._reachability.run(event)
            return
        if self._proof_request:
            self._handle_proof(event, self._proof_request)
            return
        was_online = self.state.online
        if isinstance(event, events.Welcome):
            self._handle_welcome(event)
        else:
            self._publish(self.state.apply(event, time.monotonic()))
        if self.state.online and not was_online:
            self._connection.joined()
            self._history_requests.connected()
        if isinstance(self.state.status, Ended):
            self._connection.close(CloseReason(self.state.status.sentence, may_reconnect=False))
        if isinstance(event, events.Error) and (event.code, event.ref) == (ErrorCode.STORAGE, "join"):
            self._connection.close(NOT_READY)
        self._send_requests()
        self._send_next()

    def _handle_proof(self, event: events.Event, proof_request: ProofRequest) -> None:
        """Join with the proven token, or as a newcomer where the server proves nothing."""
        if not isinstance(event, events.Proof | events.Error):
            return
        endpoint = self._connection.endpoint
        proof = event if isinstance(event, events.Proof) else events.Proof([])
        self.state.token = (proof_request.proven_token(proof, endpoint) if endpoint else None) or self.state.token
        self._proof_request = None
        self._connection.send(self._join())

    def _handle_welcome(self, welcome: events.Welcome) -> None:
        """Enter the room and restore what was saved for it."""
        saved = self._persistence.enter_room(welcome, list(self.state.outbox))
        self._publish(self.state.apply(welcome, time.monotonic()))
        if saved:
            self._publish(self.state.show_unverified(saved.unverified))
            self._publish(self.state.restore(saved.unsent, saved.epoch, saved.read))
            if saved.draft:
                self._draft = saved.draft
                self._batch.add([DraftRestored(saved.draft)])

    def _disconnected(self) -> None:
        """A connection has ended, and with it all that was in flight."""
        self._event_filter.reset()
        self._history_requests.disconnected()
        self._publish(self.state.disconnected())

    def _send_next(self) -> None:
        """Send the next message of the outbox, if its turn has come."""
        while self.state.online and (entry := self.state.outbox.next(time.monotonic())):
            command = commands.Message(entry.content, entry.id)
            if self._fits(command):
                self._connection.send(command)
                return
            self._publish(self.state.fail(entry.id, "The message is too long."))

    def _fits(self, command: commands.Message) -> bool:
        """Whether the server accepts its length; a frame that is too long would end the connection."""
        limits = self.state.limits
        return limits is None or (
            len(command.content) <= limits.content_chars and len(codec.encode(command)) <= limits.message_bytes
        )

    def _send_requests(self) -> None:
        if not self.state.online:
            return
        for request in self.state.transcript.pop_requests():
            self._connection.send(request)
        if search := self.state.search_state.pop_request():
            self._connection.send(search)

    def _publish(self, changes: list[Change]) -> None:
        self._persistence.record(changes)
        self._batch.add(changes)

    def _warn(self, sentence: str) -> None:
        self._batch.add([NoticeReceived(sentence)])

    def _save(self) -> None:
        self._saved_at = time.monotonic()
        self._persistence.save_draft(self._draft)
        self._persistence.save_read_position(self.state.read_position.epoch, self.state.read_position.seq)

    # Timers

    async def _tick_forever(self) -> None:
        while True:
            before = boot_seconds()
            await asyncio.sleep(_TICK_SECONDS)
            if boot_seconds() - before > _SUSPENDED_SECONDS:
                self._connection.probe()
            self._tick(time.monotonic())

    def _tick(self, now: float) -> None:
        self._publish(self.state.expire(now))
        if now - self._saved_at > _SAVE_SECONDS:
            self._save()
        if self.state.online:
            self.state.transcript.retry()
            self.state.search_state.retry()
            self.state.search_state.refresh()
            self._send_requests()
            self._send_next()
        else:
            self._connection.check_join_timeout(now)
