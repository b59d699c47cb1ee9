"""What stands beside the words of a message: the one that it answers as it is now, reactions, mentions."""

import pytest
from msgspec import structs

from chatdesk.desktop.models.quotes import Quoted, means_own, quoted, removal
from chatdesk.desktop.models.row_list_model import accessible_text
from chatdesk.desktop.models.rows import MessageRow
from chatdesk.markup.parse import parse
from chatdesk.protocol.events import Message, Reaction, Reactor
from tests.desktop.simulated_chat import SimulatedChat


@pytest.fixture
def chat(qapp: object) -> SimulatedChat:
    made = SimulatedChat()
    made.receive_messages(2)
    return made


def change(chat: SimulatedChat, seq: int, **fields: object) -> Message:
    """Let a message become another one, as the host says."""
    chat.log[seq - 1] = structs.replace(chat.log[seq - 1], change=99, **fields)
    chat.state.shown.transcript.messages[seq - chat.state.shown.transcript.start] = chat.log[seq - 1]
    chat.model.update_message(chat.log[seq - 1])
    chat.model.update_quotes((seq,))
    return chat.log[seq - 1]


def message_rows(chat: SimulatedChat) -> list[MessageRow]:
    return [row for row in chat.rows if isinstance(row, MessageRow)]


def test_an_answer_shows_the_other_message_as_it_is_now(chat: SimulatedChat) -> None:
    """Behaviour 2."""
    change(chat, 2, reply_to=1)
    assert message_rows(chat)[1].quoted == Quoted(1, "Kit", "", "Kit 0")
    change(chat, 1, content="**new**", body=parse("**new**"), edited="2026-11-24T12:01:00Z")
    assert message_rows(chat)[1].quoted == Quoted(1, "Kit", "", "new")


def test_an_answer_to_a_deleted_message_stays_and_says_who_has_deleted_it(chat: SimulatedChat) -> None:
    """Behaviour 1."""
    change(chat, 2, reply_to=1)
    change(chat, 1, content="", deleted="author")
    assert message_rows(chat)[1].quoted == Quoted(1, "", "", "Kit took a message back")
    assert accessible_text(message_rows(chat)[0]) == "Kit took a message back"
    assert message_rows(chat)[1].first, "a deleted message ends the group"
    assert quoted(77, chat.state) == Quoted(77, "", "", "An earlier message")
    assert quoted(None, chat.state) is None


@pytest.mark.parametrize(
    ("deleted", "by", "own", "sentence"),
    [
        ("author", "", True, "You took a message back"),
        ("host", "Mara", False, "Mara removed a message by Kit"),
        ("moderator", "", True, "The moderator removed a message by you"),
    ],
)
def test_what_stands_for_a_deleted_message(deleted: str, by: str, own: bool, sentence: str) -> None:
    assert removal(Message("Kit", "", "", deleted=deleted, deleted_by=by), own=own) == sentence


def test_a_row_is_read_with_all_that_belongs_to_it(chat: SimulatedChat) -> None:
    thumbs = Reaction("👍", 6, (Reactor("Mara"), Reactor("Priya")))
    change(chat, 2, reply_to=1, edited="2026-11-24T12:01:00Z", reactions=(thumbs,), pinned=True)
    text = accessible_text(message_rows(chat)[1])
    assert text.startswith("Kit, ")
    assert ", edited " in text
    assert text.endswith(", answers Kit, pinned: Kit 1. 6 thumbs up, yours too")


def test_a_mention_anywhere_in_the_tree_means_one_but_not_in_own_words(chat: SimulatedChat) -> None:
    for words in ("@Mara", "**hi @Mara**", "- @Mara", "| a |\n|---|\n| @Mara |"):
        said = Message("Kit", words, "", body=parse(words, {"Mara": "m"}))
        assert means_own(said, chat.state)
        assert not means_own(structs.replace(said, nickname="Mara"), chat.state)
    assert not means_own(Message("Kit", "@Mara", "", body=parse("`@Mara` **x**", {"Mara": "m"})), chat.state)
