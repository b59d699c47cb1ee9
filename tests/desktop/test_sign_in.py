"""Signing in with tokens in the window, at a real server on loopback."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from chatdesk.client.changes import Ended
from chatdesk.client.sign_in import token_in
from chatdesk.desktop.dialogs.secret import SecretSheet
from chatdesk.log.revoked_tokens import RevokedTokens
from tests.desktop.inspection import texts
from tests.desktop.program import Program
from tests.server.chat import chat
from tests.server.tokens import sign_in, token
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("keep_loop_running")


async def give(program: Program, given: str, why: str) -> SecretSheet:
    """Type a token into the sheet that says this, and go on."""

    def sheet() -> SecretSheet | None:
        shown = [sheet for sheet in program.window.findChildren(SecretSheet) if sheet.isVisible()]
        return next((sheet for sheet in shown if why in sheet.accessibleDescription()), None)

    await until(sheet)
    asked = sheet()
    assert asked
    asked.field.edit.setText(given)
    program.press("Go on")
    return asked


async def test_the_window_asks_for_a_token_and_for_the_next_one_and_keeps_what_is_written(
    program: Program, tmp_path: Path
) -> None:
    async with chat(tokens=sign_in(revoked=RevokedTokens(tmp_path))) as c:
        program.application.join(f"http://127.0.0.1:{c.server.port}/#token={token(exp=5)}")
        asked = await give(program, "no token", "This token has expired")
        assert asked.field.error == "This is no token: copy all of it, from its beginning to its end."
        ends = token(sub="mara", name="Mara Lee", exp=int(time.time()) + 40)
        await give(program, ends, "This token has expired")
        conversation = await program.joined()
        banner, composer = conversation.screen.banner, conversation.screen.composer.edit
        assert conversation.client.state.nickname == "Mara Lee"
        composer.setPlainText("half a sentence")
        await until(lambda: any("Your sign-in ends in" in text for text in texts(banner)))

        program.press("New token")
        asked = await give(program, token(sub="ana"), "Yours ends soon")
        await until(lambda: "for somebody else" in asked.field.error)
        await give(program, token(sub="mara", name="Mara Lee", jti="m2"), "Yours ends soon")
        await until(banner.isHidden)

        RevokedTokens(tmp_path).add("m2")
        await until(lambda: isinstance(conversation.client.state.status, Ended))
        program.press("New token")
        await give(program, token(sub="mara", name="Mara Lee"), "Your token no longer opens this chat")
        await until(lambda: conversation.client.state.online)
        assert composer.toPlainText() == "half a sentence"
        conversation.leave()
        await until(lambda: program.at_start)
        assert "token" not in " ".join(texts(program.window.start)).lower()


def test_a_link_is_an_address_and_a_token() -> None:
    assert token_in("http://a/#token=x.y.z") == ("http://a/", "x.y.z")
    assert token_in("192.168.4.20:8080") == ("192.168.4.20:8080", "")
