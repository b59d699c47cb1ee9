"""Messages as search hits."""

from collections.abc import Sequence

from chatdesk.protocol.events import Hit, Message


def hit(
    seq: int, parts: Sequence[str] = ("on ", "bench", " 4"), nickname: str = "Kit", at: str = "2026-11-20T10:24:00Z"
) -> Hit:
    return Hit(Message(nickname, "".join(parts), at, seq=seq), list(parts))
