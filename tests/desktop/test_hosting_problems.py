"""Problems of hosting: a taken port, a bad address, a history that cannot be stored or was damaged."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from chatdesk.app import host_beside_window
from chatdesk.config import ServerConfig
from chatdesk.desktop.hosting import Hosted
from tests.desktop.inspection import texts
from tests.desktop.program import CONFIG, Program
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("keep_loop_running")


async def test_a_taken_port_is_asked_about_and_the_next_one_taken(
    qapp: QApplication, tmp_path: Path, program: Program
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        second = Program(qapp, tmp_path / "second.ini", replace(CONFIG, port=port))
        second.application.host(nickname="Mara")
        await until(second.confirm_sheet)
        asked = second.confirm_sheet()
        assert asked is not None
        assert texts(asked)[0] == f"Port {port} is taken"
        free = next(text for text in texts(asked) if "instead" in text).split("take ")[1].split(" ")[0]
        second.answer(f"Use {free}")
        conversation = await second.joined()
        assert conversation.page_url == f"http://127.0.0.1:{free}"
        await second.close()


async def test_declining_another_port_returns_to_the_start_screen_as_filled_in(
    qapp: QApplication, tmp_path: Path, program: Program
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        second = Program(qapp, tmp_path / "second.ini", replace(CONFIG, port=taken.getsockname()[1]))
        await until(lambda: second.at_start)
        second.edit("Your name").setText("Priya")
        second.edit("Name of the room").setText("A room")
        second.press("Host")
        await until(second.confirm_sheet)
        second.answer("Cancel")
        await until(lambda: second.at_start)
        assert [second.edit(name).text() for name in ("Your name", "Name of the room")] == ["Priya", "A room"]
        await second.close()


@pytest.mark.parametrize(("in_memory", "says"), [(True, "You, hosting. Nothing is kept."), (False, "You, hosting")])
async def test_a_host_of_a_chat_that_is_not_stored_is_told_so(
    qapp: QApplication, tmp_path: Path, program: Program, in_memory: bool, says: str
) -> None:
    second = Program(qapp, tmp_path / "second.ini", replace(CONFIG, in_memory=in_memory))
    await until(lambda: second.at_start)
    second.press("Host")
    conversation = await second.joined()
    assert says in texts(conversation.screen.sidebar.user_bar)
    await second.close()


async def test_an_address_that_nobody_can_have_says_so(qapp: QApplication, tmp_path: Path, program: Program) -> None:
    second = Program(qapp, tmp_path / "second.ini", replace(CONFIG, bind="203.0.113.7"))
    await until(lambda: second.at_start)
    second.press("Host")
    room = second.edit("Name of the room")
    await until(lambda: "is this an address of this machine?" in room.accessibleDescription())
    assert second.at_start
    assert any("is this an address of this machine?" in text for text in texts(second.window.start))
    assert not second.window.toast.isVisible()
    await second.close()


async def test_a_history_that_cannot_be_kept_is_said_under_the_room_until_something_is_done(
    qapp: QApplication, tmp_path: Path, program: Program
) -> None:
    folder = tmp_path / "history"
    folder.write_text("a file")
    second = Program(qapp, tmp_path / "second.ini", replace(CONFIG, data_dir=folder))
    await until(lambda: second.at_start)
    second.press("Host")
    await until(lambda: second.edit("Name of the room").accessibleDescription())
    assert str(folder) in second.edit("Name of the room").accessibleDescription()
    assert not second.window.toast.isVisible()
    folder.unlink()
    second.press("Host")
    await second.joined()
    assert second.edit("Name of the room").accessibleDescription() == ""
    await second.close()


async def test_notices_for_the_host_stay_until_confirmed(qapp: QApplication, tmp_path: Path) -> None:
    notice = "The history was damaged. Saved: 7 of 9 messages. The damaged file is kept as damaged-1.db."

    @asynccontextmanager
    async def open_host(config: ServerConfig) -> AsyncIterator[Hosted]:
        async with host_beside_window(config) as hosted:
            yield replace(hosted, notices=(notice,))

    made = Program(qapp, tmp_path / "settings.ini", open_host=open_host)
    await until(lambda: made.at_start)
    made.press("Host")
    await made.joined()
    await until(made.confirm_sheet)
    asked = made.confirm_sheet()
    assert asked is not None
    assert texts(asked)[:2] == ["The history was damaged", notice.removeprefix("The history was damaged. ")]
    assert [b.text() for b in asked.findChildren(QPushButton) if b.isVisible()] == ["OK"]
    made.answer("OK")
    await until(lambda: made.confirm_sheet() is None)
    await made.close()
