"""The way in while it is shown: chosen, copied, saved, and kept up to date when networks come and go."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from chatdesk.desktop.application import Application
from chatdesk.desktop.controllers import invitation as module
from chatdesk.desktop.controllers.invitation import WayIn
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
class House:
    """A computer in networks that the test chooses, and its window that hosts."""

    application: Application
    networks: list[Network]
    announced: list[str] = field(default_factory=list)
    reached: frozenset[str] = frozenset()
    name: str = "robotics-workshop.local"

    @property
    def way_in(self) -> WayIn:
        return self.application.way_in

    @property
    def shown(self) -> list[str]:
        """All places that show an address, and which one: plate, sheet, empty room, projector."""
        conversation = self.application._conversation
        assert conversation is not None
        plate = conversation.screen.sidebar.address_card._address.accessibleName()
        sheet, empty = " ".join(texts(self.way_in.sheet)), " ".join(texts(conversation.screen.empty_room))
        return [plate, sheet, empty, self.way_in.projector.accessibleName()]

    def shows(self, address: str) -> bool:
        others = {AT_WIFI, AT_CABLE, AT_VPN} - {address}
        return all(address in place and not any(other in place for other in others) for place in self.shown)

    def says(self, sentence: str) -> bool:
        return any(sentence in text for text in texts(self.application.window.toast))

    def behind(self, url: str) -> None:
        """From now on a proxy stands before it."""
        hosted = self.way_in._hosted
        assert hosted is not None
        self.way_in.enter(self.application._conversation, replace(hosted, public_url=url))
        self.way_in.invite()

    def move_to(self, *networks: Network) -> None:
        self.networks[:] = networks


@pytest_asyncio.fixture
async def house(application: Application, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    networks = [WIFI, CABLE, VPN]
    for looking in (module, network_watch):
        monkeypatch.setattr(looking, "own_networks", lambda: list(networks))
    made = House(application, networks)
    hosted = Hosted(
        "ws://127.0.0.1:8080/ws",
        f"http://{AT_WIFI}",
        "0.0.0.0",
        8080,
        "token",
        made.announced.append,
        local_name=lambda: made.name,
        reached=lambda: made.reached,
    )
    application.way_in.enter(application._conversation, hosted)
    application.way_in.invite()
    yield made
    application.way_in.enter(application._conversation, replace(hosted, bind="127.0.0.1"))


async def test_the_best_network_is_shown_everywhere(house: House) -> None:
    assert house.shows(AT_WIFI)
    assert "robotics-workshop.local:8080" in texts(house.way_in.sheet)
    assert house.announced == []


async def test_while_the_sheet_is_open_it_follows_a_name_that_another_computer_had_first(house: House) -> None:
    house.name = "robotics-workshop-2.local"
    await until(lambda: "robotics-workshop-2.local:8080" in texts(house.way_in.sheet))


async def test_behind_a_proxy_its_address_is_shown_everywhere_whatever_the_networks_do(house: House) -> None:
    house.behind(PROXY.url)
    assert all("https://chat.example.org/chat" in place for place in house.shown)
    assert not any(AT_WIFI in place for place in house.shown)
    assert "only this address" in house.shown[1].lower()
    house.way_in.copy_address()
    assert QGuiApplication.clipboard().text() == PROXY.url
    test_page = house.way_in._check.sheet._phone
    assert "https://chat.example.org/chat/check" in texts(test_page)
    house.move_to()
    await until(lambda: len(house.way_in._entrances.all) == 1)
    assert "https://chat.example.org/chat" in house.shown[0]
    assert (house.announced, house.says("network")) == ([], False)


async def test_another_choice_changes_all_of_them_and_the_terminal(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(module, "announce", lambda _source, text: heard.append(text))
    house.way_in.sheet.network_chosen.emit("eth0")
    assert house.shows(AT_CABLE)
    assert heard == [f"The address is now {AT_CABLE}"]
    assert house.announced == [f"http://{AT_CABLE}"]
    house.way_in.copy_address()
    assert QGuiApplication.clipboard().text() == f"http://{AT_CABLE}"


async def test_a_change_of_network_is_shown_and_said(house: House) -> None:
    house.move_to(CABLE, VPN)
    await until(lambda: house.shows(AT_CABLE))
    assert house.says(f"The network has changed: the address is now {AT_CABLE}")
    assert house.announced == [f"http://{AT_CABLE}"]


async def test_the_chosen_network_is_taken_again_when_it_is_back(house: House) -> None:
    house.way_in.choose("tun0")
    house.move_to(WIFI, CABLE)
    await until(lambda: house.shows(AT_WIFI))
    house.move_to(WIFI, CABLE, VPN)
    await until(lambda: house.shows(AT_VPN))


async def test_a_network_that_comes_besides_is_offered_without_a_word(house: House) -> None:
    house.move_to(CABLE, WIFI)
    await until(lambda: len(house.way_in.sheet._ways.network_choice._entrances) == 2)
    assert house.shows(AT_WIFI)
    assert (house.announced, house.says("changed")) == ([], False)


async def test_without_a_network_all_say_so_until_there_is_one(house: House) -> None:
    house.move_to()
    await until(lambda: "No network" in house.shown[0])
    assert NO_NETWORK in house.shown[1]
    assert NO_NETWORK in house.shown[2]
    assert "there is no network" in house.shown[3]
    assert house.says("This computer has no network")
    QGuiApplication.clipboard().setText("as before")
    house.way_in.copy_address()
    assert QGuiApplication.clipboard().text() == "as before"
    house.move_to(CABLE)
    await until(lambda: house.shows(AT_CABLE))


async def test_it_is_said_once_others_have_come_in_by_the_address(house: House) -> None:
    reached = "Others have reached you at this address."
    house.reached = frozenset({"10.1.2.3"})
    house.way_in.people_counted(2)
    assert reached not in texts(house.way_in.sheet)
    house.way_in.choose("eth0")
    assert reached in texts(house.way_in.sheet)
    house.reached = frozenset()
    house.way_in.people_counted(1)
    assert reached in texts(house.way_in.sheet)


async def test_the_test_page_moves_with_the_address(house: House) -> None:
    house.way_in.check()
    house.move_to(CABLE)
    await until(lambda: f"{AT_CABLE}/check" in texts(house.application.check.sheet))


async def test_the_window_itself_stays_in_the_chat(house: House, conversation: Conversation) -> None:
    changes: list[object] = []
    conversation.counted.connect(changes.append)
    house.move_to()
    await until(lambda: "No network" in house.shown[0])
    assert conversation.client.state.online
    assert changes == []


async def test_leaving_ends_the_watch_and_hides_all(house: House) -> None:
    house.way_in.project()
    house.way_in.enter(None)
    assert not house.way_in.sheet.isVisible()
    assert not house.way_in.projector.isVisible()
    house.move_to(VPN)
    house.way_in.invite()
    house.way_in.project()
    house.way_in.copy_address()
    assert not house.way_in.sheet.isVisible()
    assert not house.way_in.projector.isVisible()


async def test_the_code_is_saved_as_a_picture_that_can_be_printed(house: House, tmp_path: Path) -> None:
    house.way_in.sheet.picture_wanted.emit()
    chooser = house.application.window.findChild(QFileDialog)
    assert chooser is not None
    file = tmp_path / "code.png"
    chooser.fileSelected.emit(str(file))
    chooser.close()
    picture = QImage(str(file))
    assert picture.width() == picture.height() >= 600
    assert {picture.pixelColor(x, 4 * 24 - 1).name() for x in range(picture.width())} == {"#ffffff"}
    assert picture.pixelColor(4 * 24, 4 * 24).name() == "#000000"
    assert house.says(f"QR code saved to {file}")


async def test_a_picture_that_cannot_be_written_is_said(house: House, tmp_path: Path) -> None:
    house.way_in._save_picture(str(tmp_path / "nowhere" / "code.png"))
    assert house.says("choose another folder")
    house.move_to()
    await until(lambda: "No network" in house.shown[0])
    house.way_in._save_picture(str(tmp_path / "code.png"))
    assert house.says("This computer has no network")
