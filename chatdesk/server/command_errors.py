"""How commands are refused: the errors, with the sentences for people, and what happens to those who make too many."""

import time

from chatdesk.log.room_log import LogError
from chatdesk.protocol import events
from chatdesk.protocol.commands import Command
from chatdesk.protocol.errors import CloseCode, ErrorCode, OrderError, ProtocolError
from chatdesk.protocol.names import clean_room
from chatdesk.protocol.text import isolated
from chatdesk.server.auth import Principal
from chatdesk.server.membership import Membership
from chatdesk.server.order_sentences import order_error
from chatdesk.server.permissions import SPEAKING, Right, RoomRoles, may, muting
from chatdesk.server.rate_limits import ERRORS, Spending, TokenBucket
from chatdesk.server.session import Session

_FORBIDDEN = {
    Right.READ: "You may not enter this room.",
    Right.WRITE: "In this room you can only read.",
    Right.EDIT_OWN: "In this room you cannot change what you have said.",
    Right.DELETE_OWN: "In this room you cannot delete anything.",
    Right.REACT: "In this room you cannot react.",
    Right.PIN: "In this room you cannot pin anything.",
    Right.CLEAR: "Only the host can delete the history.",
    Right.SET_TOPIC: "Only the host and moderators can change the topic.",
    Right.MANAGE_ROOM: "Only the host can change this room.",
    Right.DELETE_ROOM: "Only the host can delete this room.",
    Right.GUARD_ENTRY: "Only the host and moderators can change who may come in.",
    Right.MANAGE_CHAT: "Only the host can change this.",
    Right.GIVE_ROLES: "Only the host can give roles.",
    Right.REMOVE: "Only the host and moderators can remove people.",
    Right.BAN: "Only the host and moderators can ban people.",
    Right.MUTE: "Only the host and moderators can mute people.",
    Right.RENAME_OTHERS: "Only the host and moderators can rename others.",
    Right.SEE_AUDIT: "Only the host and moderators can see who is banned, and what was done.",
    Right.SET_PACE: "Only the host and moderators can change the pace of a room.",
    Right.APPROVE: "Only the host and moderators decide about messages that wait.",
    Right.CALL_HANDS: "Only the host and moderators call people and lower their hands.",
    Right.CREATE_ROOM: "You may not make rooms in this chat.",
    Right.INVITE: "Only the host and moderators can invite.",
    Right.ADMIT: "Only the host and moderators can let people in.",
    Right.WRITE_PRIVATELY: "You may not write to somebody alone in this chat.",
}

_CLOSES = {ErrorCode.DECLINED: (CloseCode.DECLINED, "you are not let in")}
"""Errors that end the connection, too."""

_LIMITS = frozenset(code for code in ErrorCode if code.startswith("too_many")) | {
    *(ErrorCode.RATE_LIMITED, ErrorCode.SLOW_MODE, ErrorCode.QUEUE_FULL)
}
"""Errors by which a limit makes itself felt: ``/stats`` says how often."""

_TOO_FAST = {
    Spending.MESSAGES: "You are sending too fast: wait a moment and try again.",
    Spending.ACTS: "You are changing messages too fast: wait a moment and try again.",
    Spending.QUERIES: "You are asking too fast: wait a moment and try again.",
    Spending.ROOMS: "Very many rooms were made from your network: use one of them, or try again later.",
    Spending.PRIVATE_ROOMS: "Very many private conversations were begun from your network: try again later.",
    Spending.INVITATIONS: "Very many invitations were tried from your network: wait a moment and try again.",
    Spending.TEXT: "You have sent very much text just now: wait a moment and try again.",
    Spending.NETWORK_TEXT: "Very much text was sent from your network just now: wait a moment and try again.",
    Spending.NEWCOMERS: "Too many people have joined from your network just now: wait a moment and try again.",
}


