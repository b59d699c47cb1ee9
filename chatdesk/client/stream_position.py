"""How far a client has followed the changes of a room: the next resume begins there."""


class StreamPosition:
    """``change`` is the highest change received before anything was missing; 0 on a server that counts none.

    Changes come in order. Some have no event of their own: those that a later change of the same message has
    overtaken before they were sent. So a missing number is no gap, but a missing message is.
    """

    def __init__(self) -> None:
        self.change = 0
        self._interrupted = False

    def reset(self) -> None:
        """The room has another log."""
        self.change, self._interrupted = 0, False

    def reach(self, change: int) -> None:
        """A page that continues the stream ends here: nothing is missing any more."""
        if change:
            self.change, self._interrupted = max(self.change, change), False

    def receive(self, change: int, *, gap: bool) -> None:
        """A change has come, perhaps beyond a ``gap``; then a resume has to bring what is missing, and this again."""
        self._interrupted = self._interrupted or gap
        if not self._interrupted:
            self.change = max(self.change, change)
