"""How others come in to the room that is open here: told on a sheet, thrown on a wall, copied, and kept up to date."""

import asyncio
from collections.abc import Callable, Sequence

from PySide6.QtCore import QByteArray, QObject, QStandardPaths, QTimer
from PySide6.QtGui import QGuiApplication, QImageWriter
from PySide6.QtWidgets import QFileDialog, QWidget

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.controllers.doctor import Check
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.invite import InviteSheet
from chatdesk.desktop.dialogs.projector import Projector
from chatdesk.desktop.hosting import Hosted
from chatdesk.desktop.invitation import Entrances
from chatdesk.desktop.tasks import Tasks
from chatdesk.desktop.text import in_file_name, typed_address
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.qr_code import qr_print_image
from chatdesk.discovery.network_watch import NetworkWatch
from chatdesk.discovery.networks import Network, own_networks

_NAME_MS = 1000
"""How often it is seen whether the name is another one."""
_GONE = "This computer has no network: others cannot join until it is on one again."


class WayIn(QObject):
    """Shows it over ``window``, for the conversation that was entered last. ``say`` tells the person in passing."""

    def __init__(self, theme: Theme, window: QWidget, tasks: Tasks, check: Check, say: Callable[..., None]) -> None:
        super().__init__()
        self._window, self._tasks, self._check, self._say = window, tasks, check, say
        self._conversation: Conversation | None = None
        self._hosted: Hosted | None = None
        self._entrances = Entrances("127.0.0.1", 0)
        self._reached: frozenset[str] = frozenset()
        self._watching: asyncio.Task[None] | None = None
        self._name = ""
        self._naming = QTimer(self, interval=_NAME_MS)
        self._naming.timeout.connect(self._take_name)
        self.sheet = InviteSheet(theme, window)
        self.projector = Projector(theme, window)
        self.sheet.projector_wanted.connect(self.project)
        self.sheet.picture_wanted.connect(self.save_picture)
        self.sheet.network_chosen.connect(self.choose)
        self.sheet.check_wanted.connect(self.check)

    def enter(self, conversation: Conversation | None, hosted: Hosted | None = None) -> None:
        """It is about this conversation from now on, and about the server that this window hosts; None: no more."""
        self._conversation, self._hosted = conversation, hosted
        self.sheet.dismiss()
        self.projector.close()
        self._check.end()
        if self._watching:
            self._watching.cancel()
            self._watching = None
        self._naming.stop()
        if hosted:
            self._naming.start()
            self._entrances, self._reached = Entrances(hosted.bind, hosted.port, hosted.public_url), frozenset()
            self._entrances.take(own_networks())
            self._show()
            if self._entrances.can_change:
                self._watching = self._tasks.start(NetworkWatch(self._take).run(), "networks")

    def invite(self) -> None:
        """Show how others come in."""
        if self._hosted:
            self._show()
            self.sheet.show_sheet()

    def project(self) -> None:
        """Show the way in to a whole hall."""
        if self._conversation and self._hosted:
            self.projector.set_people(self._conversation.client.state.user_count)
            self.projector.show_for(self._conversation.name)

    def people_counted(self, number: int) -> None:
        """Say how many are in, wherever that is shown, and whether they came by the address that is given."""
        self.projector.set_people(number)
        self._tell_reached()

    def choose(self, interface: str) -> None:
        """Give others the address of this network from now on."""
        self._entrances.choose(interface)
        self._show()
        self._announce()
        announce(self.sheet, f"The address is now {typed_address(self._url())}")

    def check(self) -> None:
        """Look why nobody comes in; for who has joined, what is between them and the host."""
        self.sheet.dismiss()
        if self._hosted:
            self._check.of_room(self._hosted)
        elif self._conversation:
            self._check.of_address(typed_address(self._conversation.page_url))

    def copy_address(self) -> None:
        """Copy the address that others are given."""
        if url := self._url():
            QGuiApplication.clipboard().setText(url)
            self._say("Address copied", done=True)
        elif self._conversation:
            self._say(_GONE)

    def save_picture(self) -> None:
        """Save the code as a picture, in a file that the person chooses."""
        if not self._conversation:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        chooser = QFileDialog(self._window, "Save the QR code", folder, "Picture (*.png)")
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix("png")
        chooser.selectFile(f"{in_file_name(self._conversation.name) or 'ChatDesk'} QR code.png")
        chooser.fileSelected.connect(self._save_picture)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def _save_picture(self, file: str) -> None:
        if not (url := self._url()):
            self._say(_GONE)
        elif QImageWriter(file, QByteArray(b"png")).write(qr_print_image(url)):
            self._say(f"QR code saved to {file}", done=True)
        else:
            self._say(f"The picture cannot be written to {file}: choose another folder.")

    def _url(self) -> str:
        """What others are given; empty where there is no network."""
        if self._hosted:
            return self._entrances.shown.url if self._entrances.shown else ""
        return self._conversation.page_url if self._conversation else ""

    def _take(self, networks: Sequence[Network]) -> None:
        """The networks have changed."""
        before = self._entrances.shown
        self._entrances.take(networks)
        self._show()
        shown = self._entrances.shown
        if (shown and shown.url) == (before and before.url):
            return
        self._announce()
        if shown:
            self._say(f"The network has changed: the address is now {typed_address(shown.url)}")
        else:
            self._say(_GONE)

    def _take_name(self) -> None:
        """Another computer may have had the name first, and whoever is given it comes to that one."""
        if self._hosted and self._hosted.local_name() != self._name:
            self._show()

    def _announce(self) -> None:
        if self._hosted and self._entrances.shown:
            self._hosted.announce(self._entrances.shown.url)

    def _show(self) -> None:
        """Say it wherever an address is shown."""
        shown = self._entrances.shown
        self._name = self._hosted.local_name() if self._hosted else ""
        self.sheet.set_local_name(self._name)
        self.sheet.set_entrances(self._entrances.all, shown)
        self.projector.set_entrance(shown)
        self._check.set_entrance(shown)
        if self._conversation:
            self._conversation.screen.sidebar.address_card.set_entrance(shown)
            self._conversation.screen.empty_room.set_entrance(shown)
        self._tell_reached()

    def _tell_reached(self) -> None:
        """Once others have come in by an address, they have, although they may have left since."""
        if self._hosted:
            self._reached |= self._hosted.reached()
            shown = self._entrances.shown
            self.sheet.set_reached(shown is not None and shown.address in self._reached)
