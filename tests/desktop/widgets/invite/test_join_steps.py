"""The three steps to join: numbered, and as high as their text needs."""

from itertools import pairwise

import pytest
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.invite.join_steps import JoinSteps
from tests.desktop.inspection import clipped, texts
from tests.desktop.invitations import AT_CABLE, AT_LONGEST, AT_WIFI, PROXY


@pytest.fixture
def steps(qtbot: QtBot, theme: Theme) -> JoinSteps:
    made = JoinSteps(theme)
    qtbot.addWidget(made)
    made.set_invitation(AT_CABLE)
    return made


def test_the_steps_are_network_address_and_name(steps: JoinSteps) -> None:
    assert texts(steps) == [
        "Same network",
        "Phones and laptops join this computer’s network.",
        "Scan, or type the address",
        "10.1.2.3:8080",
        f"In the app, the code {AT_CABLE.code} does it too.",
        "Pick a name",
        "That is all. No app, no account.",
    ]


def test_a_wifi_is_named_and_what_has_no_code_shows_none(steps: JoinSteps) -> None:
    steps.set_invitation(AT_WIFI)
    assert "Phones and laptops join the Wi-Fi Workshop-5G." in texts(steps)
    assert any(AT_WIFI.code in text for text in texts(steps))
    steps.set_invitation(AT_LONGEST)
    assert not any("code" in text for text in texts(steps))


def test_a_proxy_is_reached_from_any_network(steps: JoinSteps) -> None:
    steps.set_invitation(PROXY)
    assert texts(steps)[:4] == [
        "Any network",
        "Phones and laptops need one from which this address is reached.",
        "Scan, or type the address",
        "https://chat.example.org/chat",
    ]


@pytest.mark.parametrize("width", [200, 340, 700])
def test_their_height_for_a_width_is_enough(steps: JoinSteps, theme: Theme, qtbot: QtBot, width: int) -> None:
    steps.show()
    for scale in (1.0, 2.0):
        theme.set_scale(scale)
        steps.set_invitation(AT_LONGEST)
        steps.resize(width, steps.heightForWidth(width))
        qtbot.waitUntil(lambda: clipped(steps) == [])
    assert steps.heightForWidth(width) > steps.heightForWidth(2000)


def test_numbers_are_in_discs(steps: JoinSteps, theme: Theme) -> None:
    steps.resize(340, steps.heightForWidth(340))
    image = steps.grab().toImage()
    soft = theme.color("accent-soft")
    rows = [y for y in range(image.height()) if image.pixelColor(4, y) == soft]
    assert sum(later - earlier > 1 for earlier, later in pairwise(rows)) == 2
