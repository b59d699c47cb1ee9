"""Whose words these are: the author decides, and the nickname only where no author is named."""

from chatdesk.client.own_identity import OwnIdentity
from chatdesk.protocol.events import Message
from chatdesk.protocol.markup import Mention

AT = "2024-01-01T12:00:00.000Z"


def said(nickname: str, author: str = "") -> Message:
    return Message(nickname, "Hello", AT, "lobby", 1, author=author)


def test_the_author_decides_under_whatever_nickname() -> None:
    own = OwnIdentity("Kit")
    own.welcomed("Kit", "a1")
    assert own.is_mine(said("Kit", "a1"))
    assert own.is_mine(said("Somebody", "a1"))
    assert not own.is_mine(said("Kit", "b2"))


def test_where_no_author_is_named_a_nickname_decides_that_one_has_or_had() -> None:
    own = OwnIdentity("Kit")
    assert not own.is_mine(said("Kit")), "nobody has welcomed them yet"
    own.welcomed("Kit", "")
    own.welcomed("Kit 2", "")
    assert own.is_mine(said("Kit"))
    assert own.is_mine(said("KIT 2"))
    assert own.is_mine(said("Kit", "b2")), "the server has not said who the person is"
    assert not own.is_mine(said("Ana"))


def test_a_message_without_an_author_is_read_by_nickname_even_if_the_server_names_others() -> None:
    own = OwnIdentity("Kit")
    own.welcomed("Kit", "a1")
    assert own.is_mine(said("Kit"))
    assert not own.is_mine(said("Ana"))


def test_a_mention_means_the_author_or_everybody_and_a_name_only_where_no_author_is_known() -> None:
    own = OwnIdentity("Kit")
    own.welcomed("Kit", "a")
    assert own.is_meant(Mention("Old name", "a"))
    assert not own.is_meant(Mention("Kit", "b"))
    assert own.is_meant(Mention("room", ""))
    own.welcomed("Kit", "")
    assert own.is_meant(Mention("kit", ""))
    assert not own.is_meant(Mention("Mara", ""))
