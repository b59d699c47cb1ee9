"""Whoever is refused a nickname is told one that they get: it passes all that the refused one was compared with."""

import asyncio

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chatdesk.log.memory import MemoryStore
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.names import clean_nickname
from chatdesk.protocol.text import isolated
from chatdesk.server.fanout import HEADLESS
from chatdesk.server.hub import Hub
from tests.server.chat import chat
from tests.server.test_hub import join, refusal
from tests.server.test_order import KIT, done, host

_LIKE_ROLES = ["ho", "r0", "A", "Al", "sistem", "admin", "host", "Mara", "Zoë", "מארה", "\u0643\u064a\u062a"]
_PARTS = st.one_of(
    st.sampled_from([*_LIKE_ROLES, "\U0001f469\u200d\U0001f4bb", "\u2764\ufe0f", "e\u0323\u0302", "ก\u0e33", "-", " "]),
    st.text(min_size=1, max_size=3),
)


def suggested(hub: Hub, nickname: str) -> str:
    """The name that somebody is told who is refused this one."""
    error = refusal(hub, nickname)
    assert error.code == ErrorCode.NICKNAME_TAKEN
    return error.content.rpartition("Try ")[2].removesuffix(".").strip("\u2066\u2067\u2068\u2069")


@given(st.lists(_PARTS, min_size=1, max_size=32), st.integers(0, 60))
def test_a_name_that_is_suggested_can_be_had(parts: list[str], taken: int) -> None:
    async def check() -> None:
        hub = Hub(MemoryStore(), HEADLESS)
        try:
            nickname = clean_nickname("".join(parts)[:32])
        except ProtocolError:
            assume(False)
        join(hub, nickname)
        for _ in range(taken):
            free = suggested(hub, nickname)
            person = join(hub, free).person
            assert person
            assert isolated(person.nickname) == isolated(free)

    asyncio.run(check())


@pytest.mark.parametrize("nickname", ["A", "ho", "x" * 24 + "\U0001f469\u200d\U0001f4bb", f"sistem{'-' * 22}zz"])
def test_no_number_makes_a_role_of_a_name_and_none_is_cut_within_a_sign(nickname: str) -> None:
    async def check() -> None:
        hub = Hub(MemoryStore(), HEADLESS)
        join(hub, nickname)
        for _ in range(98):
            free = suggested(hub, nickname)
            assert free.startswith(nickname[:5])
            join(hub, free)

    asyncio.run(check())


async def test_nobody_is_told_the_name_of_somebody_who_is_banned() -> None:
    async with chat() as c:
        mara = await host(c)
        await c.join("Kit 2", token=KIT)
        await done(mara, "ban", whom="Kit 2")
        await c.join("Kit")
        assert suggested(c.server.hub, "Kit") == "Kit 3"


async def test_where_a_part_of_the_name_is_banned_meanwhile_another_one_is_found() -> None:
    async with chat() as c:
        mara = await host(c)
        await c.join("Spam Kit")
        await done(mara, "ban_name", nickname="*spam*")
        names = c.server.hub.free_names
        assert names.one_like("Spam Kit") == "Guest 2"
        await done(mara, "ban_name", nickname="*guest*")
        assert names.one_like("Spam Kit") == "A 2"
