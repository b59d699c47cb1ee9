"""Who may say what when, as far as a room's own messages and notices tell of it."""

from chatdesk.client.changes import Change, Confirmed, NoticeReceived, NotSent, Waits
from chatdesk.client.outbox import Outbox, Outgoing
from chatdesk.client.own_identity import OwnIdentity
from chatdesk.protocol import pace_events
from chatdesk.protocol.text import clean_text, isolated, one_line

PaceEvent = pace_events.PaceEvent
_SENTENCE_CHARS = 400


def receive(event: PaceEvent, outbox: Outbox, own: OwnIdentity) -> list[Change]:
    """Take note of an event in the outbox of its room; return the changes."""
    match event:
        case pace_events.Held():
            mine = (message for message in event.messages if own.is_mine(message))
            return [change for message in mine for change in _held(message, _line(event.waits_for), outbox)]
        case pace_events.Decided(id=str(message_id)) if message_id in outbox and event.declined:
            return [NotSent(outbox.decline(message_id, _line(event.content)))]
        case pace_events.Decided(id=str(message_id), approved=False) if outbox.confirm(message_id):
            return [Confirmed(message_id)]
        case pace_events.Called() if event.author == own.author:
            return [NoticeReceived(f"{isolated(_line(event.by))} calls you.")]
        case pace_events.Hands(place=int(place)) if place:
            before = "You are next." if place == 1 else f"{place - 1} before you."
            return [NoticeReceived(f"Your hand is up. {before}")]
        case pace_events.Asked():
            return [NoticeReceived(_line(event.content))]
    return []


def _held(message: pace_events.HeldMessage, waits_for: str, outbox: Outbox) -> list[Change]:
    if message.id is None:
        return []
    if message.declined:
        return [NotSent(outbox.decline(message.id, _line(message.declined)))] if message.id in outbox else []
    content, answered = clean_text(message.content), message.reply_to
    entry = Outgoing(message.id, content, message.timestamp, reply_to=answered, action=message.action)
    return [Waits(outbox.hold(entry, f"Waits for {waits_for}"))]


def _line(text: str) -> str:
    return one_line(text, _SENTENCE_CHARS)
