"""The server's clock: the time there, whatever this computer's clock says."""

from chatdesk.protocol import times


class ServerClock:
    """Times are of a monotonic clock of this computer, in seconds."""

    def __init__(self) -> None:
        self._told: tuple[int | None, float] = (None, 0.0)
        """What the server's clock has shown, and when that was by our own."""

    def tell(self, timestamp: str, now: float) -> None:
        """The server says that it is this time there."""
        self._told = times.milliseconds(timestamp), now

    def time(self, now: float) -> int | None:
        """The time of the server in milliseconds since 1970; None if it is unknown."""
        then, at = self._told
        return None if then is None else then + round((now - at) * 1000)
