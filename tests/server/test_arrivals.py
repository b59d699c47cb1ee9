"""Plain HTTP and TLS on one port, over real sockets: each client is served in the way in which it begins."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable

import pytest

from chatdesk.certificates.own import OwnCertificates
from tests.server.chat import Chat, Peer, chat
from tests.waiting import until

pytestmark = [pytest.mark.asyncio(loop_factories=["uvloop", "qt"]), pytest.mark.usefixtures("qapp")]
LONG = "x" * 7000


def certificates() -> OwnCertificates:
    return OwnCertificates(None, "Robotics", "3f6b1c05d2a94e78", lambda: ["127.0.0.1", "localhost"])


def trusting(own: OwnCertificates) -> ssl.SSLContext:
    """A client that trusts this authority alone, and checks the address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=own.authority)
    return context


@contextlib.asynccontextmanager
async def encrypted_chat(own: OwnCertificates | None = None) -> AsyncIterator[Chat]:
    own = own or certificates()
    async with chat(certificates=own, message_rate=0.0) as open_chat:
        open_chat.tls = trusting(own)
        yield open_chat


async def hear(peer: Peer, words: str) -> None:
    while (await peer.next("message"))["content"] != words:
        pass


async def test_people_over_tls_and_without_it_are_in_one_chat_on_one_port() -> None:
    async with encrypted_chat() as one:
        kit = await one.join("Kit")
        one.tls = None
        ana = await one.join("Ana")
        kit.send("message", content=LONG)
        await hear(ana, LONG)
        ana.send("message", content="hello")
        await hear(kit, "hello")


async def test_a_page_comes_over_tls_and_the_connection_stays_for_the_next_request() -> None:
    async with encrypted_chat() as one:
        peer = await one.open()
        for _ in range(2):
            peer.write(one.head())
            assert (await peer.reply()).body.startswith(b"<!doctype html>")
        assert peer.writer.get_extra_info("cipher")[1] in ("TLSv1.2", "TLSv1.3")


async def test_what_comes_in_one_piece_is_answered_in_order() -> None:
    """Hundreds of frames in a few records, more than a read takes at once."""
    async with encrypted_chat() as one:
        kit = await one.connect()
        kit.send("join", nickname="Kit")
        for number in range(300):
            kit.send("message", content=f"{number} {LONG[:500]}")
        heard = [(await kit.next("message"))["content"].split()[0] for _ in range(300)]
        assert heard == [str(number) for number in range(300)]


async def test_a_reader_that_is_slow_does_not_cost_memory_and_gets_all_in_the_end() -> None:
    async with encrypted_chat() as one:
        slow = await one.join("Slow", receive_buffer=4096)
        kit = await one.join("Kit")
        slow.writer.transport.pause_reading()  # type: ignore[attr-defined]  # of a stream that reads, it can
        for number in range(60):
            kit.send("message", content=f"{number} {LONG}")
        await kit.ping()
        slow.writer.transport.resume_reading()  # type: ignore[attr-defined]
        await hear(slow, f"59 {LONG}")


async def test_the_end_is_told_in_order_over_tls_too() -> None:
    async with encrypted_chat() as one:
        kit = await one.join("Kit")
        one.server.connections.copy().pop().close(1008, "over")
        assert await kit.farewell() == (1008, "over")


async def test_who_leaves_without_a_word_or_never_finishes_a_handshake_is_forgotten() -> None:
    async with encrypted_chat() as one:
        kit = await one.join("Kit")
        kit.abort()
        await until(lambda: not one.server.connections)
        one.tls = None
        begun = await one.open()
        begun.write(b"\x16\x03\x01\x02\x00")
        await until(lambda: len(one.server._http) == 1)
        begun.abort()
        await until(lambda: not one.server._http)


async def test_nonsense_after_the_first_byte_of_tls_is_closed() -> None:
    async with encrypted_chat() as one:
        one.tls = None
        peer = await one.open()
        peer.write(b"\x16 this is no TLS at all, and it goes on for a while\r\n\r\n" * 4)
        assert await peer.hung_up()


async def test_a_handshake_of_single_bytes_takes_a_step_a_record_and_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A request for the page follows at once, also byte by byte."""
    async with encrypted_chat() as one:
        assert one.tls
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = one.tls.wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
        one.tls = None
        peer, steps = await one.open(), counted_steps(one, monkeypatch)
        while not goes_on(tls.do_handshake):
            await send_singly(peer, outgoing.read())
            incoming.write(await peer.reader.read(65536))
        tls.write(one.head())
        await send_singly(peer, outgoing.read())
        page = bytearray(65536)
        while not (goes_on(lambda: tls.read(len(page), page)) and b"<!doctype html>" in page):  # type: ignore[arg-type]
            incoming.write(await peer.reader.read(65536))
        assert steps == ["127.0.0.1"] * 3, "the hello, the change of the cipher, the end"


def goes_on(step: Callable[[], object]) -> bool:
    """Whether TLS could do this with what has come."""
    with contextlib.suppress(ssl.SSLWantReadError):
        step()
        return True
    return False


async def send_singly(peer: Peer, data: bytes) -> None:
    for byte in data:
        peer.write(bytes([byte]))
        await peer.writer.drain()
        await asyncio.sleep(0.001)


def counted_steps(one: Chat, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The networks whose handshakes go on a step from now on, one for each step."""
    steps: list[str] = []
    add = one.server._handshakes.add
    monkeypatch.setattr(one.server._handshakes, "add", lambda *step: (steps.append(step[0]), add(*step)))
    return steps


async def test_a_client_that_does_not_trust_the_certificate_costs_nobody_else() -> None:
    async with encrypted_chat() as one:
        kit = await one.join("Kit")
        one.tls = ssl.create_default_context()
        with pytest.raises(ssl.SSLCertVerificationError):
            await one.open()
        await kit.ping()
        await until(lambda: not one.server._http)


async def test_a_new_certificate_is_for_newcomers_and_those_inside_stay() -> None:
    own = certificates()
    async with encrypted_chat(own) as one:
        kit = await one.join("Kit")
        before = kit.writer.get_extra_info("ssl_object").getpeercert(True)
        own.reload()
        ana = await one.join("Ana")
        assert ana.writer.get_extra_info("ssl_object").getpeercert(True) != before
        await kit.ping()


async def test_a_burst_of_handshakes_is_served_and_somebody_inside_still_gets_answers() -> None:
    async with encrypted_chat() as one:
        kit = await one.join("Kit")
        crowd = asyncio.gather(*(one.open() for _ in range(60)))
        await kit.ping()
        assert len(await crowd) == 60
