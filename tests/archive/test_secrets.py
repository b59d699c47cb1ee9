"""What opens a chat and keeps people out is in a backup, and in no export, no log and nothing that a member hears.

It is planted, and looked for in the bytes.
"""

import base64
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatdesk.archive.backup import Backup, backup
from chatdesk.archive.export import Export, export
from chatdesk.export.formats import Format
from chatdesk.log.disk_store import open_store
from chatdesk.log.hook_file import HookFile
from chatdesk.log.revoked_tokens import RevokedTokens
from tests.server.chat import Chat, Peer, chat, error_reply
from tests.server.commands.test_invitations import invited, joining
from tests.server.test_entry import answer
from tests.server.test_order import KIT, done, host, refused
from tests.server.tokens import SECRET, sign_in, token
from tests.server.wire import Event

OF_CHAT, OF_ROOM, GUESS = "copper-walrus", "brass-kettle", "glass-lantern"
REASON, NAME, REVOKED = "sold stolen parts", "*plantedname*", "revoked-token-7"


class Planted:
    """A chat in a folder with all that is secret, and what others have heard of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.secrets: dict[str, bytes] = {}
        self.code = self.hook = ""
        self.heard = ""

    def plant(self, **values: str | bytes) -> None:
        for name, value in values.items():
            self.secrets[name.replace("_", " ")] = value.encode() if isinstance(value, str) else value

    def found_in(self, data: bytes) -> list[str]:
        """Which of it these bytes hold: as it is, in hexadecimal, or in base64."""
        lowered = data.lower()
        return [
            name
            for name, value in self.secrets.items()
            if any(form.lower() in lowered for form in (value, value.hex().encode(), base64.b64encode(value)))
        ]


@pytest.fixture
async def planted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Planted:
    caplog.set_level(logging.DEBUG)
    made = Planted(tmp_path / "chat")
    made.folder.mkdir()
    RevokedTokens(made.folder).add(REVOKED)
    made.hook = HookFile(made.folder).add("CI", "lobby")
    made.plant(password=OF_CHAT, room_password=OF_ROOM, wrong_password=GUESS, jwt_key=SECRET, hook=made.hook)
    async with open_store(made.folder) as store, chat(store=store, tokens=sign_in(required=False)) as c:
        mara, member = await host(c), await c.join("Ana")
        await plant_at_the_door(made, c, mara)
        await plant_bans(made, c, mara)
        directory = c.server.hub.directory
        made.plant(hash=directory.chat.password, hash_of_room=directory.settings("build").password)
        made.plant(key=store.secret, host_token=c.server.host_token, digest=c.server.hub.invitations.listed()[0].digest)
        member.send("message", content="Hello, everybody.")
        member.send("users", id="end")
        made.heard = "".join(map(json.dumps, [event async for event in until_end(member)]))
    return made


async def until_end(peer: Peer) -> AsyncIterator[Event]:
    while (event := await peer.event()).get("ref") != "end":
        yield event


async def plant_at_the_door(made: Planted, c: Chat, mara: Peer) -> None:
    mara.send("create", room="build", id="made")
    await answer(mara, "made")
    for room, password in (("build", OF_ROOM), (None, OF_CHAT)):
        mara.send("entry", room=room, password=password, id="set")
        await answer(mara, "set")
    made.code = (await invited(mara, uses=5))["code"]
    guest_token = (await joining(c, nickname="Bo", invitation=made.code))[1]["token"]
    signed = token(name="Signed")
    _, refusal = await joining(c, nickname="Eve", password=GUESS)
    assert refusal["code"] == "bad_password"
    await joining(c, nickname="Signed", token=signed, password=OF_CHAT)
    made.plant(code=made.code, code_without_hyphens=made.code.replace("-", ""), guest_token=guest_token, jwt=signed)


async def plant_bans(made: Planted, c: Chat, mara: Peer) -> None:
    await joining(c, nickname="Kit", token=KIT, password=OF_CHAT)
    await done(mara, "ban", whom="Kit", reason=REASON, minutes=0)
    await done(mara, "ban_name", nickname=NAME, reason=REASON)
    made.plant(reason=REASON, banned_name=NAME.strip("*"))


@pytest.mark.parametrize("form", Format)
async def test_no_export_has_any_of_it(planted: Planted, tmp_path: Path, form: Format) -> None:
    file = tmp_path / f"evening.{form}"
    export(Export(planted.folder, "Robotics", "lobby" if form is not Format.JSONL else None, form, file))
    data = file.read_bytes()
    assert b"Hello, everybody." in data
    assert planted.found_in(data) == []


async def test_no_log_and_no_member_has_any_of_it(planted: Planted, caplog: pytest.LogCaptureFixture) -> None:
    assert "Hello, everybody." in planted.heard
    assert planted.found_in(planted.heard.encode()) == []
    assert planted.found_in(caplog.text.encode()) == []


async def test_the_history_holds_no_password_code_or_key_of_tokens_as_it_is_typed(planted: Planted) -> None:
    data = b"".join(file.read_bytes() for file in planted.folder.iterdir() if file.is_file())
    kept = set(planted.found_in(data))
    assert {"hash", "hash of room", "digest", "key", "reason", "banned name"} <= kept
    forbidden = {name for name in planted.secrets if name not in ("hash", "hash of room", "digest", "key")}
    assert kept & forbidden == {"reason", "banned name"}


async def test_a_backup_has_what_the_chat_needs_to_be_as_closed_as_it_was(planted: Planted, tmp_path: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    backup(Backup(planted.folder, again / "chat.db"))
    async with open_store(again) as store, chat(store=store, tokens=sign_in(required=False)) as c:
        peer = await c.connect()
        assert await error_reply(peer, "join", nickname="New") == ("password_required", "join")
        assert await refused(peer, "join", nickname="Planted Name", password=OF_CHAT) == "bad_nickname"
        peer.send("join", nickname="New", password=OF_CHAT)
        assert (await peer.event())["type"] == "welcome"
        assert await refused(peer, "enter", room="build") == "password_required"
        assert (await joining(c, nickname="Kit", token=KIT))[1]["reason"] == REASON
        assert (await joining(c, nickname="Late", invitation=planted.code))[1]["type"] == "welcome"
        mara = await host(c)
        mara.send("audit")
        assert [it["act"] for it in (await mara.next("audit"))["entries"]][:2] == ["ban_name", "ban"]
        assert store.hook(planted.hook)
    assert REVOKED in RevokedTokens(again).ids()
