"""What a session and its memberships need from their connection."""

from typing import Protocol

from chatdesk.server.stats import Hits


class SessionConnection(Protocol):
    """What a session needs from its connection."""

    writable: bool
    address: str | None
    """The peer's address, also behind a trusted proxy; None if the transport has none."""
    network: str
    """The peer's network, by ``ip.network_of``."""
    local_address: str | None
    """The address of this machine that the peer connected to; None behind a trusted proxy."""
    local_port: int
    cookie_tokens: tuple[str, ...]
    """Tokens from the browser's cookies: they prove which identities it had on this machine."""

    @property
    def hits(self) -> Hits:
        """Where it is counted how often each limit of the server has an effect."""

    @property
    def closing(self) -> bool: ...

    @property
    def scheduled(self) -> bool:
        """Whether it has used more than its share of time, and waits for its turn."""

    def charge(self, seconds: float) -> None:
        """It pays for so much time of the loop."""

    def write(self, data: bytes) -> None: ...

    def join_writes(self, joined: bool) -> None:
        """From now on, join what is written within a turn of the loop; or write everything at once."""

    def close(self, code: int, reason: str) -> None: ...

    def pause_reading(self) -> None:
        """Stop reading from the peer until ``resume_reading``."""

    def resume_reading(self) -> None: ...
