"""Error codes of ``error`` events, close codes of connections, and the exception for a refused command."""

from enum import IntEnum, StrEnum


class ErrorCode(StrEnum):
    """The stable ``code`` of an ``error`` event."""

    BAD_JSON = "bad_json"
    BAD_MESSAGE = "bad_message"
    UNKNOWN_TYPE = "unknown_type"
    NOT_JOINED = "not_joined"
    ALREADY_JOINED = "already_joined"
    BAD_NICKNAME = "bad_nickname"
    NICKNAME_TAKEN = "nickname_taken"
    BAD_ROOM = "bad_room"
    TOO_MANY_ROOMS = "too_many_rooms"
    ROOM_EXISTS = "room_exists"
    ROOM_DELETED = "room_deleted"
    ARCHIVED = "archived"
    EMPTY_MESSAGE = "empty_message"
    MESSAGE_TOO_LONG = "message_too_long"
    ID_REUSED = "id_reused"
    RATE_LIMITED = "rate_limited"
    SLOW_MODE = "slow_mode"
    ANNOUNCE_ONLY = "announce_only"
    HELD = "held"
    NOT_FOUND = "not_found"
    DELETED = "deleted"
    TOO_LATE = "too_late"
    BAD_EMOJI = "bad_emoji"
    TOO_MANY_REACTIONS = "too_many_reactions"
    TOO_MANY_PINS = "too_many_pins"
    STORAGE = "storage"
    FORBIDDEN = "forbidden"
    PASSWORD_REQUIRED = "password_required"  # noqa: S105 - no password, but a word
    BAD_PASSWORD = "bad_password"  # noqa: S105
    LOCKED = "locked"
    WAITING = "waiting"
    EXPIRED = "expired"
    UNAUTHORIZED = "unauthorized"
    REMOVED = "removed"
    BANNED = "banned"
    MUTED = "muted"
    TOO_MANY_ERRORS = "too_many_errors"
    NOT_SUPPORTED = "not_supported"
    WRONG_ADDRESS = "wrong_address"
    DECLINED = "declined"
    QUEUE_FULL = "queue_full"
    BAD_INVITATION = "bad_invitation"
    TOO_MANY_INVITATIONS = "too_many_invitations"


class CloseCode(IntEnum):
    """Why a connection was closed; of our own codes, 4000-4499 mean "reconnect" and 4500-4999 "do not"."""

    LEFT = 1000
    GOING_AWAY = 1001
    NOT_UTF8 = 1007
    RULES_BROKEN = 1008
    TOO_BIG = 1009
    RESTARTING = 1012
    TRY_LATER = 1013
    NEVER_JOINED = 4500
    EXPIRED = 4501
    UNAUTHORIZED = 4502
    REMOVED = 4503
    BANNED = 4504
    DECLINED = 4505


def may_reconnect(code: int) -> bool:
    """Return whether a client may reconnect by itself after its connection was closed with ``code``."""
    ends = {CloseCode.LEFT, CloseCode.NOT_UTF8, CloseCode.RULES_BROKEN, CloseCode.TOO_BIG}
    return code not in ends and not 4500 <= code <= 4999


class ProtocolError(Exception):
    """A command is refused; the connection stays open.

    ``content`` is a sentence for the person who sent it, ``ref`` the ``id`` or the type of the refused command, and
    ``retry_after`` in how many seconds it may be sent again.
    """

    def __init__(self, code: ErrorCode, content: str, ref: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(content)
        self.code = code
        self.content = content
        self.ref = ref
        self.retry_after = retry_after


class OrderError(ProtocolError):
    """A command is refused to somebody who is removed, banned or muted: by whom, where, why, and until when.

    ``close_code`` ends the connection of somebody who may not be here.
    """

    def __init__(
        self,
        code: ErrorCode,
        content: str,
        *,
        by: str = "",
        room: str = "",
        reason: str = "",
        until: str = "",
        close_code: CloseCode | None = None,
    ) -> None:
        super().__init__(code, content)
        self.by = by
        self.room = room
        self.reason = reason
        self.until = until
        self.close_code = close_code
