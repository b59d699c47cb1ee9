"""A chat as a person has it: joined once, kept alive, with everything said in order and nothing said lost."""

import asyncio
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from chatdesk.client.asking import Asking
from chatdesk.client.batch import Batch
from chatdesk.client.changes import Change, Connecting, Ended, Noticed, Unfinished
from chatdesk.client.conduct import Conduct
from chatdesk.client.connection import End
from chatdesk.client.export import Progress, export
from chatdesk.client.memory import Memory
from chatdesk.client.outbox import Outgoing
from chatdesk.client.proving import Proving
from chatdesk.client.reaching import Reaching
from chatdesk.client.remembering import Remembering
from chatdesk.client.state import ChatState
from chatdesk.client.steady import steady_seconds
from chatdesk.client.visits import NOT_READY, Visits
from chatdesk.export.about import About
from chatdesk.export.formats import Format
from chatdesk.protocol import codec, commands, events
from chatdesk.protocol.commands import ClientKind
from chatdesk.protocol.errors import ErrorCode

_TICK_SECONDS = 1.0
_HELD_SECONDS = 5.0
"""A tick that comes so late: the machine has slept, or this program was held still."""
_TYPING_EVERY_SECONDS = 3.0
_NOTE_SECONDS = 5.0
"""How often what one reads and writes is kept."""
_OVER = "You are no longer in the chat: join it again, then export."


