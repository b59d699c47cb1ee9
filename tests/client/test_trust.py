"""Nothing is sent to an encrypted host before its key is the known one, or one that the person has compared."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatdesk.certificates.own import OwnCertificates
from chatdesk.client.changes import Ended
from chatdesk.client.known_hosts import KnownHosts
from chatdesk.client.trust import Examination, Verdict, address_of, examine
from tests.client.person import Person, person
from tests.server.chat import Chat, chat
from tests.waiting import until


def certificates(name: str = "Robotics", server_id: str = "3f6b") -> OwnCertificates:
    return OwnCertificates(None, name, server_id, lambda: ["127.0.0.1", "localhost"])


@contextlib.asynccontextmanager
async def encrypted(own: OwnCertificates, port: int = 0) -> AsyncIterator[tuple[Chat, str]]:
    async with chat(certificates=own) as one:
        yield one, f"wss://127.0.0.1:{one.server.port}/ws"


async def compared(url: str, hosts: KnownHosts) -> Examination:
    """Look at a host for the first time, and know it from then on."""
    examination = await examine(url, hosts)
    assert examination.verdict is Verdict.NEW
    assert examination.shown
    hosts.trust(examination.shown, address_of(url))
    return examination


async def test_a_host_is_compared_once_and_known_after_a_restart_and_a_renewal(tmp_path: Path) -> None:
    own = certificates()
    async with encrypted(own) as (_, url):
        examination = await compared(url, KnownHosts(tmp_path / "hosts.json"))
        assert examination.shown
        assert (examination.shown.chat, examination.shown.server_id) == ("Robotics", "3f6b")
        assert len(examination.shown.words) == 4
        own.reload()
        again = await examine(url, KnownHosts(tmp_path / "hosts.json"))
        assert (again.verdict, again.authority) == (Verdict.TRUSTED, own.authority)


async def test_a_plain_address_becomes_an_encrypted_one_where_a_key_is_known_or_promised() -> None:
    hosts = KnownHosts()
    own = certificates()
    async with encrypted(own) as (_, url):
        plain = url.replace("wss:", "ws:")
        assert (await examine(plain, hosts)).url == plain, "on loopback nobody is in between"
        assert (await examine(plain, hosts, own.fingerprint)).url == url
        await compared(url, hosts)
        assert (await examine(plain, hosts)).url == url


async def test_another_key_at_a_known_address_or_for_a_known_chat_is_a_change() -> None:
    hosts = KnownHosts()
    async with encrypted(certificates()) as (_, url):
        known = (await compared(url, hosts)).shown
    async with encrypted(certificates()) as (_, url):
        change = await examine(url, hosts)
        assert (change.verdict, change.known) == (Verdict.CHANGED, hosts.with_id("3f6b")), "the chat's id is known"
        assert known
        assert change.shown
        assert change.shown.fingerprint != known.fingerprint
    async with encrypted(certificates("Robotics", "another")) as (_, url):
        assert known
        hosts.trust(known, address_of(url))
        assert (await examine(url, hosts)).verdict is Verdict.CHANGED, "the address is known"


async def test_a_known_host_at_a_new_address_is_not_asked_for_but_one_known_host_is_not_another() -> None:
    hosts = KnownHosts()
    mara, kit = certificates("Mara's", "aa"), certificates("Kit's", "bb")
    async with encrypted(mara) as (_, url):
        await compared(url, hosts)
    async with encrypted(mara) as (_, elsewhere), encrypted(kit) as (_, of_kit):
        assert (await examine(elsewhere, hosts)).verdict is Verdict.TRUSTED
        await compared(of_kit, hosts)
        promised = await examine(of_kit, hosts, mara.fingerprint)
        assert promised.verdict is Verdict.TRUSTED, "its address is known as Kit's"
        other = KnownHosts()
        assert promised.shown
        other.trust((await examine(elsewhere, hosts)).shown or promised.shown, "10.0.0.1:1")
        assert (await examine(of_kit, other, mara.fingerprint)).verdict is Verdict.CHANGED


async def test_a_client_joins_over_the_known_key_and_says_nothing_to_another() -> None:
    own = certificates()
    async with encrypted(own) as (one, url):
        async with person(0, "Kit", url=url, authority=own.authority) as kit:
            assert kit.state.online
        await until(lambda: not one.server.connections)
        stranger = Person(0, "Kit", url, authority=certificates().authority)
        await stranger.client.run()
        status = stranger.client.state.status
        assert isinstance(status, Ended)
        assert status.untrusted
        assert not one.server.connections


def test_a_damaged_file_is_put_aside_and_the_least_used_hosts_are_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "hosts.json"
    file.write_text("[nonsense")
    assert KnownHosts(file).at("10.0.0.1:8080") is None
    assert (tmp_path / "hosts.damaged").exists()


@pytest.mark.parametrize(
    ("url", "address"),
    [("wss://[fe80::1]:8080/ws", "[fe80::1]:8080"), ("wss://a.local/ws", "a.local:443"), ("ws://a/ws", "a:80")],
)
def test_the_address_of_a_url(url: str, address: str) -> None:
    assert address_of(url) == address
