"""Names of the host's list are refused to everybody, at a join, at a rename and for hooks."""

import pytest

from chatdesk.server.banned_names import BannedNames
from tests.server.chat import chat, error_reply


@pytest.mark.parametrize(
    ("name", "banned"),
    [
        ("Voldemort", True),
        ("voldemort", True),
        ("Vo1demort", True),
        ("V\u043eldemort", True),
        ("VOLDEMORT", True),
        ("VoIdemort", True),
        ("Voldemorts cat", False),
        ("Big Spam Bot", True),
        ("sp.a.m", True),
        ("ЅРАМ 2", True),
        ("Ham", False),
    ],
)
def test_a_list_of_names_holds_all_that_look_like_them(name: str, banned: bool) -> None:
    assert (name in BannedNames(["Voldemort", "*spam*"])) is banned


def test_an_empty_list_holds_nothing() -> None:
    assert "Kit" not in BannedNames()


async def test_nobody_joins_or_is_renamed_to_a_banned_name() -> None:
    async with chat(banned_name=("Troll", "*spam*")) as c:
        peer = await c.connect()
        assert await error_reply(peer, "join", nickname="TroII") == ("bad_nickname", "join")
        peer.send("join", nickname="Kit")
        await peer.next("history")
        assert (await error_reply(peer, "nick", nickname="no.spam"))[0] == "bad_nickname"
        assert c.server.hub.is_taken("Spam 1", "hook-1")
