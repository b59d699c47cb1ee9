"""What this client understands beyond the base messages."""

from chatdesk.protocol import events
from chatdesk.protocol.admission_events import QUEUE_CAPABILITY
from chatdesk.protocol.markup import MARKUP_CAPABILITY
from chatdesk.protocol.order_events import ORDER_CAPABILITY
from chatdesk.protocol.pace_events import PACE_CAPABILITY
from chatdesk.protocol.room_events import RECEIPTS_CAPABILITY, ROOMS_CAPABILITY


def capabilities(*, reach: bool) -> tuple[str, ...]:
    """Return the capabilities for a join; ``reach``: the client can call addresses of the host."""
    always = (
        events.PRESENCE_CAPABILITY,
        ROOMS_CAPABILITY,
        MARKUP_CAPABILITY,
        RECEIPTS_CAPABILITY,
        ORDER_CAPABILITY,
        PACE_CAPABILITY,
        QUEUE_CAPABILITY,
    )
    return (*always, *((events.REACH_CAPABILITY,) if reach else ()))
