"""Passwords are hashed with Argon2id, compared in constant time, and kept nowhere."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator

import pytest

from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.server import passwords as passwords_module
from chatdesk.server.passwords import Passwords, clean_password
from tests.log.test_reader import niceness


@pytest.fixture
async def passwords() -> AsyncIterator[Passwords]:
    passwords = Passwords()
    yield passwords
    passwords.close()


@pytest.mark.parametrize("typed", ["Copper-Walrus", " copper-walrus ", "ｃｏｐｐｅｒ-walrus", "COPPER-WALRUS"])
def test_capitals_spaces_at_the_ends_and_widths_do_not_matter(typed: str) -> None:
    assert clean_password(typed) == "copper-walrus"


@pytest.mark.parametrize("typed", ["copper walrus", "copperwalrus", "copper-walru", "copper–walrus"])
def test_all_else_does(typed: str) -> None:
    assert clean_password(typed) != "copper-walrus"


@pytest.mark.parametrize("typed", ["a\0b", "a\x1bb", "x" * 129])
def test_what_nobody_can_type_is_refused(typed: str) -> None:
    with pytest.raises(ProtocolError):
        clean_password(typed)


async def test_a_hash_tells_nothing_and_is_recognised_by_another_process(passwords: Passwords) -> None:
    hashed = await passwords.hash("Copper-Walrus")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hashed != await passwords.hash("Copper-Walrus"), "each has a salt of its own"
    other = Passwords()
    assert other.quick_answer(hashed, "copper-walrus") is None
    assert not await other.is_right(hashed, "copper-walru")
    assert await other.is_right(hashed, "copper-walrus")
    assert other.quick_answer(hashed, "copper-walrus") is True
    assert other.quick_answer(hashed, "copper-walru") is False
    assert other.quick_answer(hashed, "\0") is False
    assert not await other.is_right("no hash", "copper-walrus")
    kept = repr(vars(other)) + repr(vars(passwords))
    assert "walrus" not in kept
    other.close()


@pytest.mark.parametrize(("processes", "at_once"), [(1, 2), (2, 1), (3, 1)])
async def test_two_hashes_are_made_at_once_by_all_processes_and_the_queue_has_an_end(
    processes: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, most, lock, go_on = 0, 0, threading.Lock(), threading.Event()

    def verify(_hashed: str, _password: str) -> bool:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        go_on.wait(10)
        with lock:
            running -= 1
        return False

    monkeypatch.setattr(passwords_module, "_verify", verify)
    monkeypatch.setattr(passwords_module, "_QUEUE", 3)
    passwords = Passwords(processes)
    checks = [asyncio.ensure_future(passwords.is_right("a hash", "guess")) for _ in range(3 * at_once)]
    await asyncio.sleep(0)
    with pytest.raises(ProtocolError) as refused:
        await passwords.is_right("a hash", "guess")
    assert refused.value.code == ErrorCode.RATE_LIMITED
    assert refused.value.retry_after
    go_on.set()
    assert await asyncio.gather(*checks) == [False] * 3 * at_once
    assert most <= at_once
    passwords.close()


async def test_a_hash_leaves_the_core_to_the_loop(passwords: Passwords, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords_module, "_verify", lambda *_texts: niceness() == own + 10)
    own = niceness()
    assert await passwords.is_right("a hash", "guess")
    assert niceness() == own


async def test_a_wrong_one_takes_as_long_as_the_right_one_however_much_of_it_is_right(passwords: Passwords) -> None:
    right = "copper-walrus-on-a-ladder"
    hashed = await passwords.hash(right)
    fastest = {}
    for guess in (right, right[:-1] + "x", "x" + right[1:], "x"):
        times = []
        for _ in range(300):
            started = time.perf_counter()
            passwords.quick_answer(hashed, guess)
            times.append(time.perf_counter() - started)
        fastest[guess] = min(times)
    assert max(fastest.values()) < 3 * min(fastest.values())
