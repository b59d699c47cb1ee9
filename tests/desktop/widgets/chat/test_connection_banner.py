"""The connection banner: which states it shows, which it hides, and what it announces."""

from time import monotonic

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.client.changes import Connecting, Ended, Lost, Online, Resumed
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat import connection_banner as module
from chatdesk.desktop.widgets.chat.connection_banner import ConnectionBanner
from chatdesk.desktop.widgets.chat.countdown_ring import CountdownRing
from chatdesk.desktop.widgets.common.button import Button
from tests.desktop.inspection import HOSTILE, clipped, texts


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was announced to screen readers."""
    heard: list[str] = []
    monkeypatch.setattr(module, "announce", lambda _source, text: heard.append(text))
    return heard


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def banner(window: QWidget, theme: Theme, said: list[str]) -> ConnectionBanner:
    made = ConnectionBanner(theme)
    layout = QVBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(made)
    layout.addStretch(1)
    window.resize(640, 480)
    window.show()
    return made


def lost(ago: float, retry_in: float | None, attempt: int = 1) -> Lost:
    now = monotonic()
    return Lost(now - ago, attempt, None if retry_in is None else now + retry_in)


def button(banner: ConnectionBanner, text: str) -> Button:
    return next(button for button in banner.findChildren(Button) if button.text() == text)


DISK_FULL = "The disk is full: make room on it."


def test_a_storage_failure_stays_until_it_is_over(banner: ConnectionBanner, said: list[str], qtbot: QtBot) -> None:
    banner.show_status(Online(), 0)
    for waiting in (0, 1, 2):
        banner.show_status(Online(), waiting, DISK_FULL)
    assert texts(banner) == [DISK_FULL]
    assert said == [DISK_FULL]
    assert not any(part.isVisible() for part in banner.findChildren(Button))
    banner.show_status(Online(), 2)
    assert texts(banner) == ["Messages are kept again."]
    banner._hide_timer.setInterval(0)
    banner._hide_timer.start()
    qtbot.waitUntil(lambda: not banner.isVisible())


def test_a_storage_failure_goes_before_a_lost_connection_but_not_before_the_end(banner: ConnectionBanner) -> None:
    status = lost(6, 7)
    banner.show_status(status, 0)
    assert button(banner, "Try now").isVisible()
    banner.show_status(status, 0, DISK_FULL)
    assert not banner._countdown_timer.isActive()
    assert texts(banner) == [DISK_FULL]
    banner.show_status(status, 0)
    assert "Trying again" in texts(banner)[0]
    banner.show_status(Ended("It is over."), 0, DISK_FULL)
    assert texts(banner) == ["It is over."]


def test_back_online_does_not_hide_a_storage_failure(banner: ConnectionBanner, qtbot: QtBot) -> None:
    banner.show_status(lost(6, 7), 0)
    banner.show_status(Online("all"), 0)
    assert banner._hide_timer.isActive()
    banner.show_status(Online("all"), 0, DISK_FULL)
    assert not banner._hide_timer.isActive()
    assert texts(banner) == [DISK_FULL]


def test_a_short_loss_shows_nothing(banner: ConnectionBanner, said: list[str]) -> None:
    for status in (Connecting(), Online(), lost(1, 3), Online("all")):
        banner.show_status(status, 0)
        assert banner.isHidden()
    assert said == []


def test_a_longer_loss_is_shown_after_five_seconds(banner: ConnectionBanner, qtbot: QtBot) -> None:
    assert banner._countdown_timer.interval() == 1000
    banner._countdown_timer.setInterval(20)
    banner.show_status(lost(4.7, 60), 0)
    assert banner.isHidden()
    qtbot.waitUntil(banner.isVisible)
    assert texts(banner)[0].startswith("Connection lost.")


def test_it_counts_down_by_itself_and_is_announced_once(
    banner: ConnectionBanner, said: list[str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    banner._countdown_timer.setInterval(20)
    status, clock = lost(6, 2.5), [monotonic()]
    monkeypatch.setattr(module, "monotonic", lambda: clock[0])
    banner.show_status(status, 0)
    assert texts(banner) == ["Connection lost. Trying again in 3\u00a0s."]
    clock[0] += 2
    qtbot.waitUntil(lambda: texts(banner) == ["Connection lost. Trying again in 1\u00a0s."])
    clock[0] += 1
    qtbot.waitUntil(lambda: texts(banner) == ["Connection lost. Trying again now."])
    assert not button(banner, "Try now").isVisible()
    assert len(said) == 1


@pytest.mark.parametrize(
    ("waiting", "words"),
    [(1, "Connection lost, 1 message waits."), (2, "Connection lost, 2 messages wait.")],
)
def test_waiting_messages_are_counted(banner: ConnectionBanner, waiting: int, words: str) -> None:
    banner.show_status(lost(6, None, 2), waiting)
    assert texts(banner) == [f"{words} Trying again now."]
    banner.show_status(lost(6, 9.5, 2), waiting)
    assert texts(banner) == [f"{words} Trying again in 10\u00a0s."]


def test_a_chat_closed_by_its_host_is_shown_at_once(banner: ConnectionBanner) -> None:
    banner.show_status(Lost(monotonic(), 1, monotonic() + 6.5, goodbye=True), 0)
    assert texts(banner) == ["The host has closed the chat. Looking again in 7\u00a0s."]
    assert button(banner, "Try now").isVisible()


@pytest.mark.parametrize("resumed", ["some", "none"])
def test_missed_messages_are_reported_after_a_short_loss_too(banner: ConnectionBanner, resumed: Resumed) -> None:
    banner.show_status(lost(1, 2), 0)
    assert banner.isHidden()
    banner.show_status(Online(resumed), 0)
    assert texts(banner)[0].startswith("Back online. ")


def test_try_now_is_a_button(banner: ConnectionBanner, qtbot: QtBot) -> None:
    banner.show_status(lost(6, 30), 0)
    with qtbot.waitSignal(banner.try_now):
        qtbot.mouseClick(button(banner, "Try now"), Qt.MouseButton.LeftButton)


def test_with_less_motion_there_is_no_ring(
    banner: ConnectionBanner, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = banner.findChild(CountdownRing)
    assert ring is not None
    banner.show_status(lost(6, 30), 0)
    assert ring.isVisible()
    monkeypatch.setattr(theme, "motion", lambda _name: 0)
    banner.show_status(lost(6, 20, 2), 0)
    assert not ring.isVisible()


def test_the_end_says_why_and_offers_to_join_again(banner: ConnectionBanner, qtbot: QtBot, said: list[str]) -> None:
    banner.show_status(Ended(HOSTILE), 0)
    assert texts(banner) == [HOSTILE]
    assert said == [HOSTILE]
    with qtbot.waitSignal(banner.join_again):
        qtbot.mouseClick(button(banner, "Join again"), Qt.MouseButton.LeftButton)
    banner.show_status(Connecting(), 0)
    assert banner.isHidden()


@pytest.mark.parametrize(
    ("resumed", "words"),
    [
        ("all", "Back online. Nothing was missed."),
        ("none", "Back online. The host has started afresh, earlier messages are gone."),
    ],
)
def test_back_online_is_shown_for_a_while(
    banner: ConnectionBanner, qtbot: QtBot, said: list[str], resumed: Resumed, words: str
) -> None:
    banner.show_status(lost(6, None), 1)
    banner.show_status(Online(resumed), 1)
    assert texts(banner) == [words]
    banner.show_status(Online(resumed), 0)  # the outbox is empty
    assert texts(banner) == [words]
    assert said[-1] == words
    assert banner._hide_timer.remainingTime() > 1000
    banner._hide_timer.start(20)
    qtbot.waitUntil(banner.isHidden)


def test_it_is_as_high_as_the_tokens_have_it(banner: ConnectionBanner) -> None:
    banner.show_status(lost(6, 30), 0)
    QApplication.sendPostedEvents()
    assert banner.sizeHint().height() == banner.minimumHeight() == 44


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_long_sentence_is_never_cut(banner: ConnectionBanner, theme: Theme, qtbot: QtBot, scale: float) -> None:
    theme.set_scale(scale)
    banner.show_status(Ended("The host has closed this room. Ask for the new address, then join again. " * 2), 0)
    qtbot.waitUntil(lambda: clipped(banner) == [])


def test_each_state_has_its_own_background(banner: ConnectionBanner, theme: Theme) -> None:
    grounds = []
    for status in (lost(6, 30), Ended("Gone."), lost(6, None), Online("all")):
        banner.show_status(status, 0)
        grounds.append(banner.grab().toImage().pixelColor(2, 2))
    wanted = ("warning-soft", "danger-soft", "warning-soft", "success-soft")
    assert grounds == [theme.color(role) for role in wanted]


@pytest.mark.parametrize("status", ["lost", "lasting", "goodbye", "ended", "trouble"])
@pytest.mark.parametrize("name", ["light", "dark", "high-contrast"])
def test_it_is_44_high_with_at_most_one_button(
    banner: ConnectionBanner, theme: Theme, qtbot: QtBot, status: str, name: str
) -> None:
    theme.choose(name)
    now = monotonic()
    states = {"lost": lost(6, 7), "lasting": lost(60, 7), "goodbye": Lost(now - 30, 3, now + 7, True)}
    states |= {"ended": Ended("The host has removed you."), "trouble": Online()}
    banner.show_status(states[status], 0 if status == "trouble" else 12, DISK_FULL if status == "trouble" else "")
    qtbot.waitUntil(lambda: banner.height() == 44)
    shown = [button for button in banner.findChildren(QAbstractButton) if button.isVisible()]
    assert len(shown) == (0 if status == "trouble" else 1)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_with_waiting_messages_nothing_is_cut_either(
    banner: ConnectionBanner, theme: Theme, qtbot: QtBot, scale: float
) -> None:
    theme.set_scale(scale)
    banner.show_status(lost(30, 7), 12)
    qtbot.waitUntil(lambda: clipped(banner) == [])
