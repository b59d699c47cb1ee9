"""Who takes part from a terminal in a chat that asks for a password or a token."""

from pathlib import Path

import pytest

from chatdesk.client.saved_state import ClientStore, Credentials
from chatdesk.config import ConfigError
from chatdesk.log.rooms import WHOLE_CHAT
from chatdesk.terminal.commands import _lines
from chatdesk.terminal.participant import EXIT_NO_ANSWER, TerminalError
from chatdesk.terminal.send import send
from tests.server.chat import chat
from tests.server.tokens import sign_in, token
from tests.terminal.test_send import target

PASSWORD, WRONG = "copper-walrus", "brass-walrus"


async def test_a_password_comes_from_a_file_and_who_has_been_in_needs_none(tmp_path: Path) -> None:
    store = ClientStore(tmp_path)
    async with chat() as opened:
        entry = opened.server.dispatcher.entry
        hashed = await entry.passwords.hash(PASSWORD)
        entry.change(WHOLE_CHAT, entry.settings(WHOLE_CHAT)._replace(password=hashed), lambda _error: None)
        for password, words in (("", "ask the host for it. Name a file with it: --join"), (WRONG, "That is not it.")):
            with pytest.raises(TerminalError, match=words) as refused:
                await send(target(opened)._replace(password=password), "Hello", store)
            assert refused.value.exit_code == EXIT_NO_ANSWER
        assert (await send(target(opened)._replace(password=PASSWORD), "One", store)).seq == 1
        assert (await send(target(opened), "Two", store)).seq == 2


async def test_the_passwords_of_chat_and_room_are_the_lines_of_one_file(tmp_path: Path) -> None:
    file = tmp_path / "passwords"
    file.write_text(f"{PASSWORD}\n{WRONG}\n")
    async with chat() as opened:
        entry, kit = opened.server.dispatcher.entry, await opened.join("Kit")
        kit.send("create", room="vault")
        await kit.next("room")
        for place, words in ((WHOLE_CHAT, PASSWORD), ("vault", WRONG)):
            hashed = await entry.passwords.hash(words)
            entry.change(place, entry.settings(place)._replace(password=hashed), lambda _error: None)
        first, second = _lines(file)
        given = target(opened)._replace(room="vault", nickname="Ana", password=first)
        with pytest.raises(TerminalError, match="password of its own"):
            await send(given, "One", ClientStore(tmp_path / "1"))
        with pytest.raises(TerminalError, match="That is not it"):
            await send(given._replace(room_password=PASSWORD), "One", ClientStore(tmp_path / "2"))
        sent = await send(given._replace(room_password=second), "One", ClientStore(tmp_path / "3"))
        assert (sent.room, sent.seq) == ("vault", 1)


async def test_a_token_comes_from_a_file_or_from_the_window_and_a_refused_one_is_forgotten(tmp_path: Path) -> None:
    store = ClientStore(tmp_path)
    async with chat(tokens=sign_in()) as opened:
        where = target(opened)
        with pytest.raises(TerminalError, match=r"get one from its host.*--token-file"):
            await send(where, "Hello", store)
        given = await send(where._replace(sign_in=token(name="Mara")), "Hello", store)
        assert given.nickname == "Mara"
        for kept in (token(name="Kit"), token(name="Kit", exp=5)):
            store.room(Credentials(where.url, "s", "lobby", kept, "Kit", sign_in=kept)).save_credentials()
        with pytest.raises(TerminalError, match="expired"):
            await send(where, "Hello", store)
        assert (await send(where, "Hello", store)).nickname == "Kit"


def test_a_file_without_a_secret_is_said(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    with pytest.raises(ConfigError, match="cannot be read: no such file"):
        _lines(file)
    file.write_bytes(b"\n")
    with pytest.raises(ConfigError, match=r"first line of .* is empty"):
        _lines(file)
    file.write_bytes(b"\xef\xbb\xbfcopper walrus \r\nnot this")
    assert _lines(file) == ("copper walrus", "not this")
    assert _lines(None) == ("", "")
