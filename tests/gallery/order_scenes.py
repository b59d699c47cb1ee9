"""The window's scenes of keeping order: the question before a ban, and what somebody reads who is removed."""

from chatdesk.desktop.dialogs.how_long import HowLongSheet
from chatdesk.desktop.dialogs.removed import RemovedSheet
from chatdesk.protocol import events
from chatdesk.protocol.order_events import Neighbours
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


ORDER_SCENES = {
    "order-ban": Scene(_ban, in_themes("light", "dark", narrow=Look(size=NARROW))),
    "order-removed": Scene(_removed, in_themes("light", "dark")),
}
