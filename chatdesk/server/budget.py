"""What one connection may say, ask and get wrong."""

from chatdesk.server.rate import Rate, TokenBucket

_QUERIES = Rate(per_second=5, burst=20)
_ERRORS = Rate(per_second=1, burst=30)
_TYPING = Rate(per_second=2, burst=6)


class Budget:
    """What one connection may still say, ask and get wrong."""

    __slots__ = ("errors", "messages", "queries", "typing")

    def __init__(self, message_rate: float) -> None:
        self.messages = TokenBucket(Rate(message_rate, max(1.0, message_rate * 2)))
        self.queries = TokenBucket(_QUERIES)
        self.typing = TokenBucket(_TYPING)
        self.errors = TokenBucket(_ERRORS)
