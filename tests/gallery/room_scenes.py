"""The window's scenes of rooms: their list, their settings, the switcher."""

from chatdesk.desktop.controllers.rooms import RoomsController
from chatdesk.protocol.events import History
from chatdesk.protocol.order_events import Standing
from tests.gallery.content import ALL_KINDS, ROOM
from tests.gallery.scene import NARROW, SMALL, THEMES, WIDE, Act, Scene, in_themes
from tests.gallery.stage import Look, Stage


async def _empty_room(shown: Stage) -> None:
    """A room besides that of the join, and a toast that takes back what was done; one of those below is away."""
    await shown.chat(hosting=True)
    shown.list_rooms(ALL_KINDS)
    client = shown.made.client
    client.rooms.show("code-help")
    client.state.shown.stage = "inside"
    shown.hear(History("code-help", "epoch", [], False, 1, 0))
    shown.made.joined = True
    await shown.settle()
    shown.application.show_toast("code-help is open again", done=True, undo=lambda: None)


def _switch(typed: str, *, hosting: bool = True) -> Act:
    """The switcher with a few letters."""

    async def act(shown: Stage) -> None:
        await shown.chat(hosting=hosting)
        shown.list_rooms()
        made, switcher = shown.made, shown.application.navigation.switcher
        made.joined = True
        switcher.show_switcher()
        switcher._field.setText(typed)

    return act


def _rooms(*, hosting: bool = True) -> Act:
    """Rooms of all kinds; the archived ones are unfolded, and a draft waits in one."""

    async def act(shown: Stage) -> None:
        await shown.chat(hosting=hosting)
        shown.list_rooms(ALL_KINDS)
        panel = shown.made.screen.sidebar.rooms_panel
        panel._rooms.toggle_archive()
        panel.show_rooms(shown.made.client.state.summaries(), ROOM, lambda name: name == ".priya", listed=True)
        shown.made.screen.columns.open_drawer()

    return act


async def _waiting(shown: Stage) -> None:
    await shown.chat()
    shown.list_rooms()


async def _new_room(shown: Stage) -> None:
    await shown.chat(hosting=True)
    shown.list_rooms()
    shown.made.screen.sidebar.rooms_panel.create_requested.emit()


def _room_settings(room: str, *, hosting: bool) -> Act:
    async def act(shown: Stage) -> None:
        await shown.chat(hosting=hosting)
        shown.list_rooms(ALL_KINDS)
        rooms = shown.made.screen.findChild(RoomsController)
        assert rooms
        if hosting:
            shown.made.client.order.receive(Standing(room, "host", ("set_pace", "guard_entry"), True))
        rooms.open_settings(room)

    return act


async def _room_menu(shown: Stage) -> None:
    await shown.chat(hosting=True)
    shown.list_rooms()
    shown.made.screen.sidebar.rooms_panel.menu_requested.emit("code-help", shown.window.rect().center())


ROOM_SCENES = {
    "empty-room": Scene(_empty_room, in_themes(*THEMES)),
    "switcher": Scene(
        _switch("be"),
        in_themes(
            *THEMES, size=(1200, 800), leftwards=Look(size=SMALL, leftwards=True), large=Look(size=NARROW, scale=1.6)
        ),
    ),
    "switcher-empty": Scene(_switch(""), in_themes("light", size=(1200, 800))),
    "rooms": Scene(
        _rooms(),
        in_themes(
            *THEMES,
            size=(1200, 800),
            narrow=Look(size=NARROW),
            leftwards=Look(size=(1200, 800), leftwards=True),
            large=Look(size=(1200, 800), scale=2.0),
        ),
    ),
    "rooms-guest": Scene(_rooms(hosting=False), in_themes("light", size=WIDE)),
    "waiting": Scene(_waiting, in_themes(narrow=Look(size=NARROW))),
    "new-room": Scene(_new_room, in_themes("light", "dark")),
    "room-settings": Scene(
        _room_settings("mentors", hosting=True),
        in_themes(*THEMES, size=(1200, 800), narrow=Look(size=NARROW), leftwards=Look(size=SMALL, leftwards=True)),
    ),
    "room-settings-open": Scene(_room_settings("code-help", hosting=True), in_themes("light", size=(1200, 800))),
    "room-settings-guest": Scene(_room_settings("code-help", hosting=False), in_themes("light")),
    "room-menu": Scene(_room_menu, in_themes("light", "dark"), afresh=True),
}