class ChatClient:
    """A person in a chat. To be made and used on a running loop; ``on_changes`` is called on it too.

    ``token`` proves an identity that comes from elsewhere, such as the host's. What is in the ``memory`` survives the
    program: who one was, what one has read, what one has not got rid of.
    """

    def __init__(
        self,
        url: str,
        nickname: str,
        *,
        client: ClientKind = "window",
        token: str | None = None,
        memory: Memory | None = None,
        on_changes: Callable[[list[Change]], None],
    ) -> None:
        self.state = ChatState(nickname, token=token)
        self._url = url
        self._given_token = token
        self._own_token = f"{commands.OWN_TOKEN}{secrets.token_hex(16)}"
        self._kind: ClientKind = client
        self._batch = Batch(on_changes)
        self._remembering = Remembering(memory, url, given=token is not None, warn=self._warn)
        self._visits = Visits(url, self.state, first=self._first, changed=self._changed, gone=self._gone)
        self._asking = Asking(self._visits.say)
        self._reaching = Reaching(url)
        self._conduct = Conduct()
        self._proving: Proving | None = None
        self._typing_at: float | None = None
        self._noted_at = 0.0
        self._written = ""

    async def run(self, nickname: str | None = None) -> None:
        """Join, and come back after every loss, until ``stop``, or until the server will not have us.

        Then the status is ``Ended``, and it may run again, under another ``nickname`` if one is given.
        """
        self.state.nickname = nickname or self.state.nickname
        if self.state.server is None:
            known = self._given_token or self._remembering.look_up(self.state.nickname)
            self.state.token = known or self._own_token
            elsewhere = [] if known else self._remembering.elsewhere(self.state.nickname)
            self._proving = Proving(elsewhere) if elsewhere else None
        self._asking.lost()
        self._changed(self.state.set_status(Connecting()))
        try:
            async with asyncio.TaskGroup() as tasks:
                ticking = tasks.create_task(self._tick_forever())
                end = await self._visits.stay(self._receive)
                ticking.cancel()
            if not isinstance(self.state.status, Ended):
                self._changed(self.state.set_status(Ended(end.sentence)))
        except asyncio.CancelledError:
            self._batch.drop()
            raise
        finally:
            self._asking.over(_OVER)
            self._reaching.stop()
            self._note()
            self._batch.flush()

    def stop(self) -> None:
        """Leave the chat; ``run`` returns within a second or two."""
        self._visits.stop()

    def reconnect_now(self) -> None:
        """Do not wait any longer for the next attempt."""
        self._visits.come_back_now()

    def send(self, text: str) -> str:
        """Say something; returns the id under which it waits in the outbox."""
        entry = Outgoing(secrets.token_hex(8), text, events.timestamp())
        self._changed(self.state.queue(entry))
        self._remembering.note_written(self._written)
        self._typing_at = None
        self._send_next()
        return entry.id

    def resend(self, message_id: str) -> None:
        """Say again what was refused."""
        self._changed(self.state.resend(message_id))
        self._send_next()

    def discard(self, message_id: str) -> None:
        """Give up on what was refused."""
        self._changed(self.state.discard(message_id))

    def take_back(self, message_id: str) -> str:
        """Give up on what was refused, to write it again; its words, or nothing for what is on its way."""
        words = next((entry.content for entry in self.state.outbox if entry.id == message_id and entry.error), "")
        if words:
            self._remembering.note_written(f"{words}\n{self._written}".rstrip("\n"))
            self.discard(message_id)
        return words

    def write(self, text: str) -> None:
        """Take note of what the person has written and not said yet."""
        self._written = text

    def set_typing(self, active: bool) -> None:
        """Tell the others, no more often than they need it."""
        now = time.monotonic()
        if active and self._typing_at is not None and now - self._typing_at < _TYPING_EVERY_SECONDS:
            return
        if active or self._typing_at is not None:
            self._typing_at = now if active else None
            if self.state.online:
                self._visits.say(commands.Typing(active))

    # What the reader wants to see

    def load_older(self) -> None:
        """Ask for messages before the first; they come as ``Prepended``."""
        self.state.transcript.load_older()
        self._ask()

    def load_newer(self) -> None:
        """Ask for messages after the last of a detached transcript; they come as ``Appended``."""
        self.state.transcript.load_newer()
        self._ask()

    def go_to(self, seq: int) -> None:
        """Show the message of this number, or else the next one; it comes as ``Jumped``."""
        self._changed(self.state.transcript.go_to(seq))
        self._ask()

    def go_to_moment(self, timestamp: str) -> None:
        """Show what was said from this moment on, in the notation of the wire; it comes as ``Jumped``."""
        self.state.transcript.go_to_moment(timestamp)
        self._ask()

    def go_to_latest(self) -> None:
        """Show the newest messages; they come as ``Jumped(None)``. What has not been seen is divided off."""
        self._changed(self.state.go_to_latest())
        self._ask()

    def search(self, query: str) -> None:
        """Search the room; what is found comes as ``Searched``. An empty query ends the search."""
        self._changed(self.state.searching.begin(query))
        self._ask()

    def search_more(self) -> None:
        """Search further back."""
        self._changed(self.state.searching.more())
        self._ask()

    def mark_read(self, seq: int) -> None:
        """The person has seen the messages up to this one; while they are away it does not count."""
        self.state.mark_read(seq)

    def away(self) -> None:
        """The person looks elsewhere."""
        self._changed(self.state.away())

    def back(self) -> None:
        """The person looks here again: what is new to them comes as ``UnreadChanged``."""
        self._changed(self.state.back())

    def clear_history(self) -> None:
        """Delete the history of the room, for everybody; only the host may."""
        if self.state.online:
            self._visits.say(commands.Clear())

    async def export(self, path: Path, form: Format, progress: Progress) -> int:
        """Write the whole history of the room to a file, whatever is shown of it; cancel it to stop.

        ``progress`` is told how many messages are written, of how many. Raises ExportError.
        """
        server = self.state.server
        about = About(server.name if server else "", self.state.room, server.host if server else "")
        return await export(self._asking, path, form, about, progress)

    # What comes and what goes

    def _first(self) -> commands.Join | commands.Prove:
        """What a visit begins with: a join, but at a new address first the question whether one knows who is there."""
        return self._proving.question if self._proving else self._join()

    def _join(self) -> commands.Join:
        capabilities = (events.PRESENCE_CAPABILITY, *((events.REACH_CAPABILITY,) if self._reaching.able else ()))
        return commands.Join(
            self.state.nickname,
            self.state.room,
            self.state.token,
            capabilities,
            self._kind,
            self.state.transcript.resume,
        )

    def _receive(self, event: events.Event) -> None:
        if not self._conduct.concerns(event) or self._asking.take(event):
            return
        if isinstance(event, events.Reach):
            self._reaching.call(event)
            return
        if self._proving:
            self._take_proof(event, self._proving)
            return
        was_online = self.state.online
        if isinstance(event, events.Welcome):
            self._enter(event)
        else:
            self._changed(self.state.apply(event, time.monotonic()))
        if self.state.online and not was_online:
            self._visits.arrived()
            self._asking.online()
        if isinstance(self.state.status, Ended):
            self._visits.hang_up(End(self.state.status.sentence, may_reconnect=False))
        if isinstance(event, events.Error) and (event.code, event.ref) == (ErrorCode.STORAGE, "join"):
            self._visits.hang_up(NOT_READY)
        self._ask()
        self._send_next()

    def _take_proof(self, event: events.Event, proving: Proving) -> None:
        """Join as who one is known to be, or as a newcomer where the server proves nothing, or cannot."""
        if not isinstance(event, events.Proof | events.Error):
            return
        reached = self._visits.reached
        proof = event if isinstance(event, events.Proof) else events.Proof([])
        self.state.token = (proving.proved(proof, reached) if reached else None) or self.state.token
        self._proving = None
        self._visits.say(self._join())

    def _enter(self, welcome: events.Welcome) -> None:
        """Be where one is welcome; take up what was left in this place when one was last there."""
        left = self._remembering.enter(welcome, list(self.state.outbox))
        self._changed(self.state.apply(welcome, time.monotonic()))
        if left:
            self._changed(self.state.show_unproved(left.unproved))
            self._changed(self.state.restore(left.unsent, left.epoch, left.read))
            if left.written:
                self._written = left.written
                self._batch.add([Unfinished(left.written)])

    def _gone(self) -> None:
        """A visit has ended, and with it what was on its way."""
        self._conduct.begin()
        self._asking.lost()
        self._changed(self.state.disconnected())

    def _send_next(self) -> None:
        """Send the next message of the outbox, if it is its turn."""
        while self.state.online and (entry := self.state.outbox.next(time.monotonic())):
            command = commands.Message(entry.content, entry.id)
            if self._fits(command):
                self._visits.say(command)
                return
            self._changed(self.state.fail(entry.id, "The message is too long."))

    def _fits(self, command: commands.Message) -> bool:
        """Whether the server takes it; a frame that is too long would end the connection."""
        limits = self.state.limits
        return limits is None or (
            len(command.content) <= limits.content_chars and len(codec.encode(command)) <= limits.message_bytes
        )

    def _ask(self) -> None:
        if not self.state.online:
            return
        for question in self.state.transcript.take_requests():
            self._visits.say(question)
        if search := self.state.searching.take_request():
            self._visits.say(search)

    def _changed(self, changes: list[Change]) -> None:
        self._remembering.note(changes)
        self._batch.add(changes)

    def _warn(self, sentence: str) -> None:
        self._batch.add([Noticed(sentence)])

    def _note(self) -> None:
        self._noted_at = time.monotonic()
        self._remembering.note_written(self._written)
        self._remembering.note_read(self.state.reading.epoch, self.state.reading.seq)

    # The clock

    async def _tick_forever(self) -> None:
        while True:
            before = steady_seconds()
            await asyncio.sleep(_TICK_SECONDS)
            if steady_seconds() - before > _HELD_SECONDS:
                self._visits.probe()
            self._tick(time.monotonic())

    def _tick(self, now: float) -> None:
        self._changed(self.state.expire(now))
        if now - self._noted_at > _NOTE_SECONDS:
            self._note()
        if self.state.online:
            self.state.transcript.retry()
            self.state.searching.retry()
            self.state.searching.look_again()
            self._ask()
            self._send_next()
        else:
            self._visits.check_patience(now)
