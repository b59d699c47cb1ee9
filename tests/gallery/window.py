"""The window's screens and states."""

import asyncio
import gc
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from chatdesk.client.changes import Ended, Online, StorageChanged
from chatdesk.desktop.dialogs.confirm import ConfirmSheet
from chatdesk.desktop.loop import new_event_loop
from chatdesk.desktop.widgets.common.button import DANGER
from chatdesk.desktop.widgets.writing.emoji_picker import EmojiPicker
from chatdesk.protocol.entry_messages import Entry
from chatdesk.protocol.events import Typing
from tests.gallery.admission_scenes import ADMISSION_SCENES
from tests.gallery.content import CAME, GUEST, MESSAGES, PEOPLE, ROOM, history, users, welcome
from tests.gallery.message_scenes import MESSAGE_SCENES
from tests.gallery.order_scenes import ORDER_SCENES
from tests.gallery.room_scenes import ROOM_SCENES
from tests.gallery.scene import NARROW, SMALL, START, THEMES, WIDE, Act, Scene, in_themes
from tests.gallery.stage import Look, Stage, stage
from tests.gallery.trust_scenes import TRUST_SCENES
from tests.garbage import leave_out_what_stays

_AROUND = (("Galley & Bridge", "Ingrid Solberg", 12), ("Soldering, group B", "Dr. Okonkwo", 24))


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


async def _drawer(shown: Stage) -> None:
    await shown.chat()
    shown.made.screen.columns.open_drawer()


async def _empty(shown: Stage) -> None:
    await shown.chat(hosting=True, people=1, messages=())


async def _empty_guest(shown: Stage) -> None:
    await shown.chat(people=2, messages=())


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


async def _keys(shown: Stage) -> None:
    await shown.chat(hosting=True)
    shown.application.navigation.show_keys()


async def _calendar(shown: Stage) -> None:
    await shown.chat()
    shown.made.screen.calendar_requested.emit()


async def _invite(shown: Stage) -> None:
    await shown.chat(hosting=True)
    shown.made.client.admission.receive(Entry(("password",)))
    shown.made.admission_changed.emit()
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


_SCENES = (
    ADMISSION_SCENES
    | MESSAGE_SCENES
    | ROOM_SCENES
    | ORDER_SCENES
    | TRUST_SCENES
    | {
        "start": Scene(
            _start,
            in_themes(
                *THEMES,
                size=START,
                narrow=Look(size=(640, 760)),
                leftwards=Look(size=START, leftwards=True),
                large=Look(size=(1200, 800), scale=2.0),
            ),
        ),
        "start-refused": Scene(_start_alone, in_themes("light", size=START)),
        "host": Scene(_host, in_themes(*THEMES, size=(1200, 800))),
        "guest": Scene(
            _guest,
            in_themes(
                "light",
                wide=Look(size=WIDE),
                wide_dark=Look("dark", WIDE),
                narrow=Look(size=NARROW),
                large=Look(size=(1200, 800), scale=2.0),
            ),
        ),
        "drawer": Scene(_drawer, in_themes("light", size=NARROW)),
        "empty": Scene(_empty, in_themes("light", "dark")),
        "empty-guest": Scene(_empty_guest, in_themes("light")),
        "busy": Scene(_busy, in_themes(*THEMES)),
        "own": Scene(_own, in_themes("light", "high-contrast")),
        "lost": Scene(_lost, in_themes("dark")),
        "ended": Scene(_ended, in_themes("light")),
        "trouble": Scene(_trouble, in_themes("light")),
        "back": Scene(_back, in_themes("light")),
        "search": Scene(_search, in_themes("light", "dark")),
        "keys": Scene(_keys, in_themes(*THEMES, size=(1200, 800), narrow=Look(size=NARROW))),
        "complete-people": Scene(
            _typing("@al", hosting=True), in_themes("light", "dark", leftwards=Look(size=SMALL, leftwards=True))
        ),
        "complete-emoji": Scene(_typing("Bring the :ro"), in_themes("light", "high-contrast")),
        "complete-commands": Scene(_typing("/"), in_themes("light")),
        "not-a-command": Scene(_refused_command, in_themes("light")),
        "emoji": Scene(_picking(), in_themes(*THEMES, large=Look(size=SMALL, scale=1.5))),
        "emoji-search": Scene(_picking("smil"), in_themes("light")),
        "emoji-nothing": Scene(_picking("crimping plier"), in_themes("light")),
        "calendar": Scene(_calendar, in_themes("light")),
        "invite": Scene(_invite, in_themes("light", "dark", size=(1000, 700))),
        "settings": Scene(_settings, in_themes("light", "dark", large=Look(size=SMALL, scale=2.0))),
        "export": Scene(_export, in_themes("light")),
        "question": Scene(_question, in_themes("light")),
        "toast": Scene(_toast, in_themes("light")),
        "menu": Scene(_menu, in_themes("light")),
        "pills": Scene(_long, in_themes("light")),
        "find": Scene(_find, in_themes("light")),
    }
)

WINDOW = {
    f"window-{name}-{look}".replace("_", "-"): (scene, scene.looks[look])
    for name, scene in _SCENES.items()
    for look in scene.looks
}


def _by_arrangement(names: list[str]) -> Iterator[list[str]]:
    """These scenes in groups that differ in nothing but the theme, which an open window can be switched to."""
    found: dict[tuple[int, Look], list[str]] = {}
    for name in names:
        scene, look = WINDOW[name]
        found.setdefault((id(scene), look if scene.afresh else replace(look, theme="")), []).append(name)
    yield from found.values()


async def _draw(app: QApplication, folder: Path, names: list[str]) -> None:
    scene, look = WINDOW[names[0]]
    async with stage(app, look) as shown:
        await scene.act(shown)
        for name in names:
            if (theme := WINDOW[name][1].theme) != shown.theme.name:
                shown.theme.choose(theme)
            await shown.settle()
            shown.picture().save(str(folder / f"{name}.png"), quality=90)


def main(folder: Path, names: list[str]) -> None:
    """Draw these scenes into the folder. The process must have the gallery's clock."""
    app = QApplication(["chatdesk"])
    app.setQuitOnLastWindowClosed(False)
    app.setCursorFlashTime(0)  # the caret does not blink
    leave_out_what_stays()
    with asyncio.Runner(loop_factory=lambda: new_event_loop(app)) as runner:
        for group in _by_arrangement(names):
            runner.run(_draw(app, folder, group))
            gc.collect()  # windows that are left over would be laid out again with each theme


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
