"""Who the person is to the server, and the one rule that tells whose a message or a person is."""

from functools import lru_cache
from typing import Protocol

from chatdesk.protocol.commands import Mentioned
from chatdesk.protocol.events import Message, Welcome
from chatdesk.protocol.fields import Availability
from chatdesk.protocol.markup import Mention
from chatdesk.protocol.names import EVERYBODY, nickname_key

_key = lru_cache(maxsize=1024)(nickname_key)
"""The cache holds the nicknames of a large room; a key costs Unicode normalization."""


class Named(Protocol):
    """Whatever has an author and a nickname: a message, a person, somebody who types."""

    @property
    def nickname(self) -> str: ...
    @property
    def author(self) -> str: ...


def person_key(person: Named) -> str:
    """What tells people apart: the author, under whatever nickname; the nickname where the server names no author."""
    return f"author:{person.author}" if person.author else f"name:{_key(person.nickname)}"


def identity_of(welcome: Welcome) -> tuple[str, ...]:
    """Who somebody is to a server, and in which room."""
    return welcome.nickname, welcome.token, welcome.room, welcome.server.id, welcome.me


class OwnIdentity:
    """The person's nickname, and what the server calls them."""

    def __init__(self, nickname: str) -> None:
        self.nickname = nickname
        self.author = ""
        """What the server calls the person; empty until it does."""
        self.availability: Availability = "online"
        """What the person has said here about whether they are there."""
        self._keys: set[str] = set()

    def welcomed(self, nickname: str, author: str) -> None:
        """The server knows the person under this nickname, as this author."""
        self.nickname = nickname
        self.author = author
        self._keys.add(_key(nickname))

    def is_mine(self, named: Named) -> bool:
        """Whether this is the person's own: the same author, under whatever nickname.

        Where the server names no author, the nicknames decide that the person has or had.
        """
        if self.author and named.author:
            return named.author == self.author
        return _key(named.nickname) in self._keys

    def is_mentioned(self, message: Message) -> bool:
        """Whether somebody else's message mentions the person."""
        return any(map(self.is_meant, message.mentions)) and not self.is_mine(message)

    def is_meant(self, mention: Mention | Mentioned) -> bool:
        """Whether a mention means the person: by the rule for their own messages, or as one of all in the room."""
        if mention.author and self.author:
            return mention.author == self.author
        return mention.name == EVERYBODY or _key(mention.name) in self._keys
