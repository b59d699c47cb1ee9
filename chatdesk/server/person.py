"""A person: an identity under a nickname."""

import time

from chatdesk.log.signed_in import is_signed_in
from chatdesk.protocol import events, times
from chatdesk.protocol.fields import Availability, ClientKind
from chatdesk.protocol.order_events import RoleName
from chatdesk.server.auth import Role

_SHOWN_ROLES: dict[Role | None, RoleName] = {Role.MODERATOR: "moderator", Role.GUEST: "guest"}
"""Of hosts, ``host`` tells; and a member has no mark."""


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
        "muted",
        "nickname",
        "role",
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
        self.role = Role.HOST if host else Role.MEMBER
        """The role in the chat."""
        self.muted = False
        """Whether the person can only read, in the whole chat."""
        self.admitted = False
        """Whether one of the sessions has entered a room; before that, the nickname is only requested."""

    @property
    def stayed_seconds(self) -> float:
        """Seconds since the person joined."""
        return time.monotonic() - self._since

    def as_user(self, role: Role | None, *, muted: bool) -> events.User:
        """The person as an entry of the list of a room, in which they have this role."""
        shown, text = _SHOWN_ROLES.get(role), self.status_text
        of_person = (self.nickname, self.status, self.joined_at, self.client, self.host, self.author)
        return events.User(*of_person, text, shown, muted, is_signed_in(self.identity))
