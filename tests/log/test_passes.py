"""Who has given a password is remembered, until there is another one."""

from pathlib import Path

import pytest

from chatdesk.log import passes as passes_module
from chatdesk.log.disk_store import open_store
from chatdesk.log.passes import Passes
from chatdesk.log.rooms import WHOLE_CHAT, RoomSettings


def test_a_pass_is_for_one_place() -> None:
    passes = Passes()
    passes.give("kit", "mentors")
    assert passes.has("kit", "mentors")
    assert not passes.has("kit", WHOLE_CHAT)
    assert not passes.has("ana", "mentors")
    passes.take_all("mentors")
    assert not passes.has("kit", "mentors")


def test_who_has_had_one_longest_is_asked_again_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes_module, "MAX_PASSES", 2)
    passes = Passes()
    for identity in ("kit", "ana", "kit", "bo"):
        passes.give(identity, WHOLE_CHAT)
    assert [identity for identity in ("kit", "ana", "bo") if passes.has(identity, WHOLE_CHAT)] == ["ana", "bo"]


async def test_passes_and_settings_outlast_the_process(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        for identity in ("kit", "ana"):
            store.passes.give(identity, "mentors")
        store.passes.give("kit", WHOLE_CHAT)
        store.passes.take("ana", "mentors")
        store.store_settings("mentors", RoomSettings(password="a hash", locked=True), lambda _error: None)  # noqa: S106
    async with open_store(tmp_path) as store:
        assert store.passes.has("kit", "mentors")
        assert store.passes.has("kit", WHOLE_CHAT)
        assert not store.passes.has("ana", "mentors")
        kept = store.room_settings()["mentors"]
        assert (kept.password, kept.locked) == ("a hash", True)
        store.delete_room("mentors", lambda _error: None)
        store.passes.take_all(WHOLE_CHAT)
    async with open_store(tmp_path) as store:
        assert not any(store.passes.has("kit", room) for room in ("mentors", WHOLE_CHAT))