def refuse(session: Session, error: ProtocolError) -> None:
    """Answer with an error. A peer that makes too many is closed; to be too fast is none, as the rates bound it."""
    if error.code in _LIMITS:
        session.connection.hits[error.code] += 1
    if isinstance(error, OrderError):
        refuse_by_order(session, error)
        if error.close_code:
            return
    else:
        session.send(events.Error(error.code, error.content, error.ref, error.retry_after))
    if error.code in (ErrorCode.RATE_LIMITED, ErrorCode.SLOW_MODE):
        return
    if close := _CLOSES.get(error.code):
        session.connection.close(*close)
        return
    session.errors = session.errors or TokenBucket(ERRORS)
    if not session.errors.acquire(time.monotonic()):
        session.connection.hits[ErrorCode.TOO_MANY_ERRORS] += 1
        content = "Too many errors on this connection: it is closed."
        session.send(events.Error(ErrorCode.TOO_MANY_ERRORS, content))
        session.connection.close(CloseCode.RULES_BROKEN, "too many errors")
    return


def refuse_by_order(session: Session, error: OrderError) -> None:
    """Tell somebody that they are removed, banned or muted, and why; and close a connection that may not be here."""
    why = (error.by, error.room, error.reason, error.until)
    session.send(events.Error(error.code, error.content, error.ref, None, *why))
    if error.close_code:
        session.connection.close(error.close_code, error.code)


def refuse_for_storage(session: Session, command: Command, error: LogError) -> None:
    """Answer with what the log cannot do now. It is not the client's fault, and not counted as an error."""
    session.send(events.Error(ErrorCode.STORAGE, error.problem.sentence, ref_of(command)))


def ref_of(command: Command) -> str:
    """What an error that refuses the command refers to."""
    return command.id or str(type(command).__struct_config__.tag)


def require_membership(session: Session, room_name: str | None) -> Membership:
    """The session's membership in this room, or in the only one it is in. Raises ProtocolError if there is none."""
    if session.person is None:
        raise not_joined()
    if room_name is not None:
        if membership := session.membership(room_name) or session.membership(clean_room(room_name)):
            return membership
        raise ProtocolError(ErrorCode.BAD_ROOM, "You are not in this room.")
    entered = session.entered
    if len(entered) == 1:
        return entered[0]
    several = "You are in several rooms: say which one you mean."
    raise ProtocolError(ErrorCode.BAD_ROOM, several if entered else "You are in no room: enter one.")


def require_right(session: Session, right: Right) -> Principal:
    """Who has joined on this session. Raises ProtocolError for somebody who has not this right in the chat."""
    if session.principal is None:
        raise not_joined()
    if not may(session.principal, right, None):
        raise forbidden(right)
    return session.principal


def not_joined() -> ProtocolError:
    """The error for a peer that has not joined."""
    return ProtocolError(ErrorCode.NOT_JOINED, 'Join first, such as with {"type":"join","nickname":"your name"}.')


def waiting() -> ProtocolError:
    """The error for a peer that waits to be let in, and sends something else meanwhile."""
    return ProtocolError(ErrorCode.WAITING, "You wait to be let in: nothing else is possible until then.")


def forbidden(right: Right, ref: str | None = None) -> ProtocolError:
    """The error for a principal without this right."""
    return ProtocolError(ErrorCode.FORBIDDEN, _FORBIDDEN.get(right, "You may not do this in this room."), ref)


def denied(principal: Principal, right: Right, room: RoomRoles | None) -> ProtocolError:
    """The error for a principal who may not do something: because of a mute, or by their role."""
    muted = muting(principal, room)
    if muted and right in SPEAKING:
        return order_error(muted, time.time_ns() // 1_000_000)
    return forbidden(right)


def archived() -> ProtocolError:
    """The error for a change of something in an archived room."""
    sentence = "This room is archived: all of it can be read, but nothing in it changes until the host opens it again."
    return ProtocolError(ErrorCode.ARCHIVED, sentence)


def room_deleted(name: str) -> ProtocolError:
    """The error for a person who looks for a room that the host has deleted."""
    sentence = f"The host has deleted the room {isolated(name)}, with all that was said in it."
    return ProtocolError(ErrorCode.ROOM_DELETED, sentence)


def rate_limited(spending: Spending, retry_after: float) -> ProtocolError:
    """The error for somebody who has to wait so many seconds."""
    return ProtocolError(ErrorCode.RATE_LIMITED, _TOO_FAST[spending], retry_after=retry_after)
