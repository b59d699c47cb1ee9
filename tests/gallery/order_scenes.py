"""The window's scenes of keeping order: the question before a ban, and what somebody reads who is removed."""

from msgspec.structs import replace

from chatdesk.desktop.dialogs.how_long import HowLongSheet
from chatdesk.desktop.dialogs.removed import RemovedSheet
from chatdesk.protocol import events
from chatdesk.protocol.events import Message
from chatdesk.protocol.order_events import Neighbours
from chatdesk.protocol.pace_events import Called, Hands, Wait
from chatdesk.protocol.room_events import RoomInfo, Rooms
from tests.gallery.content import GUEST, HOST, MESSAGES, ROOM
from tests.gallery.scene import NARROW, Scene, in_themes
from tests.gallery.stage import Look, Stage

_REASON = "Selling parts in the lobby. Please talk to me at the front desk."


async def _ban(shown: Stage) -> None:
    await shown.chat(hosting=True)
    sheet = HowLongSheet(shown.theme, shown.window, "ban", "Bench 7")
    sheet.show_neighbours(Neighbours("Bench 7", "", "192.168.4.52", ("Bench 2", "Kit", "Ravi"), 3))
    sheet.show_sheet()


async def _removed(shown: Stage) -> None:
    await shown.chat(hosting=False)
    why = events.Error("banned", "Mara has banned you.", by="Mara", reason=_REASON)
    RemovedSheet(shown.theme, shown.window, why, "Mara", ["Who has the"]).show_sheet()


def _pace(shown: Stage, *told: events.Event) -> None:
    """A room in which hands are raised and questions asked without a name, and what else is told of its pace."""
    shown.hear(Rooms([RoomInfo(ROOM, joined=True, slow=30, nameless=True)]))
    for event in told:
        shown.made.client.order.receive(event)
    for changed in (shown.made.rooms_changed, shown.made.pace_changed):
        changed.emit()


async def _hand(shown: Stage) -> None:
    """A slow room, where one's hand is up; the last question has no name."""
    asked = Message("Without a name", "How do I save before flashing?", MESSAGES[-1].timestamp, ROOM, nameless=True)
    await shown.chat(messages=(*MESSAGES, replace(asked, seq=MESSAGES[-1].seq + 1, author="n1")))
    _pace(shown, Wait(ROOM, 24), Hands(ROOM, [], 3, 3))


async def _called(shown: Stage) -> None:
    await shown.chat()
    _pace(shown, Called(ROOM, GUEST, "", HOST, ""))


async def _ask(shown: Stage) -> None:
    await shown.chat()
    _pace(shown)
    shown.made.screen.composer.sent.emit("/ask How do I save before flashing?")


ORDER_SCENES = {
    "hand": Scene(_hand, in_themes("light", "dark"), afresh=True),
    "hand-called": Scene(_called, {"narrow": Look(size=NARROW)}),
    "ask": Scene(_ask, in_themes("light", "high-contrast")),
    "order-ban": Scene(_ban, in_themes("light", "dark", narrow=Look(size=NARROW))),
    "order-removed": Scene(_removed, in_themes("light", "dark")),
}
