"""Coming in with what a chat or a room asks for, in the window, at a real server on loopback."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chatdesk.desktop.dialogs.entry import EntrySheet
from chatdesk.desktop.dialogs.room_settings import RoomSettingsSheet
from chatdesk.desktop.dialogs.secret import SecretSheet
from tests.desktop.inspection import texts
from tests.desktop.program import Program
from tests.server.chat import Chat, Peer, chat
from tests.server.tokens import sign_in, token
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("keep_loop_running")
PASSWORD = "copper-walrus"  # noqa: S105
WINDOW = {"capabilities": ["presence", "rooms"], "client": "window"}


async def host_of(c: Chat) -> Peer:
    return await c.join("Mara", token=c.server.host_token, **WINDOW)


async def answered(peer: Peer, name: str, **fields: object) -> dict[str, object]:
    """Send a command and wait for its answer."""
    peer.send(name, id="asked", **fields)
    while (event := await peer.event()).get("ref") != "asked":
        pass
    return event


async def asked(program: Program, error: str = "") -> SecretSheet:
    """The sheet that asks for something now, and says this below its field."""

    def sheet() -> SecretSheet | None:
        shown = [sheet for sheet in program.window.findChildren(SecretSheet) if sheet.isVisible()]
        return next((sheet for sheet in shown if error in sheet.field.error), None)

    await until(sheet)
    found = sheet()
    assert found
    return found


async def left(program: Program) -> None:
    """Leave, and be at the start screen again."""
    assert program.conversation
    program.conversation.leave()
    await until(lambda: program.at_start)


async def test_a_wrong_password_says_so_and_an_invitation_passes_it(program: Program) -> None:
    async with chat() as c:
        host = await host_of(c)
        await answered(host, "entry", password=PASSWORD)
        invited = await answered(host, "invite")
        program.application.join(f"http://127.0.0.1:{c.server.port}")
        sheet = await asked(program)
        assert "ask the host for it" in sheet.accessibleDescription()
        program.press("Join")
        assert sheet.field.error == "Write the password first."
        sheet.field.edit.setText("brass-walrus")
        QTest.keyClick(sheet.field.edit, Qt.Key.Key_Tab)
        assert sheet.field.eye.hasFocus()
        assert sheet.field.edit.displayText() == "●" * 12
        QTest.keyClick(sheet.field.eye, Qt.Key.Key_Space)
        assert (sheet.field.eye.isChecked(), sheet.field.edit.displayText()) == (True, "brass-walrus")
        program.press("Join")
        again = await asked(program, "4 more tries")
        assert not again.field.eye.isChecked()
        program.press("I have an invitation")
        assert again.field.eye.isHidden()
        assert (again.field.error, again.field.edit.accessibleName()) == ("", "Code of the invitation")
        again.field.edit.setText("no code")
        program.press("Join")
        assert "as in k7f-m2x-4rw" in again.field.error
        again.field.edit.setText(str(invited["code"]))
        program.press("Join")
        conversation = await program.joined()
        sign_in = conversation.client.state.sign_in
        assert (sign_in.password, sign_in.invitation) == ("", "")
        await left(program)


async def test_after_many_wrong_ones_the_button_counts_the_wait_down(program: Program) -> None:
    async with chat() as c:
        await answered(await host_of(c), "entry", password=PASSWORD)
        program.application.join(f"http://127.0.0.1:{c.server.port}")
        for words in ("", "4 more", "3 more", "2 more", "One more"):
            (await asked(program, words)).field.edit.setText("brass-walrus")
            program.press("Join")
        sheet = await asked(program, "Wait a minute")
        assert not sheet._accept.isEnabled()
        assert sheet._accept.text() in ("Join in 1:00", "Join in 0:59")
        sheet.show_error("", 0.0)
        assert (sheet._accept.isEnabled(), sheet._accept.text()) == (True, "Join")
        program.press("Cancel")
        await until(lambda: program.at_start)


async def test_who_comes_to_a_locked_chat_may_come_by_an_invitation_or_goes_back(program: Program) -> None:
    async with chat() as c:
        await answered(await host_of(c), "entry", locked=True)
        program.application.join(f"http://127.0.0.1:{c.server.port}")
        sheet = await asked(program)
        assert "nobody new can come in now" in sheet.accessibleDescription()
        sheet.field.edit.setText("k7f-m2x-4rw")
        program.press("Join")
        await asked(program, "This invitation does not open the chat")
        program.press("Cancel")
        await until(lambda: program.at_start)
        assert "does not open the chat" in " ".join(texts(program.window.start))


async def test_a_room_asks_for_its_password_in_a_sheet_and_closes_it_once_it_is_open(program: Program) -> None:
    async with chat() as c:
        host = await host_of(c)
        await answered(host, "create", room="vault")
        await answered(host, "entry", room="vault", password=PASSWORD)
        program.application.join(f"http://127.0.0.1:{c.server.port}")
        conversation = await program.joined()
        await until(lambda: "vault" in conversation.client.state.list.rooms)
        conversation.show_room("vault")
        sheet = await asked(program)
        assert "vault" in sheet.accessibleName()
        QTest.keyClicks(sheet.field.edit, "brass-walrus")
        program.press("Enter")
        await asked(program, "4 more tries")
        sheet.field.edit.setText(PASSWORD)
        program.press("Enter")
        await until(lambda: conversation.client.state.shown.name == "vault" and conversation.client.state.shown.stage)
        await until(lambda: not any(s.isVisible() for s in program.window.findChildren(SecretSheet)))
        assert conversation.client.state.shown.stage == "inside"
        await left(program)


async def test_the_host_says_who_may_join_and_everybody_reads_it(program: Program) -> None:
    program.application.host(nickname="Mara")
    conversation = await program.joined()
    choice = program.application.invitation.sheet._details.entry_button
    await until(lambda: choice.accessibleName() == "Who may join: Anyone who has the address")
    program.application.invitation.invite()
    choice.click()
    sheet = next(sheet for sheet in program.window.findChildren(EntrySheet) if sheet.isVisible())
    sheet.form.field.edit.setText(PASSWORD)
    sheet._approval.click()
    program.press("Save")
    await until(lambda: choice.accessibleName() == "Who may join: Anyone with the password and your approval")
    assert conversation.client.admission.entry == ("password",)

    program.window.settings_sheet.show_sheet()
    program.press("Who may join this chat: Anyone with the password and your approval")
    assert (sheet.form.password, sheet.form.locked, sheet._approval.isChecked()) == (None, None, True)
    program.press("Remove the password")
    assert (sheet.form.password, sheet.form.remove_button.isHidden()) == ("", True)
    sheet.form.lock.click()
    program.press("Save")
    await until(lambda: choice.accessibleName() == "Who may join: Nobody new")
    assert conversation.client.admission.entry == ("locked",)
    sheet.show_sheet(("password",), approval=True, password_in_file=True)
    QTest.keyClicks(sheet.form.field.edit, PASSWORD)
    assert (sheet.form.password, sheet.form.remove_button.isHidden()) == (None, True)
    assert "stands in a file" in sheet.form.field.edit.accessibleDescription()
    await left(program)
    assert program.window.settings_sheet._entry_row.isHidden()


async def test_the_host_gives_a_room_a_password_in_its_settings(program: Program) -> None:
    program.application.host(nickname="Mara")
    conversation = await program.joined()
    conversation.client.rooms.create("vault")
    await until(
        lambda: conversation.client.state.shown.name == "vault" and conversation.client.state.shown.stage == "inside"
    )
    await until(lambda: conversation.client.order.may("vault", "guard_entry"))
    conversation.screen.sidebar.rooms_panel.settings_requested.emit()
    sheet = next(sheet for sheet in program.window.findChildren(RoomSettingsSheet) if sheet.isVisible())
    sheet._entry.field.edit.setText(PASSWORD)
    sheet._entry.lock.click()
    program.press("Save")
    await until(lambda: conversation.client.state.list.rooms["vault"].entry == ("password", "locked"))
    await left(program)


async def test_an_invitation_or_a_token_is_given_before_a_chat_is_joined(program: Program) -> None:
    async with chat(tokens=sign_in(required=False)) as c:
        host = await host_of(c)
        await answered(host, "entry", password=PASSWORD)
        invited = await answered(host, "invite", nickname="Zoe")
        for secret, words, nickname in (
            (str(invited["code"]).upper(), "With an invitation", "Zoe"),
            (token(name="Dr. Okonkwo"), "With a token", "Dr. Okonkwo"),
        ):
            program.press("Token or invitation")
            sheet = await asked(program)
            sheet.field.edit.setText("neither")
            program.press("Use it")
            assert "neither" in sheet.field.error
            sheet.field.edit.setText(secret)
            program.press("Use it")
            assert program.window.start.join_card._secret.accessibleName() == words
            if words == "With a token":
                await answered(host, "entry", password="")
            program.application.join(f"http://127.0.0.1:{c.server.port}")
            assert (await program.joined()).client.state.nickname == nickname
            await left(program)
            assert program.window.start.join_card._secret.accessibleName() == "Token or invitation"
