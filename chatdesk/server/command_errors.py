"""Errors that answer refused commands, with the sentences for people."""

from chatdesk.log.room_log import LogError
from chatdesk.protocol import events
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.limits import CONTENT_CHARS
from chatdesk.protocol.text import has_controls, is_visible
from chatdesk.server.membership import Membership
from chatdesk.server.session import Session


def require_membership(session: Session, room_name: str | None, ref: str) -> Membership:
    """The session's membership in this room, or in the only one it is in. Raises ProtocolError if there is none."""
    if session.person is None:
        raise not_joined(ref)
    if room_name is not None:
        if membership := session.membership(room_name):
            return membership
        raise ProtocolError(ErrorCode.BAD_ROOM, "You are not in this room.", ref)
    if len(session.memberships) == 1:
        return session.memberships[0]
    several = "You are in several rooms: say which one you mean."
    raise ProtocolError(ErrorCode.BAD_ROOM, several if session.memberships else "You are in no room: enter one.", ref)


def check_content(content: str, ref: str) -> None:
    """Raises ProtocolError if this cannot be a message: too long, empty, or with control characters."""
    if len(content) > CONTENT_CHARS:
        raise ProtocolError(
            ErrorCode.MESSAGE_TOO_LONG, f"The message is too long: at most {CONTENT_CHARS} characters.", ref
        )
    if not is_visible(content):
        raise ProtocolError(ErrorCode.EMPTY_MESSAGE, "The message is empty: nothing of it can be seen.", ref)
    if has_controls(content):
        raise ProtocolError(ErrorCode.BAD_MESSAGE, "The message contains control characters: leave them out.", ref)


def not_joined(ref: str) -> ProtocolError:
    """The error for a peer that has not joined."""
    return ProtocolError(ErrorCode.NOT_JOINED, 'Join first, such as with {"type":"join","nickname":"your name"}.', ref)


def rate_limited(doing: str, ref: str) -> ProtocolError:
    """The error for a peer that exceeds a rate; ``doing`` is the verb in its sentence."""
    return ProtocolError(ErrorCode.RATE_LIMITED, f"You are {doing} too fast: wait a moment and try again.", ref)


def storage_error(error: LogError, ref: str) -> events.Error:
    """The error event for what the log cannot do now. It is not the client's fault, and not counted as an error."""
    return events.Error(ErrorCode.STORAGE, error.problem.sentence, ref)
