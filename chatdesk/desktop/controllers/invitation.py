"""Shows how others join: in a dialog, on a projector, as a copied address; and keeps it up to date."""

import asyncio
from collections.abc import Callable, Sequence

from PySide6.QtCore import QByteArray, QObject, QStandardPaths, QTimer
from PySide6.QtGui import QGuiApplication, QImageWriter
from PySide6.QtWidgets import QFileDialog, QWidget

from chatdesk.certificates.words import key_words
from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.controllers.doctor import DoctorController
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.invite import InviteSheet
from chatdesk.desktop.dialogs.projector import Projector
from chatdesk.desktop.hosting import Hosted
from chatdesk.desktop.invitation import Invitations
from chatdesk.desktop.tasks import Tasks
from chatdesk.desktop.text import display_address, safe_file_name
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.qr_code import qr_print_image
from chatdesk.discovery.network_watch import NetworkWatch
from chatdesk.discovery.networks import Network, own_networks

_NAME_CHECK_MS = 1000
"""How often the mDNS name is checked: a name conflict is resolved within a second or two after the start."""
_NO_NETWORK = "This computer has no network: others cannot join until it is on one again."


class InvitationController(QObject):
    """Shows the conversation's invitation over ``window``. ``show_toast`` shows a sentence for a few seconds."""

    def __init__(
        self, theme: Theme, window: QWidget, tasks: Tasks, doctor: DoctorController, show_toast: Callable[..., None]
    ) -> None:
        super().__init__()
        self._window, self._tasks, self._doctor, self._show_toast = window, tasks, doctor, show_toast
        self._conversation: Conversation | None = None
        self._hosted: Hosted | None = None
        self._invitations = Invitations("127.0.0.1", 0)
        self._reached_addresses: frozenset[str] = frozenset()
        self._network_watch: asyncio.Task[None] | None = None
        self._shown_name = ""
        self._name_timer = QTimer(self, interval=_NAME_CHECK_MS)
        self._name_timer.timeout.connect(self._check_name)
        self.sheet = InviteSheet(theme, window)
        self.projector = Projector(theme, window)
        self.sheet.projector_requested.connect(self.show_projector)
        self.sheet.save_requested.connect(self.save_qr_code)
        self.sheet.network_chosen.connect(self.choose_network)
        self.sheet.check_requested.connect(self.check_connection)

    def set_conversation(self, conversation: Conversation | None, hosted: Hosted | None = None) -> None:
        """Set the conversation, and the server if this window hosts; None when there is none."""
        self._conversation, self._hosted = conversation, hosted
        self.sheet.dismiss()
        self.projector.close()
        self._doctor.close()
        if self._network_watch:
            self._network_watch.cancel()
            self._network_watch = None
        self._name_timer.stop()
        if hosted:
            self._name_timer.start()
            self._invitations, self._reached_addresses = (
                Invitations(hosted.bind, hosted.port, hosted.public_url, encrypted=hosted.encrypted),
                frozenset(),
            )
            self._invitations.set_networks(own_networks())
            self.sheet.set_key_words(key_words(hosted.key) if hosted.key else ())
            self._show()
            if self._invitations.can_change:
                self._network_watch = self._tasks.start(NetworkWatch(self._networks_changed).run(), "networks")

    @property
    def asks_token(self) -> bool:
        """Whether everybody needs a token to join the hosted chat."""
        return bool(self._hosted and self._hosted.asks_token)

    @property
    def key(self) -> str:
        """The fingerprint of the hosted chat's own key; empty if there is none."""
        return self._hosted.key if self._hosted else ""

    def invite(self) -> None:
        """Open the dialog that shows how others join."""
        if self._hosted:
            self._show()
            self.sheet.show_sheet()

    def show_projector(self) -> None:
        """Show the invitation on a whole screen, for a projector."""
        if self._conversation and self._hosted:
            self.projector.set_people(self._conversation.client.state.shown.people.count)
            self.projector.show_for(self._conversation.name)

    def set_user_count(self, number: int) -> None:
        """Update the number of people, and whether others have joined by the address that is shown."""
        self.projector.set_people(number)
        self._update_reached()

    def choose_network(self, interface: str) -> None:
        """Show the address in this network from now on; ``interface`` is its name."""
        self._invitations.choose(interface)
        self._show()
        self._print_address()
        announce(self.sheet, f"The address is now {display_address(self.url())}")

    def check_connection(self) -> None:
        """Check why nobody can join; in a joined chat, check the connection to its host."""
        self.sheet.dismiss()
        if self._hosted:
            self._doctor.offer_host_check(self._hosted)
        elif self._conversation:
            self._doctor.check_address(display_address(self._conversation.page_url))

    def copy_address(self) -> None:
        """Copy the address that is given to others."""
        if url := self.url():
            QGuiApplication.clipboard().setText(url)
            self._show_toast("Address copied", done=True)
        elif self._conversation:
            self._show_toast(_NO_NETWORK)

    def save_qr_code(self) -> None:
        """Save the QR code as a PNG file that the person chooses."""
        if not self._conversation:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        chooser = QFileDialog(self._window, "Save the QR code", folder, "Picture (*.png)")
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix("png")
        chooser.selectFile(f"{safe_file_name(self._conversation.name) or 'ChatDesk'} QR code.png")
        chooser.fileSelected.connect(self._write_qr_code)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def _write_qr_code(self, file: str) -> None:
        if not (url := self.url()):
            self._show_toast(_NO_NETWORK)
        elif QImageWriter(file, QByteArray(b"png")).write(qr_print_image(url)):
            self._show_toast(f"QR code saved to {file}", done=True)
        else:
            self._show_toast(f"The picture cannot be written to {file}: choose another folder.")

    def url(self) -> str:
        """Return the URL that is given to others; empty without a network."""
        if self._hosted:
            return self._invitations.shown.url if self._invitations.shown else ""
        return self._conversation.page_url if self._conversation else ""

    def _networks_changed(self, networks: Sequence[Network]) -> None:
        """Show other addresses if this computer's networks have changed."""
        before = self._invitations.shown
        self._invitations.set_networks(networks)
        self._show()
        shown = self._invitations.shown
        if (shown and shown.url) == (before and before.url):
            return
        self._print_address()
        if shown:
            self._show_toast(f"The network has changed: the address is now {display_address(shown.url)}")
        else:
            self._show_toast(_NO_NETWORK)

    def _check_name(self) -> None:
        """Show the mDNS name if it has changed, as after a conflict: the old one leads to another computer."""
        if self._hosted and self._hosted.local_name() != self._shown_name:
            self._show()

    def _print_address(self) -> None:
        if self._hosted and self._invitations.shown:
            self._hosted.print_address(self._invitations.shown.url)

    def _show(self) -> None:
        """Update all places that show the address."""
        shown = self._invitations.shown
        self._shown_name = self._hosted.local_name() if self._hosted else ""
        self.sheet.set_local_name(self._shown_name)
        self.sheet.set_invitations(self._invitations.all, shown)
        self.projector.set_invitation(shown)
        self._doctor.set_invitation(shown)
        if self._conversation:
            self._conversation.screen.sidebar.address_card.set_invitation(shown)
            self._conversation.screen.empty_room.set_invitation(shown)
        self._update_reached()

    def _update_reached(self) -> None:
        """An address by which others have joined once works, although they may have left since."""
        if self._hosted:
            self._reached_addresses |= self._hosted.reached_addresses()
            shown = self._invitations.shown
            self.sheet.set_reached(shown is not None and shown.address in self._reached_addresses)
