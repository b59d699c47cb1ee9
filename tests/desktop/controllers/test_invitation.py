"""The invitation is chosen, copied, saved, and updated when networks change."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from chatdesk.desktop.application import Application
from chatdesk.desktop.controllers import invitation as module
from chatdesk.desktop.controllers.invitation import InvitationController
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.hosting import Hosted
from chatdesk.desktop.text import NO_NETWORK
from chatdesk.discovery import network_watch
from chatdesk.discovery.networks import Network
from tests.desktop.inspection import texts
from tests.desktop.invitations import CABLE, PROXY, VPN, WIFI
from tests.waiting import until

AT_WIFI, AT_CABLE, AT_VPN = "192.168.4.20:8080", "10.1.2.3:8080", "10.8.0.2:8080"


@dataclass
class HostWindow:
    """A computer whose networks the test chooses, with a hosting window."""

    application: Application
    networks: list[Network]
    announced: list[str] = field(default_factory=list)
    reached: frozenset[str] = frozenset()
    name: str = "robotics-workshop.local"

    @property
    def invitation(self) -> InvitationController:
        return self.application.invitation

    @property
    def shown(self) -> list[str]:
        """The texts of all places that show an address: address card, sheet, empty room, projector."""
        conversation = self.application._conversation
        assert conversation is not None
        plate = conversation.screen.sidebar.address_card._address.accessibleName()
        sheet, empty = " ".join(texts(self.invitation.sheet)), " ".join(texts(conversation.screen.empty_room))
        return [plate, sheet, empty, self.invitation.projector.accessibleName()]

    def shows(self, address: str) -> bool:
        others = {AT_WIFI, AT_CABLE, AT_VPN} - {address}
        return all(address in place and not any(other in place for other in others) for place in self.shown)

    def says(self, sentence: str) -> bool:
        return any(sentence in text for text in texts(self.application.window.toast))

    def behind(self, url: str) -> None:
        """Put a proxy in front of the server."""
        hosted = self.invitation._hosted
        assert hosted is not None
        self.invitation.set_conversation(self.application._conversation, replace(hosted, public_url=url))
        self.invitation.invite()

    def move_to(self, *networks: Network) -> None:
        self.networks[:] = networks


@pytest_asyncio.fixture
async def host_window(application: Application, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[HostWindow]:
    networks = [WIFI, CABLE, VPN]
    for looking in (module, network_watch):
        monkeypatch.setattr(looking, "own_networks", lambda: list(networks))
    made = HostWindow(application, networks)
    hosted = Hosted(
        "ws://127.0.0.1:8080/ws",
        f"http://{AT_WIFI}",
        "0.0.0.0",
        8080,
        "token",
        made.announced.append,
        local_name=lambda: made.name,
        reached_addresses=lambda: made.reached,
    )
    application.invitation.set_conversation(application._conversation, hosted)
    application.invitation.invite()
    yield made
    application.invitation.set_conversation(application._conversation, replace(hosted, bind="127.0.0.1"))


async def test_the_best_network_is_shown_everywhere(host_window: HostWindow) -> None:
    assert host_window.shows(AT_WIFI)
    assert "robotics-workshop.local:8080" in texts(host_window.invitation.sheet)
    assert host_window.announced == []


async def test_while_the_sheet_is_open_it_follows_a_name_that_another_computer_had_first(
    host_window: HostWindow,
) -> None:
    host_window.name = "robotics-workshop-2.local"
    await until(lambda: "robotics-workshop-2.local:8080" in texts(host_window.invitation.sheet))


async def test_behind_a_proxy_its_address_is_shown_everywhere_whatever_the_networks_do(host_window: HostWindow) -> None:
    host_window.behind(PROXY.url)
    assert all("https://chat.example.org/chat" in place for place in host_window.shown)
    assert not any(AT_WIFI in place for place in host_window.shown)
    assert "only this address" in host_window.shown[1].lower()
    host_window.invitation.copy_address()
    assert QGuiApplication.clipboard().text() == PROXY.url
    test_page = host_window.invitation._doctor.sheet._phone
    assert "https://chat.example.org/chat/check" in texts(test_page)
    host_window.move_to()
    await until(lambda: len(host_window.invitation._invitations.all) == 1)
    assert "https://chat.example.org/chat" in host_window.shown[0]
    assert (host_window.announced, host_window.says("network")) == ([], False)


async def test_another_choice_changes_all_of_them_and_the_terminal(
    host_window: HostWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(module, "announce", lambda _source, text: heard.append(text))
    host_window.invitation.sheet.network_chosen.emit("eth0")
    assert host_window.shows(AT_CABLE)
    assert heard == [f"The address is now {AT_CABLE}"]
    assert host_window.announced == [f"http://{AT_CABLE}"]
    host_window.invitation.copy_address()
    assert QGuiApplication.clipboard().text() == f"http://{AT_CABLE}"


async def test_a_change_of_network_is_shown_and_said(host_window: HostWindow) -> None:
    host_window.move_to(CABLE, VPN)
    await until(lambda: host_window.shows(AT_CABLE))
    assert host_window.says(f"The network has changed: the address is now {AT_CABLE}")
    assert host_window.announced == [f"http://{AT_CABLE}"]


async def test_the_chosen_network_is_taken_again_when_it_is_back(host_window: HostWindow) -> None:
    host_window.invitation.choose_network("tun0")
    host_window.move_to(WIFI, CABLE)
    await until(lambda: host_window.shows(AT_WIFI))
    host_window.move_to(WIFI, CABLE, VPN)
    await until(lambda: host_window.shows(AT_VPN))


async def test_a_network_that_comes_besides_is_offered_without_a_word(host_window: HostWindow) -> None:
    host_window.move_to(CABLE, WIFI)
    await until(lambda: len(host_window.invitation.sheet._details.network_choice._invitations) == 2)
    assert host_window.shows(AT_WIFI)
    assert (host_window.announced, host_window.says("changed")) == ([], False)


async def test_without_a_network_all_say_so_until_there_is_one(host_window: HostWindow) -> None:
    host_window.move_to()
    await until(lambda: "No network" in host_window.shown[0])
    assert NO_NETWORK in host_window.shown[1]
    assert NO_NETWORK in host_window.shown[2]
    assert "there is no network" in host_window.shown[3]
    assert host_window.says("This computer has no network")
    QGuiApplication.clipboard().setText("as before")
    host_window.invitation.copy_address()
    assert QGuiApplication.clipboard().text() == "as before"
    host_window.move_to(CABLE)
    await until(lambda: host_window.shows(AT_CABLE))


async def test_it_is_shown_once_others_have_joined_by_the_address(host_window: HostWindow) -> None:
    reached = "Others have reached you at this address."
    host_window.reached = frozenset({"10.1.2.3"})
    host_window.invitation.set_user_count(2)
    assert reached not in texts(host_window.invitation.sheet)
    host_window.invitation.choose_network("eth0")
    assert reached in texts(host_window.invitation.sheet)
    host_window.reached = frozenset()
    host_window.invitation.set_user_count(1)
    assert reached in texts(host_window.invitation.sheet)


async def test_the_test_page_moves_with_the_address(host_window: HostWindow) -> None:
    host_window.invitation.check_connection()
    host_window.move_to(CABLE)
    await until(lambda: f"{AT_CABLE}/check" in texts(host_window.application.doctor.sheet))


async def test_the_window_itself_stays_in_the_chat(host_window: HostWindow, conversation: Conversation) -> None:
    changes: list[object] = []
    conversation.user_count_updated.connect(changes.append)
    host_window.move_to()
    await until(lambda: "No network" in host_window.shown[0])
    assert conversation.client.state.online
    assert changes == []


async def test_leaving_ends_the_watch_and_hides_all(host_window: HostWindow) -> None:
    host_window.invitation.show_projector()
    host_window.invitation.set_conversation(None)
    assert not host_window.invitation.sheet.isVisible()
    assert not host_window.invitation.projector.isVisible()
    host_window.move_to(VPN)
    host_window.invitation.invite()
    host_window.invitation.show_projector()
    host_window.invitation.copy_address()
    assert not host_window.invitation.sheet.isVisible()
    assert not host_window.invitation.projector.isVisible()


async def test_the_code_is_saved_as_a_picture_that_can_be_printed(host_window: HostWindow, tmp_path: Path) -> None:
    host_window.invitation.sheet.save_requested.emit()
    chooser = host_window.application.window.findChild(QFileDialog)
    assert chooser is not None
    file = tmp_path / "code.png"
    chooser.fileSelected.emit(str(file))
    chooser.close()
    picture = QImage(str(file))
    assert picture.width() == picture.height() >= 600
    assert {picture.pixelColor(x, 4 * 24 - 1).name() for x in range(picture.width())} == {"#ffffff"}
    assert picture.pixelColor(4 * 24, 4 * 24).name() == "#000000"
    assert host_window.says(f"QR code saved to {file}")


async def test_a_picture_that_cannot_be_written_is_said(host_window: HostWindow, tmp_path: Path) -> None:
    host_window.invitation._write_qr_code(str(tmp_path / "nowhere" / "code.png"))
    assert host_window.says("choose another folder")
    host_window.move_to()
    await until(lambda: "No network" in host_window.shown[0])
    host_window.invitation._write_qr_code(str(tmp_path / "code.png"))
    assert host_window.says("This computer has no network")
