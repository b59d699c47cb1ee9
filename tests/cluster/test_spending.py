"""Over two real nodes and a real Redis: a network and somebody who guesses a password have no more by going to both."""

from collections.abc import Callable
from typing import Any

import pytest

from chatdesk.cluster import linked_order
from chatdesk.protocol.names import nickname_key
from chatdesk.server import node_spending
from chatdesk.server.guesses import TRIES, Guesser
from chatdesk.server.rate_limits import Spending
from tests.cluster.in_process import meet, names
from tests.cluster.redis_server import RedisServer
from tests.server.test_entry import GUESS, PASSWORD
from tests.waiting import until


async def test_wrong_passwords_newcomers_rooms_and_invitations_count_at_all_nodes(node: Callable[..., Any]) -> None:
    async with node("a", message_rate=5) as first, node("b", message_rate=5) as second:
        await meet(first, second)
        host = await first.join("Mara", token=first.server.host_token)
        for spending in (Spending.NEWCOMERS, Spending.ROOMS, Spending.PRIVATE_ROOMS):
            here, there = first.server.budgets[spending], second.server.budgets[spending]
            here.spend("10.0.0.9", 100)
            await until(lambda at=there: at.spent("10.0.0.9") > 50)
            there.spend("10.0.0.9", 100)
            await until(lambda at=here: at.spent("10.0.0.9") > 150)
        for here, there in ((first, second), (second, first)):
            stranger = await here.connect()
            stranger.send("join", nickname="Eve", invitation="no-such-code")
            await stranger.next("error")
            await until(lambda at=there: at.server.hub.invitations.attempts.spent("127.0.0.1") > 0)
        host.send("entry", password=PASSWORD)
        await until(lambda: "password" in second.server.dispatcher.entry.asked_for())
        for tried in range(TRIES):
            here, there = (first, second) if tried % 2 else (second, first)
            eve = await here.connect()
            eve.send("join", nickname="Eve", password=GUESS)
            error = await eve.next("error")
            assert error["code"] == "bad_password"
            counted = there.server.dispatcher.entry.guesses
            await until(lambda at=counted, wanted=tried + 1: at.count(Guesser("127.0.0.1", "")) == wanted)
        assert error["retry_after"] > 50


async def test_what_a_server_could_not_hear_it_is_told_once_and_also_that_the_right_password_was_given(
    node: Callable[..., Any], redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linked_order, "LONGEST_PAUSE_SECONDS", 0.05)
    eve, network = Guesser("127.0.0.1", nickname_key("Eve")), Guesser("127.0.0.1", "")
    async with node("a", message_rate=5) as first, node("b", way=redis.own_way, message_rate=5) as second:
        await meet(first, second)
        host = await first.join("Mara", token=first.server.host_token)
        host.send("entry", password=PASSWORD)
        await until(lambda: "password" in second.server.dispatcher.entry.asked_for())
        guesses, rooms = second.server.dispatcher.entry.guesses, second.server.budgets[Spending.ROOMS]
        there, spent = first.server.dispatcher.entry.guesses, first.server.budgets[Spending.ROOMS]
        for _ in range(2):  # the second time it has heard it already
            with redis.cut_off():
                if not guesses.count(eve):
                    guesser = await first.connect()
                    for _ in range(TRIES):
                        guesser.send("join", nickname="Eve", password=GUESS)
                        assert (await guesser.next("error"))["code"] == "bad_password"
                    first.server.budgets[Spending.ROOMS].spend("10.0.0.9", 100)
                kit = await first.join("Kit", password=PASSWORD)
            await until(lambda: "Kit" in names(second))
            kit.send("leave")
            await until(lambda: "Kit" not in names(second))
            assert (guesses.count(eve), guesses.count(network)) == (TRIES, TRIES)
            assert guesses.wait(eve) == pytest.approx(there.wait(eve), abs=5)
            assert 50 < rooms.spent("10.0.0.9") == pytest.approx(spent.spent("10.0.0.9"), abs=5)
        async with node("late", message_rate=5) as late:
            await until(lambda: late.server.dispatcher.entry.guesses.count(eve) == TRIES)
            first.server.dispatcher.entry.guesses.forgive(eve)  # as if she had waited
            guesser.send("join", nickname="Eve", password=PASSWORD)
            await guesser.next("welcome")
            for chat in (second, late):
                told = chat.server.dispatcher.entry.guesses
                await until(lambda told=told: not told.count(eve))
                assert (told.wait(eve), told.count(network)) == (0, TRIES)


async def test_what_cannot_be_told_yet_does_not_fill_the_memory(node: Callable[..., Any]) -> None:
    async with node("a", message_rate=5) as first, node("b", message_rate=5) as second:
        await meet(first, second)
        budgets, entry = first.server.budgets, first.server.dispatcher.entry
        for number in range(3_000):  # without a turn of the loop, in which it would be told
            budgets[Spending.ROOMS].spend(f"network {number}")
            entry.on_guess(Guesser("10.0.0.9", f"name {number}"), False)
        there, guesses = second.server.budgets[Spending.ROOMS], second.server.dispatcher.entry.guesses
        await until(lambda: len(there) and guesses.count(Guesser("10.0.0.9", "")))
        assert len(there) == guesses.count(Guesser("10.0.0.9", "")) == 1_000


async def test_servers_that_are_started_again_and_again_are_not_remembered_for_ever(
    node: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has another name after every start."""
    monkeypatch.setattr(node_spending, "_MOST_NODES", 3)
    async with node("a", message_rate=5) as first:
        spending = (await first.server.hub._store.channel._attached)._listeners["spent"]
        rooms = first.server.budgets[Spending.ROOMS]
        for start in range(9):
            event = node_spending._Event(1, Spending.ROOMS.name, f"10.0.0.{start}", 100, 0.0)
            for _ in range(2):
                spending.heard(f"node {start}", node_spending._encode(node_spending._Told(0, 1, [event])))
            assert 90 < rooms.spent(f"10.0.0.{start}") <= 100, "it counts once"
        assert list(spending._heard) == ["node 6", "node 7", "node 8"]
