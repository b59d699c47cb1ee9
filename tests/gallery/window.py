"""The window's screens and states."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from chatdesk.client.changes import Ended, Online, ReadersChanged, StorageChanged
from chatdesk.client.reactors import ShownReactors
from chatdesk.client.receipts import ShownReaders
from chatdesk.desktop.controllers.message_acts import MessageActs
from chatdesk.desktop.controllers.rooms import RoomsController
from chatdesk.desktop.dialogs.confirm import ConfirmSheet
from chatdesk.desktop.loop import new_event_loop
from chatdesk.desktop.widgets.common.button import DANGER
from chatdesk.desktop.widgets.timeline.targets import Reply, ShowInfo, ShowReaders
from chatdesk.desktop.widgets.writing.emoji_picker import EmojiPicker
from chatdesk.protocol.events import History, Reactor, Typing
from chatdesk.protocol.room_events import Reader, Receipt, Receipts, ReceiptSettings
from tests.gallery.content import (
    ALEXANDRINA,
    ALL_KINDS,
    CAME,
    EPOCH,
    GUEST,
    LEFTWARDS,
    MESSAGES,
    PEOPLE,
    ROOM,
    history,
    users,
    welcome,
)
from tests.gallery.conversation import ACTS, TEXTS
from tests.gallery.stage import Look, Stage, stage

_AROUND = (("Galley & Bridge", "Ingrid Solberg", 12), ("Soldering, group B", "Dr. Okonkwo", 24))
_THEMES = ("light", "dark", "high-contrast")
_START, _SMALL, _NARROW, _WIDE = (900, 640), (900, 600), (640, 600), (1400, 800)

Act = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Scene:
    """A state of the window, with the looks in which it is shown."""

    act: Act
    looks: dict[str, Look]


def _in(*themes: str, size: tuple[int, int] = _SMALL, **others: Look) -> dict[str, Look]:
    return {theme: Look(theme, size) for theme in themes} | others


async def _start(shown: Stage) -> None:
    await shown.start(*_AROUND)


async def _start_alone(shown: Stage) -> None:
    await shown.start()
    shown.window.start.show_nickname_error("Someone here has this name. Try Mara L. or Mara 2.")
    shown.window.start.show_address_error("Nobody answers at 10.0.12.7:8080. Is the host’s window open?")


async def _host(shown: Stage) -> None:
    await shown.chat(hosting=True)


async def _guest(shown: Stage) -> None:
    await shown.chat()


async def _leftwards(shown: Stage) -> None:
    await shown.chat(messages=LEFTWARDS)


async def _texts(shown: Stage) -> None:
    await shown.chat(messages=TEXTS)


async def _acts(shown: Stage) -> None:
    """What people have done with messages; the pointer is over one, which is being answered."""
    await shown.chat(messages=ACTS)
    shown.made.screen.pinned_bar.show_pins(2, "Wiring chart for the motor driver, and who has which bench")
    shown.made.screen.timeline.act_requested.emit(Reply(3))
    shown.made.screen.timeline.verticalScrollBar().setValue(0)
    await shown.settle()
    shown.made.screen.date_pill.hide()
    shown.point(3)


async def _reactors(shown: Stage) -> None:
    """Who has reacted, one of them under a name that reads leftwards and one under a long one."""
    await shown.chat(messages=ACTS)
    people = tuple(Reactor(person, person.lower()) for person, _ in PEOPLE)
    timeline, acts = shown.made.screen.timeline, shown.made.screen.findChild(MessageActs)
    assert acts
    await shown.settle()
    card, place = acts.reactors_card, timeline.place_of_reaction(6, "🎉")
    card.open_list(timeline.viewport(), place, ShownReactors(6, "🎉", len(people), people))


async def _receipts(shown: Stage) -> None:
    """Who has read a message, some of them under names that read leftwards or are long; one ticks has nobody."""
    await shown.chat(messages=ACTS)
    counts = [Receipt(4, 24), Receipt(9, 0)]
    shown.hear(ReceiptSettings(allowed=True, given=True), Receipts(ROOM, EPOCH, counts))
    await shown.settle()
    timeline = shown.made.screen.timeline
    timeline.verticalScrollBar().setValue(0)
    timeline.act_requested.emit(ShowReaders(4))
    named = (ALEXANDRINA, "نور الهدى", "Aiko Tanaka", "Kit")
    at = (f"2026-11-23T10:{minute}:00.000Z" for minute in (31, 31, 32, 32))
    readers = tuple(Reader(name, name.lower(), read) for name, read in zip(named, at, strict=True))
    receipts = shown.made.client.state.shown.receipts
    receipts.shown = ShownReaders(4, readers, 24, 30, more=True, busy=False)
    shown.take([ReadersChanged()])
    await shown.settle()


async def _message_info(shown: Stage) -> None:
    """When a message of somebody else was sent and edited."""
    await shown.chat(messages=ACTS)
    shown.made.screen.timeline.verticalScrollBar().setValue(0)
    shown.made.screen.timeline.act_requested.emit(ShowInfo(1))
    await shown.settle()


async def _pins(shown: Stage) -> None:
    await shown.chat(messages=ACTS)
    screen, pinned = shown.made.screen, [ACTS[0], ACTS[5], *reversed(MESSAGES)]
    screen.pinned_bar.show_pins(len(pinned), "Left motor on bench 4 spins backwards.")
    await shown.settle()
    screen.pins_card.open_list(screen.pinned_bar, pinned)


async def _drawer(shown: Stage) -> None:
    await shown.chat()
    shown.made.screen.columns.open_drawer()


async def _empty(shown: Stage) -> None:
    await shown.chat(hosting=True, people=1, messages=())


async def _empty_guest(shown: Stage) -> None:
    await shown.chat(people=2, messages=())


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


async def _busy(shown: Stage) -> None:
    """People join and type, and the pointer is over a row."""
    await shown.chat()
    shown.join(*CAME)
    shown.hear(Typing("Aiko Tanaka", True, ROOM), Typing("Bolt 🤖", True, ROOM))
    await shown.settle()
    shown.point(6)


async def _own(shown: Stage) -> None:
    """Messages that are being sent, a refused one, and unread ones."""
    await shown.chat(hosting=True)
    shown.be_new(7)
    shown.write("Brilliant! Bring it to the front after the break ☕", refused="Lunch is at 12:15 in the hall")


async def _lost(shown: Stage) -> None:
    await shown.chat()
    shown.lose()
    shown.write("Are you there?")


async def _ended(shown: Stage) -> None:
    await shown.chat()
    shown.take(shown.made.client.state.disconnected())
    shown.be(Ended("The host has removed you. Ask in the room whether you may come back."))


async def _trouble(shown: Stage) -> None:
    await shown.chat(hosting=True)
    shown.made.client.state.storage_problem = (
        "The disk of the host is full: make room on it. New messages are not kept."
    )
    shown.take([StorageChanged()])


async def _back(shown: Stage) -> None:
    await shown.chat()
    shown.lose()
    shown.hear(welcome(GUEST, len(PEOPLE)), users(len(PEOPLE)), history(MESSAGES))
    shown.be(Online("all"))


async def _search(shown: Stage) -> None:
    await shown.chat()
    shown.search("bench")


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


async def _keys(shown: Stage) -> None:
    await shown.chat(hosting=True)
    shown.application.navigation.show_keys()


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
        rooms.open_settings(room)

    return act


async def _room_menu(shown: Stage) -> None:
    await shown.chat(hosting=True)
    shown.list_rooms()
    shown.made.screen.sidebar.rooms_panel.menu_requested.emit("code-help", shown.window.rect().center())


async def _calendar(shown: Stage) -> None:
    await shown.chat()
    shown.made.screen.calendar_requested.emit()


async def _invite(shown: Stage) -> None:
    await shown.chat(hosting=True)
    shown.invite()


async def _settings(shown: Stage) -> None:
    await shown.chat()
    shown.window.settings_sheet.show_sheet()


async def _export(shown: Stage) -> None:
    await shown.chat()
    shown.application.history.export()


async def _question(shown: Stage) -> None:
    await shown.chat(hosting=True)
    about = "16 others are in it. The chat ends for everyone."
    ConfirmSheet(shown.theme, shown.window, "Close the room?", about, "Close the room", look=DANGER).show_sheet()


async def _toast(shown: Stage) -> None:
    await shown.chat(hosting=True)
    shown.application.show_toast("Address copied", done=True)


async def _menu(shown: Stage) -> None:
    await shown.chat(hosting=True)
    shown.made.screen.sidebar.header.click()


async def _long(shown: Stage) -> None:
    """Scrolled away from the end: one pill leads back, another up to the unread messages."""
    await shown.chat()
    shown.made.screen.set_far_from_latest(True)
    shown.made.screen.set_unseen(12)
    shown.made.screen.show_unread_above("2 new since 10:31")


async def _find(shown: Stage) -> None:
    await shown.chat()
    shown.made.screen.sidebar.people_panel.open_search()
    shown.made.screen.sidebar.people_panel._field.setText("be")


def _typing(text: str, *, hosting: bool = False) -> Act:
    async def act(shown: Stage) -> None:
        await shown.chat(hosting=hosting)
        shown.type(text)

    return act


async def _refused_command(shown: Stage) -> None:
    await shown.chat()
    shown.type("/sudo make me a sandwich")
    shown.made.screen.composer._submit()


def _picking(search: str = "") -> Act:
    """The picker of emoji, perhaps with what is searched."""

    async def act(shown: Stage) -> None:
        await shown.chat()
        shown.type("Bench 4 follows the line ")
        shown.made.screen.composer.emoji_button.click()
        picker = shown.window.findChild(EmojiPicker)
        assert picker
        picker.search.setText(search)

    return act


_SCENES = {
    "start": Scene(
        _start,
        _in(
            *_THEMES,
            size=_START,
            narrow=Look(size=(640, 760)),
            leftwards=Look(size=_START, leftwards=True),
            large=Look(size=(1200, 800), scale=2.0),
        ),
    ),
    "start-refused": Scene(_start_alone, _in("light", size=_START)),
    "host": Scene(_host, _in(*_THEMES, size=(1200, 800))),
    "guest": Scene(
        _guest,
        _in(
            "light",
            wide=Look(size=_WIDE),
            wide_dark=Look("dark", _WIDE),
            narrow=Look(size=_NARROW),
            large=Look(size=(1200, 800), scale=2.0),
        ),
    ),
    "leftwards": Scene(_leftwards, _in("light")),
    "text": Scene(
        _texts,
        _in(
            "light",
            size=(1200, 1000),
            narrow=Look("dark", (640, 900)),
            large=Look("high-contrast", (1200, 1600), scale=2.0),
        ),
    ),
    "acts": Scene(_acts, _in(*_THEMES, size=(1200, 800))),
    "pins": Scene(_pins, _in(*_THEMES)),
    "reactors": Scene(_reactors, _in(*_THEMES)),
    "receipts": Scene(_receipts, _in(*_THEMES, size=(1200, 800))),
    "message-info": Scene(_message_info, _in("light")),
    "drawer": Scene(_drawer, _in("light", size=_NARROW)),
    "empty": Scene(_empty, _in("light", "dark")),
    "empty-guest": Scene(_empty_guest, _in("light")),
    "empty-room": Scene(_empty_room, _in(*_THEMES)),
    "busy": Scene(_busy, _in(*_THEMES)),
    "own": Scene(_own, _in("light", "high-contrast")),
    "lost": Scene(_lost, _in("dark")),
    "ended": Scene(_ended, _in("light")),
    "trouble": Scene(_trouble, _in("light")),
    "back": Scene(_back, _in("light")),
    "search": Scene(_search, _in("light", "dark")),
    "switcher": Scene(
        _switch("be"),
        _in(
            *_THEMES, size=(1200, 800), leftwards=Look(size=_SMALL, leftwards=True), large=Look(size=_NARROW, scale=1.6)
        ),
    ),
    "switcher-empty": Scene(_switch(""), _in("light", size=(1200, 800))),
    "rooms": Scene(
        _rooms(),
        _in(
            *_THEMES,
            size=(1200, 800),
            narrow=Look(size=_NARROW),
            leftwards=Look(size=(1200, 800), leftwards=True),
            large=Look(size=(1200, 800), scale=2.0),
        ),
    ),
    "rooms-guest": Scene(_rooms(hosting=False), _in("light", size=_WIDE)),
    "waiting": Scene(_waiting, _in(narrow=Look(size=_NARROW))),
    "new-room": Scene(_new_room, _in("light", "dark")),
    "room-settings": Scene(
        _room_settings("mentors", hosting=True),
        _in(*_THEMES, size=(1200, 800), narrow=Look(size=_NARROW), leftwards=Look(size=_SMALL, leftwards=True)),
    ),
    "room-settings-guest": Scene(_room_settings("code-help", hosting=False), _in("light")),
    "room-menu": Scene(_room_menu, _in("light", "dark")),
    "keys": Scene(_keys, _in(*_THEMES, size=(1200, 800), narrow=Look(size=_NARROW))),
    "complete-people": Scene(
        _typing("@al", hosting=True), _in("light", "dark", leftwards=Look(size=_SMALL, leftwards=True))
    ),
    "complete-emoji": Scene(_typing("Bring the :ro"), _in("light", "high-contrast")),
    "complete-commands": Scene(_typing("/"), _in("light")),
    "not-a-command": Scene(_refused_command, _in("light")),
    "emoji": Scene(_picking(), _in(*_THEMES, large=Look(size=_SMALL, scale=1.5))),
    "emoji-search": Scene(_picking("smil"), _in("light")),
    "emoji-nothing": Scene(_picking("crimping plier"), _in("light")),
    "calendar": Scene(_calendar, _in("light")),
    "invite": Scene(_invite, _in("light", "dark", size=(1000, 700))),
    "settings": Scene(_settings, _in("light", "dark", large=Look(size=_SMALL, scale=2.0))),
    "export": Scene(_export, _in("light")),
    "question": Scene(_question, _in("light")),
    "toast": Scene(_toast, _in("light")),
    "menu": Scene(_menu, _in("light")),
    "pills": Scene(_long, _in("light")),
    "find": Scene(_find, _in("light")),
}

WINDOW = {
    f"window-{name}-{look}".replace("_", "-"): (scene.act, scene.looks[look])
    for name, scene in _SCENES.items()
    for look in scene.looks
}


async def _picture(app: QApplication, act: Act, look: Look) -> QImage:
    async with stage(app, look) as shown:
        await act(shown)
        await shown.settle()
        return shown.picture()


def main(folder: Path, names: list[str]) -> None:
    """Draw these scenes into the folder. The process must have the gallery's clock."""
    app = QApplication(["chatdesk"])
    app.setQuitOnLastWindowClosed(False)
    app.setCursorFlashTime(0)  # the caret does not blink
    with asyncio.Runner(loop_factory=lambda: new_event_loop(app)) as runner:
        for name in names:
            runner.run(_picture(app, *WINDOW[name])).save(str(folder / f"{name}.png"), quality=90)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
