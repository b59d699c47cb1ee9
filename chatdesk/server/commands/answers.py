"""Answers to queries that the log has answered."""

from collections.abc import Callable

from chatdesk.log.room_log import LogError
from chatdesk.protocol import events
from chatdesk.protocol.commands import Command
from chatdesk.protocol.errors import ErrorCode
from chatdesk.server.command_errors import ref_of, refuse_for_storage
from chatdesk.server.membership import Membership
from chatdesk.server.session import Session


def answer_query[Answer](
    session: Session,
    membership: Membership,
    command: Command,
    encode: Callable[[Answer], bytes],
    answer: Answer | LogError,
) -> None:
    """Send what the log has answered to a query, or why it cannot."""
    if isinstance(answer, LogError):
        refuse_for_storage(session, command, answer)
    elif membership.ended:  # the room was lost meanwhile, and nothing of it may be told any more
        session.send(events.Error(ErrorCode.BAD_ROOM, "You are not in this room any more.", ref_of(command)))
    else:
        session.send_payload(encode(answer))
