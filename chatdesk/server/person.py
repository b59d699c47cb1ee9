"""A person: an identity under a nickname."""

import time
from collections.abc import Iterable
from typing import Protocol

from chatdesk.log.signed_in import is_signed_in
from chatdesk.protocol import events, times
from chatdesk.protocol.fields import Availability, ClientKind
from chatdesk.protocol.order_events import RoleName
from chatdesk.server.auth import Role

_SHOWN_ROLES: dict[Role | None, RoleName] = {Role.MODERATOR: "moderator", Role.GUEST: "guest"}
"""Of hosts, ``host`` tells; and a member has no mark."""


class Device(Protocol):
    """A device of somebody here, or all that they have on another node."""

    @property
    def idle(self) -> bool:
        """Whether nobody uses it."""


class Stay(Device, Protocol):
    """All that somebody has on another node."""

    @property
    def networks(self) -> tuple[str, ...]:
        """From where they are connected to it, as far as these networks are their own."""


class Person:
    """An identity under a nickname; several sessions (tabs, devices) may share it."""

    __slots__ = (
        "_since",
        "admitted",
        "author",
        "changed_at",
        "chosen_status",
        "client",
        "elsewhere",
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
        "unseen",
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
        """How many sessions are this person's now, on this host."""
        self.elsewhere: tuple[Stay, ...] = ()
        """The other nodes that they are on, where the host is one of several."""
        self.changed_at = 0.0
        """When they have changed their name or their status last, in seconds since 1970."""
        self.chosen_status: Availability = "online"
        """What the person says; ``status`` is what others see: somebody whose devices are all idle is away, too."""
        self.status: Availability = "online"
        self.status_text = ""
        self.role = Role.HOST if host else Role.MEMBER
        """The role in the chat."""
        self.muted = False
        """Whether the person can only read, in the whole chat."""
        self.unseen = False
        """Whether nobody is to see them come: the host's commands in a terminal, where nobody hosts in a window."""
        self.admitted = False
        """Whether one of the sessions has entered a room; before that, the nickname is only requested."""

    @property
    def stayed_seconds(self) -> float:
        """Seconds since the person joined."""
        return time.monotonic() - self._since

    @property
    def connected(self) -> bool:
        """Whether they have a connection, to this host or to another node."""
        return self.session_count > 0 or bool(self.elsewhere)

    @property
    def only_elsewhere(self) -> bool:
        """Whether all of their connections are to other nodes."""
        return not self.session_count and bool(self.elsewhere)

    @property
    def networks_elsewhere(self) -> set[str]:
        """From where they are connected to other nodes."""
        return {network for stay in self.elsewhere for network in stay.networks}

    def show(self, chosen: Availability, text: str, devices: Iterable[Device]) -> bool:
        """Let their status be what they say, and what their devices here tell. Returns whether others see a change."""
        before = self.status, self.status_text
        if (self.chosen_status, self.status_text) != (chosen, text):
            self.has_changed()
        idle = chosen == "online" and all(device.idle for device in (*devices, *self.elsewhere))
        self.chosen_status, self.status, self.status_text = chosen, "away" if idle else chosen, text
        return before != (self.status, self.status_text)

    def has_changed(self) -> None:
        """They have another name or status. Of two changes the later one counts, even by the clock of another host."""
        self.changed_at = max(time.time(), self.changed_at + 0.001)

    def as_user(self, role: Role | None, *, muted: bool) -> events.User:
        """The person as an entry of the list of a room, in which they have this role."""
        shown, text = _SHOWN_ROLES.get(role), self.status_text
        of_person = (self.nickname, self.status, self.joined_at, self.client, self.host, self.author)
        return events.User(*of_person, text, shown, muted, is_signed_in(self.identity))
