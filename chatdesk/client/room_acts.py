"""Acting on the messages of a room: what waits for the server, what one's own is, quoted and pinned messages."""

from collections.abc import Iterator

from chatdesk.client.changes import (
    Change,
    EditRefused,
    MessageUpdated,
    NoticeReceived,
    PinsChanged,
    QuotesChanged,
    ReactorsChanged,
)
from chatdesk.client.own_identity import OwnIdentity
from chatdesk.client.own_reactions import OwnReactions
from chatdesk.client.pending_acts import Act, PendingActs
from chatdesk.client.pins import Pins
from chatdesk.client.quotes import Quotes
from chatdesk.client.reactors import Reactors
from chatdesk.client.requests import Request, Requested, RequestKind
from chatdesk.client.transcript import Transcript
from chatdesk.client.validation import InvalidEventError
from chatdesk.protocol import commands, events

Answer = events.Messages | events.Pins | events.OwnReactions | events.Reactions
"""What the server answers to questions about messages."""


class RoomActs:
    """The transcript shows what was done at once; everything else here follows the server."""

    def __init__(self, own: OwnIdentity, transcript: Transcript) -> None:
        self.quotes = Quotes()
        self.reactors = Reactors()
        self._transcript = transcript
        self._pending = PendingActs(own)
        self._pins = Pins()
        self._own_reactions = OwnReactions(own)
        transcript.preview = self._preview

    # What a view asks

    def quote(self, seq: int) -> events.Message | None:
        """The message of this number as it is now; None if there is none, or it has to be asked for."""
        return self._transcript.find(seq) or self.quotes.find(seq)

    def own_reactions(self, message: events.Message) -> frozenset[str]:
        """With which of the reactions to a message, as it is shown, the person has reacted."""
        own = set(self._own_reactions.of(message))
        for act in self._pending.of(message.seq):
            if isinstance(act, commands.React):
                (own.add if act.active else own.discard)(act.emoji)
        return frozenset(own)

    def show_pins(self) -> None:
        """A view shows what is pinned from now on."""
        self._pins.show()

    @property
    def pinned(self) -> list[events.Message]:
        """The pinned messages, the newest first."""
        shown = {seq: self._preview(message) for seq, message in self._pins.messages.items()}
        for act in self._pending:
            if isinstance(act, commands.Pin) and (message := self._transcript.find(act.seq)):
                shown[act.seq] = message
        return [shown[seq] for seq in sorted(shown, reverse=True) if shown[seq].pinned]

    @property
    def unconfirmed_edits(self) -> list[commands.Edit]:
        """The edits that the server has not confirmed, the latest last."""
        return [act for act in self._pending if isinstance(act, commands.Edit)]

    # What the person does

    def do(self, act: Act) -> list[Change]:
        """Act on a message: it is shown at once, and sent when its turn comes."""
        self._pending.add(act)
        return self._redrawn(act)

    def wanted(self) -> Iterator[tuple[RequestKind, Requested]]:
        """The requests whose answers are wanted now."""
        yield from self._pending.wanted()
        yield from self._own_reactions.wanted()
        yield from self.quotes.wanted()
        yield from self._pins.wanted()
        yield from self.reactors.wanted()

    # What the server says

    def updated(self, message: events.Message, request: Request | None) -> list[Change]:
        """A message has changed, perhaps by an act of the person."""
        act = self._pending.close(request.command.id) if request and request.kind == "act" else None
        if isinstance(act, commands.React):
            self._own_reactions.confirmed(act)
        self.quotes.update(message)
        changes: list[Change] = [QuotesChanged((message.seq,))]
        if self._pins.update(message) or isinstance(act, commands.Pin):
            changes.append(PinsChanged())
        if self.reactors.update(message):
            changes.append(ReactorsChanged())
        return [*(self._transcript.refresh(message.seq) if act else []), *changes]

    def receive(self, answer: Answer, request: Request) -> list[Change]:
        """Take note of an answer. Raises InvalidEventError for one to another question."""
        match answer, request.command:
            case events.Messages(), commands.Messages() as asked:
                return [QuotesChanged(tuple(self.quotes.receive(answer, asked)))]
            case events.Pins(), commands.Pins():
                self._pins.receive(answer)
                return [PinsChanged()]
            case events.OwnReactions(), commands.OwnReactions() as asked:
                seqs = self._own_reactions.receive(answer, asked)
                return [MessageUpdated(message) for seq in seqs if (message := self._transcript.find(seq))]
            case events.Reactions(), commands.Reactions() as asked:
                self.reactors.receive(answer, asked)
                return [ReactorsChanged()]
        raise InvalidEventError("an answer to another question")

    def refuse(self, request: Request, error: events.Error) -> list[Change]:
        """The server refuses an act, which is taken back, or a question, which an earlier version does not know."""
        match request.command:
            case commands.Messages() as asked:
                self.quotes.refuse(asked)
                return [QuotesChanged(asked.seqs)]
            case commands.Pins():
                self._pins.refuse()
            case commands.OwnReactions():
                self._own_reactions.refuse()
            case commands.Reactions() as asked:
                self.reactors.refuse(asked)
                return [ReactorsChanged()]
            case commands.Edit() | commands.Delete() | commands.React() | commands.Pin() as act:
                self._pending.close(act.id)
                refused: list[Change] = [EditRefused(act.seq, act.content)] if isinstance(act, commands.Edit) else []
                return [*self._redrawn(act), *refused, NoticeReceived(error.content)]
        return []

    def disconnected(self) -> None:
        """Another device may act meanwhile."""
        self._own_reactions.clear()

    def restart(self, *, another_log: bool) -> list[Change]:
        """What has changed was not told, or the room has ``another_log``, in which numbers mean other messages."""
        if another_log:
            self._pending.clear()
        self.quotes.clear()
        self._own_reactions.clear()
        reactors: list[Change] = [ReactorsChanged()] if self.reactors.hide() else []
        return [*reactors, *([PinsChanged()] if self._pins.restart() else [])]

    def _preview(self, message: events.Message) -> events.Message:
        if not self._pending.of(message.seq):
            return message
        return self._pending.preview(message, self._own_reactions.of(message))

    def _redrawn(self, act: Act) -> list[Change]:
        pins: list[Change] = [PinsChanged()] if isinstance(act, commands.Pin | commands.Delete) else []
        return [*self._transcript.refresh(act.seq), QuotesChanged((act.seq,)), *pins]
