"""What is refused to a client, and the sentences that tell it why."""

from chatdesk.log.room_log import LogError
from chatdesk.protocol import events
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.limits import CONTENT_CHARS
from chatdesk.protocol.text import has_controls, is_visible
from chatdesk.server.presence import Person
from chatdesk.server.room import Room
from chatdesk.server.session import Session


def require_membership(session: Session, room_name: str | None, ref: str) -> tuple[Person, Room]:
    """Who asks, and in which room; raises ProtocolError for strangers and for rooms one is not in."""
    if session.person is None or session.room is None:
        raise not_joined(ref)
    if room_name is not None and room_name != session.room.name:
        raise ProtocolError(ErrorCode.BAD_ROOM, "You are not in this room.", ref)
    return session.person, session.room


def check_content(content: str, ref: str) -> None:
    """Raises ProtocolError for what cannot be said."""
    if len(content) > CONTENT_CHARS:
        raise ProtocolError(
            ErrorCode.MESSAGE_TOO_LONG, f"The message is too long: at most {CONTENT_CHARS} characters.", ref
        )
    if not is_visible(content):
        raise ProtocolError(ErrorCode.EMPTY_MESSAGE, "The message is empty: nothing of it can be seen.", ref)
    if has_controls(content):
        raise ProtocolError(ErrorCode.BAD_MESSAGE, "The message contains control characters: leave them out.", ref)


def not_joined(ref: str) -> ProtocolError:
    """For strangers."""
    return ProtocolError(ErrorCode.NOT_JOINED, 'Join first, such as with {"type":"join","nickname":"your name"}.', ref)


def rate_limited(doing: str, ref: str) -> ProtocolError:
    """For who does something more often than the server takes."""
    return ProtocolError(ErrorCode.RATE_LIMITED, f"You are {doing} too fast: wait a moment and try again.", ref)


def storage_error(error: LogError, ref: str) -> events.Error:
    """For what the log cannot do just now. It is no fault of the client's, and is not counted as one."""
    return events.Error(ErrorCode.STORAGE, error.problem.sentence, ref)
