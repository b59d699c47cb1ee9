"""One's own messages that wait for approval, in the outbox of their room."""

from chatdesk.client.changes import Change, Confirmed, NotSent, Waits
from chatdesk.client.outbox import Outbox, Outgoing
from chatdesk.client.own_identity import OwnIdentity
from chatdesk.protocol import pace_events


def receive(event: pace_events.Held | pace_events.Decided, outbox: Outbox, own: OwnIdentity) -> list[Change]:
    """Take note of an event in the outbox of its room; return the changes."""
    match event:
        case pace_events.Held():
            mine = (message for message in event.messages if own.is_mine(message))
            return [change for message in mine for change in _held(message, event.waits_for, outbox)]
        case pace_events.Decided(id=str(message_id)) if message_id in outbox and event.declined:
            return [NotSent(outbox.decline(message_id, event.content))]
        case pace_events.Decided(id=str(message_id), approved=False) if outbox.confirm(message_id):
            return [Confirmed(message_id)]
    return []


def _held(message: pace_events.HeldMessage, waits_for: str, outbox: Outbox) -> list[Change]:
    if message.id is None:
        return []
    if message.declined:
        return [NotSent(outbox.decline(message.id, message.declined))] if message.id in outbox else []
    answered = message.reply_to
    entry = Outgoing(message.id, message.content, message.timestamp, reply_to=answered, action=message.action)
    return [Waits(outbox.hold(entry, f"Waits for {waits_for}"))]
