"""What a timeline shows of a message beside its words: the one that it answers, who has reacted, whom it means."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from chatdesk.client.state import ChatState
from chatdesk.protocol.events import Message
from chatdesk.protocol.markup import (
    Block,
    Emphasis,
    Inline,
    List,
    Mention,
    Paragraph,
    Quote,
    Strike,
    Strong,
    Table,
    plain_text,
)
from chatdesk.protocol.removal import removal

_EARLIER, _GONE = "An earlier message", "A message that is not there any more"


class Quoted(NamedTuple):
    """The message that is answered, as it is now. Without a nickname, ``words`` say what there is to say of it."""

    seq: int
    nickname: str
    author: str
    words: str
    nameless: bool = False


def quoted(reply_to: int | None, state: ChatState) -> Quoted | None:
    """Return the message of this number as an answer to it shows it; None if there is no answer."""
    if not reply_to:
        return None
    acts = state.shown.acts
    original = acts.quote(reply_to)
    if original is None:
        return Quoted(reply_to, "", "", _GONE if acts.quotes.is_missing(reply_to) else _EARLIER)
    if original.deleted:
        return Quoted(original.seq, "", "", removal(original, own=state.is_mine(original)))
    words = " ".join(words_of(original).split())
    return Quoted(original.seq, original.nickname, original.author, words, original.nameless)


def means_own(message: Message, state: ChatState) -> bool:
    """Return whether a message mentions the person, who has not written it."""
    meant = any(map(state.own.is_meant, mentions(message.body or ())))
    return meant and not state.is_mine(message)


def mentions(pieces: Iterable[Block | Inline]) -> Iterator[Mention]:
    """Yield the mentions in a tree."""
    for piece in pieces:
        match piece:
            case Mention():
                yield piece
            case Paragraph() | Strong() | Emphasis() | Strike():
                yield from mentions(piece.content)
            case Quote():
                yield from mentions(piece.blocks)
            case List():
                yield from mentions(chain.from_iterable(piece.items))
            case Table():
                yield from mentions(chain.from_iterable(chain(piece.head, *piece.rows)))


def words_of(message: Message) -> str:
    """Return what a message says, without marks."""
    return plain_text(message.body) if message.body else message.content
