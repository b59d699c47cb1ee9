"""Over two real nodes and a real Redis: receipts, and passwords that were given, are known on both."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from chatdesk.cluster import linked_order, ordered_subscriptions
from chatdesk.cluster.redis_link import RedisLink
from chatdesk.log.rooms import WHOLE_CHAT
from tests.cluster.in_process import meet, names
from tests.cluster.redis_server import RedisServer
from tests.server.chat import Chat
from tests.server.test_rooms import KIT
from tests.waiting import until

PASSWORD = "copper-walrus"  # noqa: S105
LATER, LAST = "another-one", "the-last-one"
GIVEN_BEFORE = '{"do":"pass","identity":"%s","place":"","id":"%s","room":"","taken":false}'


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linked_order, "LONGEST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(linked_order, "_PATIENCE_SECONDS", 0.3)


async def test_who_reads_on_one_node_has_read_on_the_other_unless_they_give_no_receipts(
    nodes: tuple[Chat, Chat], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordered_subscriptions, "_GATHER_SECONDS", 0.02)
    first, second = nodes
    ana = await first.join("Ana", capabilities=["rooms", "receipts"])
    kit = await second.join("Kit", token=KIT, capabilities=["rooms", "receipts"])
    await until(lambda: names(first) == names(second) == ["Ana", "Kit"])
    ana.send("message", content="read this")
    await kit.next("message")
    kit.send("read", room="lobby", seq=1)
    assert (await ana.next("receipts"))["messages"] == [{"seq": 1, "readers": 1}]
    ana.send("readers", seq=1)
    [reader] = (await ana.next("readers"))["readers"]
    assert (reader["nickname"], bool(reader["read_at"])) == ("Kit", True)
    kit.send("give_receipts", active=False)
    await until(lambda: len(first.server.hub.subscriptions.receipts_off) == 1)
    ana.send("readers", seq=1)
    assert (await ana.next("readers"))["readers"] == []
    mara = await second.join("Mara", token=second.server.host_token)
    mara.send("allow_receipts", active=False)
    while (await ana.next("receipt_settings"))["allowed"]:
        pass


async def test_who_has_given_the_password_on_one_node_is_not_asked_on_the_other(
    nodes: tuple[Chat, Chat], address: str, chat_name: str
) -> None:
    """A pass of a node of an older version says nothing of the password that it is of, and opens nothing."""
    first, second = nodes
    mara = await first.join("Mara", token=first.server.host_token, client="window", capabilities=["rooms"])
    mara.send("entry", password=PASSWORD)
    await until(lambda: bool(second.server.hub.directory.chat.password))
    kit = await second.connect()
    kit.send("join", nickname="Kit", token=KIT, password=PASSWORD)
    token = (await kit.next("welcome"))["token"]
    await until(lambda: first.server.hub.passes.has(second.server.hub.people["kit"].identity, ""))
    again = await first.connect()
    again.send("join", nickname="Kit", token=token)
    assert (await again.event())["type"] == "welcome"
    again_identity = first.server.hub.people["kit"].identity
    again.send("leave")
    kit.send("leave")
    await until(lambda: names(first) == names(second) == ["Mara"])
    mara.send("entry", password=LATER)
    hubs = [chat.server.hub for chat in nodes]
    await until(lambda: not any(hub.passes.has(again_identity, "") for hub in hubs))
    late = await first.connect()
    late.send("join", nickname="Kit", token=token, password=LATER)
    await late.next("welcome")
    await until(lambda: all(hub.passes.has(again_identity, "") for hub in hubs))
    rows = [(name, WHOLE_CHAT, 0, 0, GIVEN_BEFORE % (name, name)) for name in ("zoe", "ben")]
    async with RedisLink(address, chat_name) as link:
        await link.order(first.server.store.server_id, rows)
    mara.send("message", content="after that")
    await late.next("message")
    assert not any(hub.passes.has(name, "") for hub in hubs for name in ("zoe", "ben"))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("place", ["", "lobby"])
async def test_an_old_password_that_is_given_where_the_new_one_is_not_known_opens_nothing_afterwards(
    node: Any, redis: RedisServer, place: str
) -> None:
    async with node("a") as first, node("b", way=redis.own_way) as second:
        await meet(first, second)
        hubs = [chat.server.hub for chat in (first, second)]
        mara = await first.join("Mara", token=first.server.host_token, client="window", capabilities=["rooms"])
        mara.send("entry", room=place or None, password=PASSWORD)
        await until(lambda: second.server.dispatcher.entry.asked_for(place))
        watching = await second.join("Wim", password=PASSWORD)
        identities = {"Wim": hubs[1].people["wim"].identity}
        await until(lambda: hubs[0].passes.has(identities["Wim"], place))
        with redis.cut_off():
            assert (await watching.next("storage"))["problem"] == "away"
            mara.send("entry", room=place or None, password=LATER)
            await until(lambda: not hubs[0].passes.has(identities["Wim"], place))
            kit = await second.join("Kit", token=KIT, password=PASSWORD)
            identities["Kit"] = hubs[1].people["kit"].identity
            assert hubs[1].passes.has(identities["Kit"], place)
        assert (await watching.next("storage"))["problem"] == ""
        kit.send("message", content="after that")
        await kit.next("message")
        late = await first.join("Late", password=LATER)
        late.send("message", content="at last")
        await kit.next("message")
        assert [hub.passes.has(identity, place) for hub in hubs for identity in identities.values()] == [False] * 4
        await until(lambda: all(hub.passes.has(hubs[0].people["late"].identity, place) for hub in hubs))
    async with node("b") as second:
        assert not any(second.server.hub.passes.has(identity, place) for identity in identities.values())


@pytest.mark.usefixtures("impatient")
async def test_a_password_in_the_files_of_all_nodes_is_one_password(
    node: Any, redis: RedisServer, chat_name: str, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    async with node("a", password_file=file) as first:
        await first.join("Kit", token=KIT, password=PASSWORD)
        hub = first.server.hub
        identity = hub.people["kit"].identity
        async with node("b", password_file=file) as second:
            await meet(first, second, password=PASSWORD)
            assert hub.passes.has(identity, "")
            assert second.server.hub.passes.has(identity, "")
            file.write_text(f"{LATER}\n")
            await asyncio.gather(*(chat.server.dispatcher.entry.read_file() for chat in (first, second)))
            redis.kill()
            try:
                file.write_text(f"{LAST}\n")
                await first.join("Ana", password=LATER)
            finally:
                redis.start()
            await until(lambda: not first.server.store.problem)
            await first.join("Ben", password=LAST)
    stream = redis.command("XRANGE", f"{{chatdesk:{chat_name}}}:stream", "-", "+")
    assert len(set(re.findall(r"argon2[^\\\"]*", stream))) == 3
