"""What the person has done to messages and the server has not confirmed: shown at once, and taken back if refused."""

from collections.abc import Iterator
from itertools import count

from msgspec.structs import replace

from chatdesk.client.own_identity import OwnIdentity
from chatdesk.client.requests import RequestKind
from chatdesk.protocol import times
from chatdesk.protocol.commands import Delete, Edit, Pin, React
from chatdesk.protocol.events import Message, Reaction, Reactor
from chatdesk.protocol.limits import REACTION_NAMES

Act = Edit | Delete | React | Pin


class PendingActs:
    """Acts in the order in which they are sent, one after the other: the next waits for the answer to the first.

    After a loss of the connection the first is sent again; each sets a state, so that does no harm.
    """

    def __init__(self, own: OwnIdentity) -> None:
        self._own = own
        self._acts: list[Act] = []
        self._count = count(1)

    def __iter__(self) -> Iterator[Act]:
        return iter(self._acts)

    def add(self, act: Act) -> None:
        """The person does something. What it makes needless, and was not sent yet, is left out."""
        waiting = [earlier for earlier in self._acts[1:] if _subject(earlier) != _subject(act)]
        self._acts = [*self._acts[:1], *waiting, replace(act, id=f"act {next(self._count)}")]

    def wanted(self) -> Iterator[tuple[RequestKind, Act]]:
        """The act whose turn it is."""
        if self._acts:
            yield "act", self._acts[0]

    def close(self, act_id: str | None) -> Act | None:
        """The server has answered this one: return it, or None if it is not here."""
        answered = next((act for act in self._acts if act.id == act_id), None)
        self._acts = [act for act in self._acts if act is not answered]
        return answered

    def clear(self) -> list[Act]:
        """The room has another log, in which the numbers mean other messages: forget all, and return them."""
        acts, self._acts = self._acts, []
        return acts

    def of(self, seq: int) -> list[Act]:
        """Return what waits for this message."""
        return [act for act in self._acts if act.seq == seq]

    def preview(self, message: Message, own_reactions: frozenset[str]) -> Message:
        """Return a message as it will be once the server has confirmed what waits for it."""
        for act in self.of(message.seq):
            if message.deleted:
                return message
            match act:
                case Edit(content=content) if content != message.content:
                    message = replace(message, content=content, body=None, edited=times.timestamp())
                case Delete():
                    message = self._deleted(message)
                case React(emoji=emoji, active=active) if (emoji in own_reactions) != active:
                    message = replace(message, reactions=self._reacted(message.reactions, emoji, active=active))
                case Pin(active=active):
                    message = replace(message, pinned=active)
        return message

    def _deleted(self, message: Message) -> Message:
        return replace(
            message,
            content="",
            body=None,
            edited=None,
            reply_to=None,
            deleted="author" if self._own.is_mine(message) else "host",
            deleted_by=self._own.nickname,
            reactions=(),
            pinned=False,
        )

    def _reacted(self, reactions: tuple[Reaction, ...], emoji: str, *, active: bool) -> tuple[Reaction, ...]:
        me = Reactor(self._own.nickname, self._own.author)
        if active and all(reaction.emoji != emoji for reaction in reactions):
            return (*reactions, Reaction(emoji, 1, (me,)))
        changed = (_counted(each, me, active=active) if each.emoji == emoji else each for each in reactions)
        return tuple(reaction for reaction in changed if reaction.count)


def _counted(reaction: Reaction, me: Reactor, *, active: bool) -> Reaction:
    """Return a reaction with or without the person."""
    others = tuple(person for person in reaction.people if person.author != me.author)
    people = (*others, me)[:REACTION_NAMES] if active else others
    return Reaction(reaction.emoji, max(0, reaction.count + (1 if active else -1)), people)


def _subject(act: Act) -> tuple[type, int, str]:
    """Of two acts on one subject, only the later one counts."""
    return type(act), act.seq, act.emoji if isinstance(act, React) else ""
