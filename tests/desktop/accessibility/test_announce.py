"""Announcements reach screen readers, old versions and new ones."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.accessibility import announce as module
from chatdesk.desktop.accessibility.announce import DelayedAnnouncer, announce
from chatdesk.desktop.accessibility.roles import Role, install_accessible_roles

install_accessible_roles()


@pytest.fixture
def listening() -> Iterator[None]:
    """A screen reader is running."""
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def notices(window: QWidget) -> list[str]:
    """What a reader finds that asks later."""
    found = [QAccessible.queryAccessibleInterface(part) for part in window.findChildren(QWidget)]
    assert all(part.role() is Role.Notification and not part.state().invisible for part in found)
    return [part.text(QAccessible.Text.Name) for part in found]


def test_each_text_is_a_notice_of_its_own_that_takes_no_room(listening: None, window: QWidget) -> None:
    announce(window, "Copied")
    announce(window, "Back online")
    assert notices(window) == ["Copied", "Back online"]
    assert all(notice.size().isEmpty() for notice in window.findChildren(QWidget))


def test_nothing_is_made_where_nobody_listens(window: QWidget) -> None:
    announce(window, "Copied")
    assert notices(window) == []


def test_a_result_is_announced_once_it_is_stable_and_new(
    window: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(module, "announce", lambda _source, text: told.append(text))
    result = DelayedAnnouncer(window)
    for text in ("9 found", "", "2 found"):
        result.set_text(text)
    qtbot.waitUntil(lambda: told == ["2 found"])
    result.set_text("2 found")
    qtbot.waitUntil(lambda: not result._delay.isActive())
    result.set_text("2 found", context="another word")
    qtbot.waitUntil(lambda: not result._delay.isActive())
    assert told == ["2 found", "2 found"]
    result.set_text("")
    qtbot.waitUntil(lambda: not result._delay.isActive())
    result.set_text("2 found", context="another word")
    qtbot.waitUntil(lambda: len(told) == 3)
