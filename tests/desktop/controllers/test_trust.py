"""An encrypted host is joined once its words were compared; another key is a hard stop, also in the middle."""

import contextlib
import dataclasses
from collections.abc import AsyncIterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from chatdesk.certificates.own import OwnCertificates
from chatdesk.certificates.words import key_words
from chatdesk.client.known_hosts import KnownHost
from chatdesk.config import ServerConfig
from chatdesk.desktop.dialogs.changed_key import ChangedKeySheet
from chatdesk.desktop.dialogs.host_key import NewKeySheet
from chatdesk.desktop.models.hosts import DETAIL, WARNING, HostsModel
from chatdesk.log.memory import MemoryStore
from chatdesk.server.server import ChatServer
from tests.desktop.found_hosts import host
from tests.desktop.inspection import texts, unnamed
from tests.desktop.program import Program
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


def certificates() -> OwnCertificates:
    return OwnCertificates(None, "Robotics Workshop", "3f6b", lambda: ["127.0.0.1"])


@contextlib.asynccontextmanager
async def encrypted(own: OwnCertificates, port: int = 0) -> AsyncIterator[ChatServer]:
    config = ServerConfig(port=port, bind="127.0.0.1", name="Robotics Workshop")
    async with ChatServer(config, MemoryStore(), {}, certificates=own) as server:
        yield server


def press(parent: QWidget, text: str) -> None:
    button = next(button for button in parent.findChildren(QPushButton) if button.text() == text)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


async def sheet_of[Kind: QWidget](program: Program, kind: type[Kind]) -> Kind:
    await until(lambda: program.window.findChild(kind))
    found = program.window.findChild(kind)
    assert found is not None
    return found


async def test_words_are_compared_once_and_a_changed_key_goes_on_only_by_typing_the_new_ones(program: Program) -> None:
    first, second = certificates(), certificates()
    async with encrypted(first) as one:
        port = one.port
        program.application.join(f"https://127.0.0.1:{port}", "Kit")
        new = await sheet_of(program, NewKeySheet)
        assert set(unnamed(new)) == set()
        assert ", ".join(f"{place} {word}" for place, word in enumerate(key_words(first.fingerprint), 1)) in [
            part.accessibleName() for part in new.findChildren(QWidget)
        ]
        assert not one.hub.people
        press(new, "Same words, join")
        await until(lambda: program.application._conversation and program.application._conversation.joined)
        conversation = program.application._conversation
        assert conversation
        assert "You compared" in conversation.screen.sidebar.header.accessibleName()
    async with encrypted(second, port) as one:
        conversation.client.reconnect_now()
        changed = await sheet_of(program, ChangedKeySheet)
        assert set(unnamed(changed)) == set()
        assert "Nothing was sent." in changed.accessibleDescription()
        assert not one.connections
        changed._unfold()
        words = key_words(second.fingerprint)
        QTest.keyClicks(changed._typed.edit, " ".join((*words[:3], "wrong")))
        assert not changed._trust.isEnabled()
        assert "3 of 4" in texts(changed)
        changed._typed.edit.clear()
        QTest.keyClicks(changed._typed.edit, " ".join(words).upper())
        press(changed, "Trust the new key")
        await until(lambda: one.hub.people)
        conversation.leave()
        await until(lambda: program.at_start)


async def test_other_words_are_not_joined_and_leaving_is_what_is_offered_first(program: Program) -> None:
    own = certificates()
    async with encrypted(own) as one:
        address = f"127.0.0.1:{one.port}"
        program.application.join(f"https://{address}", "Kit")
        press(await sheet_of(program, NewKeySheet), "They differ")
        await until(lambda: any("The words differ" in text for text in texts(program.window)))
        known = KnownHost("ab" * 32, b"", "Robotics Workshop", "3f6b", date(2026, 11, 12))
        program.application.trust._hosts.trust(known, address)
        await until(lambda: not program.application._in_chat)
        program.application.join(address, "Kit")
        changed = await sheet_of(program, ChangedKeySheet)
        assert changed.focusWidget() is changed._leave
        QTest.keyClick(changed, Qt.Key.Key_Escape)
        await until(lambda: not program.application._in_chat)
        assert not one.connections


def test_a_found_host_that_promises_another_key_says_so_instead_of_how_many_are_there() -> None:
    known, other = host(1), dataclasses.replace(host(2), key="cd" * 32)
    model = HostsModel()
    model.set_warning(lambda found: "Another key than on 12 November" if found.key else "")
    model.set_hosts([known, other])
    assert [model.index(row).data(WARNING) for row in range(2)] == ["", "Another key than on 12 November"]
    assert [model.index(row).data(DETAIL) for row in range(2)] == ["12 here", "Another key than on 12 November"]
    assert "Another key" in model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
