"""Who has reacted to a message with an emoji: a message names the first few, and the server names all."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from chatdesk.client.people import MAX_PEOPLE
from chatdesk.client.requests import RequestKind
from chatdesk.protocol import commands
from chatdesk.protocol.events import Message, Reaction, Reactions, Reactor


@dataclass(frozen=True, slots=True)
class ShownReactors:
    """The people who have reacted to message ``seq`` with ``emoji``, as far as they are known, in this order.

    ``count`` is how many there are, and ``complete`` says that these are all. ``busy``: an answer is pending.
    """

    seq: int
    emoji: str
    count: int = 0
    people: tuple[Reactor, ...] = ()
    complete: bool = True
    busy: bool = False


class Reactors:
    """The list that somebody looks at: ``shown``, or None. It follows the message, and comes in pages."""

    def __init__(self) -> None:
        self.shown: ShownReactors | None = None
        self._skip = 0
        """How many people stay before the next page."""
        self._stale = False
        """Whether the message has changed while an answer was pending, which may say what was before."""

    def show(self, message: Message, emoji: str) -> None:
        """Somebody looks at the list from now on; the message tells its beginning, and often all of it."""
        self.shown, self._stale = ShownReactors(message.seq, emoji), False
        self._follow(_reaction(message, emoji))

    def hide(self) -> bool:
        """Nobody looks any more, or the message of this number is another one; return whether somebody did."""
        looked, self.shown = self.shown is not None, None
        return looked

    def load_more(self) -> None:
        """Somebody wants to see the next page."""
        if self.shown and not self.shown.complete and not self.shown.busy:
            self._skip = len(self.shown.people)
            self.shown = replace(self.shown, busy=True)

    def wanted(self) -> Iterator[tuple[RequestKind, commands.Reactions]]:
        """The page that is wanted now."""
        if self.shown and self.shown.busy:
            yield "reactors", commands.Reactions(self.shown.seq, self.shown.emoji, self._skip)

    def update(self, message: Message) -> bool:
        """Follow a message that has changed; return whether the list is that of this message."""
        if self.shown is None or message.seq != self.shown.seq:
            return False
        self._stale = self.shown.busy
        self._follow(_reaction(message, self.shown.emoji))
        return True

    def receive(self, answer: Reactions, asked: commands.Reactions) -> None:
        """Add a page; the answer to an earlier question changes nothing."""
        if self.shown is None or not self._is_wanted(asked):
            return
        people = (*self.shown.people[: self._skip], *answer.people)[:MAX_PEOPLE]
        complete = not answer.more or not answer.people or len(people) >= MAX_PEOPLE
        count = len(people) if not answer.more else max(self.shown.count, len(people))
        self.shown = replace(self.shown, people=people, count=count, complete=complete, busy=self._stale)
        self._skip, self._stale = 0, False

    def refuse(self, asked: commands.Reactions) -> None:
        """The server refuses the page, for good: what the message tells is all."""
        if self.shown and self._is_wanted(asked):
            self.shown = replace(self.shown, complete=True, busy=False)

    def _is_wanted(self, asked: commands.Reactions) -> bool:
        return any((asked.seq, asked.emoji, asked.skip) == (it.seq, it.emoji, it.skip) for _, it in self.wanted())

    def _follow(self, reaction: Reaction) -> None:
        """The message tells this much. Where that is not all, the list is asked for, and stays until it comes."""
        if self.shown is None:
            return
        told = reaction.count <= len(reaction.people)
        people = reaction.people if told or not self.shown.people else self.shown.people
        self._skip = 0
        self.shown = replace(self.shown, count=reaction.count, people=people, complete=told, busy=not told)


def _reaction(message: Message, emoji: str) -> Reaction:
    """What a message tells of a reaction to it; nobody where there is none."""
    return next((each for each in message.reactions if each.emoji == emoji), Reaction(emoji, 0, ()))
