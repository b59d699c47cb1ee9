"""The choice of the network: its button, and its menu with the current one marked."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from chatdesk.desktop.invitation import Invitation
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.invite.network_choice import NetworkChoice
from chatdesk.discovery.networks import NetworkKind
from tests.desktop.inspection import HOSTILE
from tests.desktop.invitations import AT_CABLE, AT_WIFI, DOCKER, PROXY, VPN, network
from tests.desktop.tooltips import tip

ALL = (AT_WIFI, AT_CABLE, Invitation("10.8.0.2", 8080, VPN), Invitation("172.17.0.1", 8080, DOCKER))


@pytest.fixture
def choice(qtbot: QtBot, theme: Theme) -> NetworkChoice:
    made = NetworkChoice(theme)
    qtbot.addWidget(made)
    made.set_invitations(ALL, AT_WIFI)
    made.resize(381, 40)
    made.show()
    return made


def opened(choice: NetworkChoice) -> QMenu:
    choice.click()
    return choice.findChildren(QMenu)[-1]


def test_each_network_is_named_with_its_kind_and_its_address(choice: NetworkChoice) -> None:
    menu = opened(choice)
    assert [action.text() for action in menu.actions()] == [
        "Workshop-5G\tWi-Fi, 192.168.4.20",
        "Cable\teth0, 10.1.2.3",
        "VPN\ttun0, 10.8.0.2",
        "Virtual network\tdocker0, 172.17.0.1",
    ]
    assert [action.isChecked() for action in menu.actions()] == [True, False, False, False]
    assert not any(action.icon().isNull() for action in menu.actions())
    assert menu.accessibleName() == "Network"
    menu.close()


def test_a_choice_carries_the_interface(choice: NetworkChoice, qtbot: QtBot) -> None:
    menu = opened(choice)
    with qtbot.waitSignal(choice.chosen) as chosen:
        qtbot.keyClicks(menu, "")
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
            qtbot.keyClick(menu, key)
    assert chosen.args == ["eth0"]
    assert choice.accessibleName() == "Network: Workshop-5G Wi-Fi, 192.168.4.20"
    choice.set_invitations(ALL, AT_CABLE)
    assert choice.accessibleName() == "Network: Cable eth0, 10.1.2.3"


def test_a_proxy_is_offered_first_and_chosen_as_no_interface(choice: NetworkChoice, qtbot: QtBot) -> None:
    choice.set_invitations((PROXY, AT_WIFI), AT_WIFI)
    menu = opened(choice)
    assert [action.text() for action in menu.actions()] == [
        "Proxy\tchat.example.org",
        "Workshop-5G\tWi-Fi, 192.168.4.20",
    ]
    with qtbot.waitSignal(choice.chosen) as chosen:
        menu.actions()[0].trigger()
    assert chosen.args == [""]
    menu.close()


def test_a_closed_menu_is_gone(choice: NetworkChoice, qtbot: QtBot) -> None:
    menu = opened(choice)
    with qtbot.waitSignal(menu.destroyed):
        menu.close()


def test_a_single_network_is_shown_and_nothing_opens(choice: NetworkChoice, qtbot: QtBot) -> None:
    before = choice.grab().toImage()
    choice.set_invitations([AT_WIFI], AT_WIFI)
    assert choice.grab().toImage() != before  # no chevron
    assert choice.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert choice.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    choice.set_invitations(ALL, AT_WIFI)
    assert choice.focusPolicy() == Qt.FocusPolicy.StrongFocus
    assert choice.grab().toImage() == before


def test_a_long_name_is_cut_before_the_chevron(choice: NetworkChoice, theme: Theme) -> None:
    theme.set_scale(2.0)
    long = Invitation("192.168.4.20", 8080, network("wlan0", NetworkKind.WIFI, "192.168.4.20", name="W" * 200))
    choice.set_invitations([long, AT_CABLE], long)
    choice.resize(300, choice.sizeHint().height())
    image = choice.grab().toImage()
    ink = theme.color("text")
    columns = {x for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y) == ink}
    assert max(columns) < 300 - 12 - 32
    assert "W" * 200 in tip(choice)


def test_a_hostile_name_is_text(choice: NetworkChoice) -> None:
    hostile = Invitation("10.1.2.3", 8080, network("wlan0", NetworkKind.WIFI, "10.1.2.3", name=HOSTILE))
    choice.set_invitations([hostile, AT_WIFI], hostile)
    assert "<b>" not in tip(choice)
    menu = opened(choice)
    assert "evil && <table>" in menu.actions()[0].text()  # a single & would underline the next letter
    menu.close()
