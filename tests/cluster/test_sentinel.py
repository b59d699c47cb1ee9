"""Real nodes whose Redis is named by a real Sentinel: another one takes over, and nothing is lost."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis.exceptions import ConnectionError as LinkError

from chatdesk.cluster import linked_order, redis_address
from chatdesk.cluster.redis_address import read_address
from tests.cluster.in_process import meet, told
from tests.cluster.redis_groups import (
    SERVICE,
    Sentinel,
    Watched,
    folders,
    free_ports,
    replicates,
    started,
    tls_settings,
    wait_until,
)
from tests.reverse_proxy import certificate
from tests.waiting import until


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linked_order, "LONGEST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(linked_order, "_PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(redis_address, "WATCH_SECONDS", 0.1)


@pytest.fixture
def plain() -> Iterator[Watched]:
    with folders() as make, Watched(make).running() as running:
        yield running


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates of all servers, and of whom signed them."""
    folder = tmp_path_factory.mktemp("certificates")
    certificate(folder)
    return folder / "authority.pem"


@pytest.fixture
def encrypted(authority: Path) -> Iterator[Watched]:
    with folders() as make, Watched(make, *tls_settings(authority)).running() as running:
        yield running


@pytest.fixture
def address(encrypted: Watched, authority: Path) -> str:
    return f"rediss+sentinel://127.0.0.1:1,127.0.0.1:{encrypted.ports[2]}/{SERVICE}?ssl_ca_certs={authority}"


async def test_another_primary_takes_over_and_gets_back_what_it_has_missed(
    encrypted: Watched, node: Callable[..., Any], chat_name: str, caplog: pytest.LogCaptureFixture
) -> None:
    newest = ("HGET", f"{{chatdesk:{chat_name}}}:about", "number")
    async with node("a") as first, node("b") as second:
        await meet(first, second)
        ana, ben = await first.join("Ana"), await second.join("Ben")
        async with node("c"):
            pass
        ana.send("message", content="told to all", id="1")
        await ben.next("message")
        await until(lambda: encrypted.replica.command(*newest) == encrypted.primary.command(*newest))
        encrypted.replica.command("CONFIG", "SET", "masterauth", "nothing")
        encrypted.primary.command("CLIENT", "KILL", "TYPE", "replica")
        await until(lambda: not replicates(encrypted.replica))
        ana.send("message", content="told to the nodes alone", id="2")
        await ben.next("message")
        encrypted.primary.kill()
        ana.send("message", content="meanwhile", id="3")
        async with node("c") as third:
            assert "cannot be reached" in caplog.text
            cyd = await third.join("Cyd")
            assert (await ana.next("storage"))["problem"] == "away"
            assert (await ana.next("error"))["code"] == "storage"
            encrypted.sentinel.replace_primary()
            assert (await ana.next("storage"))["problem"] == ""
            ana.send("message", content="meanwhile", id="3")
            assert (await ben.next("message"))["content"] == "meanwhile"
            while (await cyd.next("message"))["content"] != "meanwhile":
                pass
            expected = ["told to all", "told to the nodes alone", "meanwhile"]
            for one in (first, second, third):
                assert await told(one, 3) == expected
        assert encrypted.sentinel.primary() == encrypted.ports[1]


async def test_a_primary_that_was_replaced_and_lives_on_is_left_and_not_gone_back_to(
    plain: Watched, tmp_path: Path
) -> None:
    """Sentinel makes it a replica only some ten seconds later, and with that it loses what it was told meanwhile."""
    old, new, sentinel, stale = (f"127.0.0.1:{port}" for port in (*plain.ports, *free_ports(1)))
    address = read_address(f"redis+sentinel://{stale},{sentinel}/{SERVICE}", "ChatDesk")
    primary = await address.primary()
    assert old in primary
    with pytest.RaisesGroup(LinkError):
        async with address.watching(primary):
            wait_until(lambda: plain.sentinel.command("SENTINEL", "FAILOVER", SERVICE) == "OK")
            await asyncio.sleep(10)
    assert "role:master" in plain.primary.command("INFO", "replication")
    plain.primary.command("ACL", "SETUSER", "default", "resetchannels")  # by which Sentinels hear of each other
    with started(Sentinel(tmp_path, plain.ports[0], "--bind", "127.0.0.1", "--port", stale.rpartition(":")[2])):
        assert new in await address.primary()
        assert old in await read_address(f"redis+sentinel://{stale}/{SERVICE}", "ChatDesk").primary()
        with plain.sentinel.held(), pytest.raises(LinkError, match="nothing of the latest failover"):
            await address.primary()
        with pytest.raises(LinkError, match=f"no service 'other', but: {SERVICE}"):
            await read_address(f"redis+sentinel://{stale}/other", "ChatDesk").primary()
