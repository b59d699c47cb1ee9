"""Makes what a host says of the queue and of invitations safe to show anywhere, as ``sanitize`` does the rest."""

from msgspec.structs import replace

from chatdesk.protocol import admission_events
from chatdesk.protocol.admission_events import AdmissionEvent, InvitationInfo, Waiter
from chatdesk.protocol.text import one_line

_NAME_CHARS = 256
_CHAT_CHARS = 100
_MOST_LISTED = 1000
"""More invitations than a host keeps, and more people than it lists of a queue."""
_UNNAMED = "ChatDesk"
_NOBODY = "?"


def sanitize_admission(event: AdmissionEvent) -> AdmissionEvent:
    """Return the event with names on one line, truncated, and with lists of a bounded length."""
    match event:
        case admission_events.Waiting():
            name, host = one_line(event.name, _CHAT_CHARS) or _UNNAMED, one_line(event.host, _NAME_CHARS)
            return replace(event, nickname=_name(event.nickname), name=name, host=host, position=max(1, event.position))
        case admission_events.Queue():
            return replace(event, people=list(map(_waiter, event.people[:_MOST_LISTED])))
        case admission_events.Invited():
            code = one_line(event.code, _NAME_CHARS)
            return replace(event, invitation=_invitation(event.invitation), code=code)
        case admission_events.Invitations():
            return replace(event, invitations=list(map(_invitation, event.invitations[:_MOST_LISTED])))


def _waiter(waiter: Waiter) -> Waiter:
    return replace(waiter, nickname=_name(waiter.nickname), author=waiter.author[:_NAME_CHARS])


def _invitation(info: InvitationInfo) -> InvitationInfo:
    names = {field: one_line(getattr(info, field), _NAME_CHARS) for field in ("creator", "nickname", "room")}
    times = {field: getattr(info, field)[:_NAME_CHARS] for field in ("id", "created", "expires")}
    return replace(info, **names, **times)


def _name(name: str) -> str:
    return one_line(name, _NAME_CHARS) or _NOBODY
