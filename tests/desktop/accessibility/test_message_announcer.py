"""New messages are announced: several as one, and not between typed letters."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.accessibility import message_announcer as module
from chatdesk.desktop.accessibility.message_announcer import MessageAnnouncer, announcement
from chatdesk.protocol.events import Message


def said(nickname: str, content: str, seq: int = 1) -> Message:
    return Message(nickname, content, "2026-11-30T10:00:00Z", seq=seq)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The announcements, with a screen reader running."""
    told: list[str] = []
    monkeypatch.setattr(module, "announce", lambda _source, text: told.append(text))
    QAccessible.setActive(True)
    yield told
    QAccessible.setActive(False)


class Clock:
    """The announcer's time."""

    now = 1000.0

    def run(self, timer: QTimer) -> None:
        """Be at the moment for which the timer is set, and let it go off."""
        self.now += timer.interval() / 1000
        timer.timeout.emit()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """One that stands still meanwhile."""
    made = Clock()
    monkeypatch.setattr(module, "monotonic", lambda: made.now)
    return made


@pytest.fixture
def announcer(qtbot: QtBot) -> MessageAnnouncer:
    screen = QWidget()
    qtbot.addWidget(screen)
    return MessageAnnouncer(screen)


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ([("Ben", "Good morning")], "Ben: Good morning."),
        ([("Ben", "Ready?"), ("Ben", "Go"), ("Ines", "好。")], "Ben: Ready? Go. Ines: 好。"),
        ([("Ben", "two\n\nlines")], "Ben: two lines."),
        ([("Ben", "<b>x</b>")], "Ben: <b>x</b>."),
        ([("Ben", "word " * 1000)], f"Ben: {('word ' * 100).strip()}…"),
        ([("Ben", "spam")] * 11 + [("Ines", "Stop!")], "12 new messages. The last is from Ines: Stop!"),
    ],
)
def test_announcements_have_names_and_texts(messages: list[tuple[str, str]], words: str) -> None:
    assert announcement([said(*message) for message in messages], len(messages)) == words


def test_messages_that_arrive_together_are_announced_as_one(
    announcer: MessageAnnouncer, heard: list[str], qtbot: QtBot
) -> None:
    """Behaviour 41."""
    for content in ("One", "Two", "Three"):
        announcer.add(said("Ben", content))
    assert heard == []
    qtbot.waitUntil(lambda: heard == ["Ben: One. Two. Three."])


def test_a_running_announcement_is_not_cut_off(announcer: MessageAnnouncer, heard: list[str], clock: Clock) -> None:
    announcer.add(said("Ben", "A sentence of some length"))
    clock.run(announcer._next)
    assert len(heard) == 1
    announcer.add(said("Ben", "One"))
    clock.run(announcer._next)
    announcer.add(said("Ben", "Two"))
    assert len(heard) == 1
    clock.run(announcer._next)
    assert heard[1:] == ["Ben: One. Two."]


def test_it_waits_for_a_pause_between_letters(
    announcer: MessageAnnouncer, heard: list[str], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TYPING_SECONDS", 60.0)
    announcer.add(said("Ben", "One"))
    announcer.note_key()
    clock.run(announcer._next)
    assert heard == []
    monkeypatch.setattr(module, "_MAX_WAIT", 0.0)
    announcer._announce_next()
    assert heard == ["Ben: One."]


def test_nothing_is_kept_for_nobody(announcer: MessageAnnouncer) -> None:
    announcer.add(said("Ben", "One"))
    assert not announcer._next.isActive()
