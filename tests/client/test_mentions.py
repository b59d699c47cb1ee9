"""Whom messages mention, as a client knows it: counted with what is unread, and told once."""

from chatdesk.client.changes import NewMessage
from chatdesk.client.own_identity import OwnIdentity
from chatdesk.client.room_state import RoomState
from chatdesk.protocol.commands import Mentioned
from chatdesk.protocol.events import History, Message, Updated

ME, ALL, OTHER = Mentioned("Kit", "k"), Mentioned("room"), Mentioned("Ana", "a")


def said(seq: int, *mentions: Mentioned, author: str = "a", change: int = 0) -> Message:
    return Message("Ana", "hi", "2026-11-24T12:00:00Z", seq=seq, change=change or seq, author=author, mentions=mentions)


def room() -> RoomState:
    own = OwnIdentity("Kit")
    own.welcomed("Kit", "k")
    made = RoomState("lobby", own)
    made.stage = "entering"
    made.apply(History("lobby", "e", [said(1)], False, 1, 1, change=1), None, 0.0)
    return made


def test_mentions_count_by_author_and_for_everybody_but_never_ones_own() -> None:
    """Behaviour 10, 18."""
    made = room()
    for message in (said(2, ME), said(3, OTHER), said(4, ALL), said(5, ALL, author="k"), said(6, OTHER, ME)):
        made.apply(message, None, 0.0)
    assert (made.unread, made.mentions) == (4, 3)
    made.mark_read(4)
    assert (made.unread, made.mentions) == (1, 1)


def test_an_edit_that_adds_somebody_is_news_to_them_once() -> None:
    """Behaviour 10."""
    made = room()

    def edited(*mentions: Mentioned, change: int) -> list[object]:
        changes = made.apply(Updated("lobby", 1, change, said(1, *mentions, change=change)), None, 0.0)
        return [change for change in changes if isinstance(change, NewMessage)]

    assert edited(OTHER, change=2) == []
    assert len(edited(OTHER, ME, change=3)) == 1
    assert edited(ME, change=4) == []
