"""Over two real nodes and a real Redis: receipts, and passwords that were given, are known on both."""

import pytest

from chatdesk.cluster import subscribing
from tests.cluster.in_process import names
from tests.server.chat import Chat
from tests.server.test_rooms import KIT
from tests.waiting import until

PASSWORD = "copper-walrus"  # noqa: S105


async def test_who_reads_on_one_node_has_read_on_the_other_unless_they_give_no_receipts(
    nodes: tuple[Chat, Chat], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribing, "_GATHER_SECONDS", 0.02)
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


async def test_who_has_given_the_password_on_one_node_is_not_asked_on_the_other(nodes: tuple[Chat, Chat]) -> None:
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
    mara.send("entry", password="another-one")  # noqa: S106
    hubs = [chat.server.hub for chat in nodes]
    await until(lambda: not any(hub.passes.has(again_identity, "") for hub in hubs))
    late = await first.connect()
    late.send("join", nickname="Kit", token=token, password="another-one")  # noqa: S106
    await late.next("welcome")
    await until(lambda: all(hub.passes.has(again_identity, "") for hub in hubs))
