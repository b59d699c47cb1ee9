"""Signing in with tokens, with the real program: from wscat and in a browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from chatdesk import cli
from tests.e2e.browser import ChatPage
from tests.e2e.serving import Serving
from tests.e2e.wscat import Wscat
from tests.server.tokens import SECRET, token


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("keys") / "chat.key"
    file.write_bytes(SECRET)
    return file


@pytest.fixture(scope="module")
def token_chat(key: Path) -> Iterator[Serving]:
    with Serving("--jwt-key", str(key)) as serving:
        yield serving


def test_wscat_brings_a_token_in_the_header_or_the_join_and_is_out_when_it_is_revoked(
    token_chat: Serving, key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["token", "issue", "kit", "--nickname", "Kit", "--jwt-key", str(key)]) == 0
    issued, words = capsys.readouterr()
    forged = f"Authorization: Bearer {token(SECRET[::-1])}"
    with Wscat(token_chat.websocket, "-H", forged, first="Unexpected server response: 401"):
        pass
    with Wscat(token_chat.websocket) as wscat:
        wscat.type('{"type":"join","nickname":"Ana"}')
        wscat.wait_for('"code":"unauthorized"')
        wscat.wait_for("Disconnected (code: 4502")
    with Wscat(token_chat.websocket, "-H", f"Authorization: Bearer {issued.strip()}") as wscat:
        wscat.type('{"type":"join","nickname":"Anybody"}')
        wscat.wait_for('"nickname":"Kit"')
        token_id = words.split("Its id is ")[1].split(".")[0]
        assert cli.run(["token", "revoke", token_id, "--data-dir", str(token_chat.folder)]) == 0
        wscat.wait_for("Your token was revoked")
        wscat.wait_for("Disconnected (code: 4502")
    with Wscat(token_chat.websocket) as wscat:
        wscat.type(f'{{"type":"join","nickname":"Kit","token":"{token(sub="kit")}"}}')
        wscat.wait_for('"type":"history"')


def test_a_page_asks_for_a_token_takes_it_from_a_link_and_goes_on_with_the_next_one(
    browser: Browser, token_chat: Serving
) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        chat = ChatPage(context, token_chat.url).open()
        expect(chat.find("#token-row")).to_be_visible()
        chat.find("#nickname").fill("Mara")
        chat.find("#join-button").click()
        expect(chat.find("#token-error")).to_have_text("Paste your token first.")
        chat.find("#token").fill(token(sub="mara", exp=5))
        chat.find("#join-button").click()
        expect(chat.find("#token-error")).to_have_text("This token has expired: get a new one.")

        ends = token(sub="mara", name="Mara Lee", exp=int(time.time()) + 40)
        chat.page.goto(f"{token_chat.url}/#token={ends}")  # in a page that is open: it is not loaded again
        expect(chat.find("#token")).to_have_value(ends)
        assert "token" not in chat.page.url
        chat.find("#join-button").click()
        expect(chat.find(".you")).to_contain_text("You are Mara Lee")
        assert ends not in str(chat.page.evaluate("JSON.stringify([localStorage, document.cookie, history.state])"))
        chat.page.reload()
        expect(chat.find(".you")).to_contain_text("You are Mara Lee")

        chat.find("#message").fill("half a sentence")
        expect(chat.find("#banner")).to_contain_text("Your sign-in ends in")
        chat.find("#banner button").click()
        chat.find("#new-token").fill(token(sub="ana"))
        chat.page.keyboard.press("Enter")
        expect(chat.find("#new-token-error")).to_contain_text("for somebody else")
        chat.find("#new-token").fill(token(sub="mara", name="Mara Lee", jti="m2"))
        chat.page.keyboard.press("Enter")
        expect(chat.find("#banner")).to_be_hidden()

        assert cli.run(["token", "revoke", "m2", "--data-dir", str(token_chat.folder)]) == 0
        expect(chat.find("#banner")).to_contain_text("Your token no longer opens this chat")
        chat.find("#banner button").click()
        chat.find("#new-token").fill(token(sub="mara", name="Mara Lee"))
        chat.page.keyboard.press("Enter")
        expect(chat.find("#banner")).to_be_hidden()
        expect(chat.find("#message")).to_have_value("half a sentence")
        chat.find("#message").press("Enter")
        expect(chat.find(".row").last).to_contain_text("half a sentence")
        assert chat.complaints == []
