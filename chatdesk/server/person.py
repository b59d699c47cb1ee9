"""A person: an identity under a nickname."""

import time

from chatdesk.protocol import events, times
from chatdesk.protocol.fields import Availability, ClientKind


class Person:
    """An identity under a nickname; several sessions (tabs, devices) may share it."""

    __slots__ = (
        "_since",
        "admitted",
        "author",
        "chosen_status",
        "client",
        "host",
        "identity",
        "joined_at",
        "key",
        "nickname",
        "session_count",
        "status",
        "status_text",
    )

    def __init__(self, nickname: str, key: str, identity: str, author: str, client: ClientKind, host: bool) -> None:
        self.nickname = nickname
        self.key = key
        self.identity = identity
        self.author = author
        """The public id of the identity."""
        self.client = client
        self.host = host
        self.joined_at = times.timestamp()
        self._since = time.monotonic()
        self.session_count = 0
        """How many sessions are this person's now."""
        self.chosen_status: Availability = "online"
        """What the person says; ``status`` is what others see: somebody whose devices are all idle is away, too."""
        self.status: Availability = "online"
        self.status_text = ""
        self.admitted = False
        """Whether one of the sessions has entered a room; before that, the nickname is only requested."""

    @property
    def stayed_seconds(self) -> float:
        """Seconds since the person joined."""
        return time.monotonic() - self._since

    def as_user(self) -> events.User:
        """The person as an entry of the user list."""
        status, text = self.status, self.status_text
        return events.User(self.nickname, status, self.joined_at, self.client, self.host, self.author, text)
