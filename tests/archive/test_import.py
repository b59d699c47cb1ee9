"""``chatdesk import``: all of an export in an empty chat, or a sentence and a chat that is still empty."""

import asyncio
import json
import resource
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from chatdesk.archive.importers import reading
from chatdesk.log.acts import Delete, Pin, React, Remover
from chatdesk.log.database import check_thoroughly, connect
from chatdesk.log.disk_store import open_store
from chatdesk.log.kept_rooms import read_settings
from chatdesk.log.lock import FolderLock
from chatdesk.log.room_log import Draft, Record, Refusal
from chatdesk.protocol.commands import Mentioned
from tests.archive.history import execute, refusal_of, run, run_here, write_history
from tests.archive.importers import test_mattermost
from tests.archive.importers.test_discord import ANA, GENERAL, KIT, message
from tests.archive.importers.test_slack import export as slack_export
from tests.archive.importers.test_zulip import export as zulip_export
from tests.server.chat import chat as serving
from tests.server.chat import error_reply
from tests.waiting import until

AT = {"timestamp": "2026-01-01T10:00:00.000Z"}


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    return tmp_path / "chat"


def messages(chat: Path, room: str) -> list[dict[str, Any]]:
    """Return what was said in a room, as an export has it."""
    run_here("export", chat.parent / "out.jsonl", "--data-dir", chat, "--room", room, "--force")
    lines = map(json.loads, (chat.parent / "out.jsonl").read_text("utf-8").splitlines())
    return [line for line in lines if line["type"] == "message"]


def slack_file(folder: Path) -> Path:
    with slack_export() as archive:
        assert archive.fp
        archive.fp.seek(0)
        (folder / "slack.zip").write_bytes(archive.fp.read())
    return folder / "slack.zip"


def test_a_slack_export_becomes_a_chat(tmp_path: Path, chat: Path) -> None:
    process = run("import", slack_file(tmp_path), "--data-dir", chat)
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.startswith(
        "7 messages of 6 people in 2 rooms imported from slack.zip.\nFor the host alone until opened: general, old.\n"
    )
    assert "\nLeft out: notices (1), " in process.stdout
    said = messages(chat, "general")
    assert [(one["seq"], one["nickname"], one["timestamp"]) for one in said[:2]] == [
        (1, "Kit", "2023-11-14T22:13:21.000Z"),
        (2, "Ana Maria", "2023-11-14T22:13:22.000Z"),
    ]
    assert (said[1]["edited"], said[1]["reply_to"], said[0]["pinned"]) == ("2023-11-14T22:13:29.000Z", 1, True)
    assert said[0]["reactions"] == [
        {"emoji": "👍🏼", "count": 1, "people": [{"nickname": "Ana Maria", "author": said[1]["author"]}]}
    ]
    assert said[0]["mentions"] == [{"name": "Ana Maria", "author": said[1]["author"]}]
    assert [one["content"] for one in said if one.get("action")] == ["waves"]
    assert [(one["content"], one["deleted"]) for one in said if one.get("deleted")] == [("", "author")]
    assert len({one["author"] for one in said}) == 6
    assert [one["nickname"] for one in said if one.get("bot")] == ["Deploy", "hook", "Slackbot"]


def test_a_zulip_channel_is_one_room_in_which_a_changed_topic_stands_before_its_message(
    tmp_path: Path, chat: Path
) -> None:
    assert run_here("import", zulip_export(tmp_path), "--data-dir", chat).returncode == 0
    assert [one["content"] for one in messages(chat, "core-team")] == [
        "**plans**\nHi @Ana",
        "deploys",
        "**general chat**\n📎 a",
    ]


def test_several_files_of_one_channel_are_one_room(tmp_path: Path, chat: Path) -> None:
    files = [tmp_path / "general [part 2].json", tmp_path / "general.json"]
    for file, said in zip(files, [[message(2, ANA, "two"), message(3, KIT, "three")], [message(1, KIT, "one"),
                                  message(2, ANA, "two")]], strict=True):  # fmt: skip
        file.write_text(json.dumps({"guild": {}, "channel": GENERAL, "messages": said}))
    process = run_here("import", *files, "--data-dir", chat)
    assert process.stdout.startswith(
        "3 messages of 2 people in 1 room imported from general [part 2].json, general.json"
    )
    assert [one["content"] for one in messages(chat, "général")] == ["one", "two", "three"]


async def act(before: Path) -> None:
    """Answer, delete, pin and react in the lobby; eight people with one emoji are more than a message names."""
    async with open_store(before) as store:
        log, refused = store.room("lobby"), list[object]()
        mentions = Mentioned("Kit", store.author("kit")), Mentioned("room")
        log.append(Draft("Ana", "@Kit, @room", "ana", reply_to=2, mentions=mentions, action=True), refused.append)
        log.append(Draft("Ana", "a mistake", "ana"), refused.append)
        await until(lambda: log.last_seq == 5)
        for person in range(8):
            log.amend(React(1, "🎉", True, f"person {person}", f"Person {person}"), refused.append)
        for step in (Delete(5, "mara", "Mara", Remover.HOST), Pin(2, True), React(1, "👍", True, "ana", "Ana")):
            log.amend(step, refused.append)
        await until(lambda: len(refused) == 11)
        assert all(isinstance(answer, Record) for answer in refused)


def test_our_own_export_comes_back_as_it_was(tmp_path: Path, chat: Path) -> None:
    before = write_history(tmp_path / "before", ["Hello", "**World**\nagain", "x" * 8000])
    asyncio.run(act(before))
    write_history(before, ["in the attic"], room="attic")
    execute(before, "UPDATE entry SET nickname = 'Kitty', edited = 5 WHERE content = 'Hello'")
    execute(before, "UPDATE entry SET identity = 'bot-1' WHERE content LIKE 'x%'")
    run_here("export", tmp_path / "first.jsonl", "--data-dir", before)
    assert run_here("import", tmp_path / "first.jsonl", "--data-dir", chat).returncode == 0
    run_here("export", tmp_path / "second.jsonl", "--data-dir", chat)
    first, second = (comparable(tmp_path / name) for name in ("first.jsonl", "second.jsonl"))
    assert first == second
    assert len(first) == 1 + 2 + 6
    hello, world, _long, answer, mistake = first[-5:]
    assert [(reaction["count"], len(reaction["people"])) for reaction in hello["reactions"]] == [(8, 8), (1, 1)]
    assert (answer["action"], len(answer["mentions"])) == (True, 2)
    assert (world["pinned"], answer["reply_to"], mistake["deleted_by"], mistake["content"]) == (True, 2, "Mara", "")
    run_here("import", tmp_path / "second.jsonl", "--data-dir", tmp_path / "third")
    with closing(connect(tmp_path / "third")) as db:
        check_thoroughly(db)


def comparable(file: Path) -> list[dict[str, Any]]:
    """Return the lines of an export without what is new in another chat: its name, ids, authors and changes."""
    new = {"author", "id", "exported_at", "name", "change"}

    def kept(line: dict[str, Any]) -> dict[str, Any]:
        return {key: line[key] for key in line.keys() - new}

    return [json.loads(line, object_hook=kept) for line in file.read_text("utf-8").splitlines()]


def test_an_import_can_be_searched_and_gone_on_with(tmp_path: Path, chat: Path) -> None:
    refused: list[Refusal] = []

    async def go_on() -> None:
        async with open_store(chat) as store:
            log = store.room("general")
            log.append(Draft("Kit", "and on", "kit"), refused.append)
            await until(lambda: log.last_seq == 8 or refused)
            assert len((await log.search("deployed", None, 5)).hits) == 1

    run_here("import", slack_file(tmp_path), "--data-dir", chat)
    asyncio.run(go_on())
    assert [one["seq"] for one in messages(chat, "general")] == [*range(1, 9)]
    with closing(connect(chat)) as db:
        check_thoroughly(db)


@pytest.mark.parametrize("broken", ["a", "line", "empty"])
def test_a_failed_import_leaves_the_chat_empty(
    tmp_path: Path, chat: Path, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = slack_file(tmp_path), tmp_path / "bad"
    bad.write_text({"a": "Hello", "line": '{"type":"version"}\n' + "x" * 200, "empty": '{"type":"version"}'}[broken])
    monkeypatch.setattr(reading, "LINE_BYTES", 100)
    refused = run_here("import", *([bad] if broken == "empty" else [good, bad]), "--data-dir", chat)
    sentence = {"a": "none of the exports", "line": "Line 2 is longer", "empty": "holds no message"}[broken]
    assert sentence in refusal_of(refused)
    assert not chat.exists()
    assert run_here("import", good, "--data-dir", chat).returncode == 0


def test_a_chat_that_is_not_empty_or_hosted_is_left_alone(tmp_path: Path, chat: Path) -> None:
    file = slack_file(tmp_path)
    write_history(chat, ["Hello"])
    assert "This chat is not empty" in refusal_of(run_here("import", file, "--data-dir", chat))
    assert [one["content"] for one in messages(chat, "lobby")] == ["Hello"]
    with closing(FolderLock(chat)):
        assert refusal_of(run_here("import", file, "--data-dir", chat)).startswith("Close the chat first, then import.")


@pytest.mark.parametrize(
    ("words", "sentence"), [(100, "disk I/O error"), (1300, "cannot sort what it reads")], ids=["history", "sorting"]
)
def test_a_disk_that_takes_no_more_is_a_sentence_and_an_empty_chat(
    tmp_path: Path, chat: Path, words: int, sentence: str
) -> None:
    def limit_file_size() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))  # room for the tables, and for few messages

    file = tmp_path / "a.jsonl"
    said = {"type": "message", "nickname": "Kit", "content": "again " * words, **AT}
    file.write_text("\n".join(json.dumps({**said, "seq": number}) for number in range(400)))
    assert sentence in refusal_of(run("import", file, "--data-dir", chat, limit=limit_file_size))
    if chat.exists():
        with closing(connect(chat)) as db:
            assert db.execute("SELECT count(*) FROM entry").fetchone() == (0,)


def test_conversations_stay_private_and_rooms_the_hosts(tmp_path: Path, chat: Path) -> None:
    """Behaviour 13: two people have a room of their own, which no export holds."""
    process = run_here("import", zulip_export(tmp_path), "--data-dir", chat, "--private", "keep")
    assert process.stdout.splitlines()[:4] == [
        "7 messages of 4 people in 3 rooms and 1 private conversation imported from zulip-export.tar.gz.",
        "For the host alone until opened: core-team.",
        "Conversations of several people, for the host alone: kit-ana-gone, kit.",
        "Nobody can read the private conversations: those two people are not in this chat.",
    ]
    run_here("export", tmp_path / "all.jsonl", "--data-dir", chat)
    rooms = [
        line for line in map(json.loads, (tmp_path / "all.jsonl").read_text().splitlines()) if line["type"] == "room"
    ]
    assert rooms == [
        {"type": "room", "room": "core-team", "topic": "Us", "archived": True, "closed": True},
        {"type": "room", "room": "kit", "topic": "Kit", "closed": True},
        {"type": "room", "room": "kit-ana-gone", "topic": "Kit, Ana, Gone", "closed": True},
    ]
    with closing(connect(chat)) as db:
        ((name, kit, ana),) = db.execute(
            "SELECT room, min(nickname), max(nickname) FROM subscription GROUP BY room HAVING count(*) = 2"
        )
        said = [
            row[0] for row in db.execute("SELECT content FROM entry WHERE content IN ('psst', 'as a group of two')")
        ]
    assert (name[0], len(name), kit, ana) == ("@", 17, "Ana", "Kit")
    assert said == ["psst", "as a group of two"]
    refused = refusal_of(run_here("export", tmp_path / "a.csv", "--data-dir", chat, "--room", name))
    assert refused == f"There is no room {name} in this chat: it has core-team, kit, kit-ana-gone.\n"


def test_private_conversations_are_left_out_and_counted_unless_they_are_wanted(tmp_path: Path, chat: Path) -> None:
    process = run_here("import", zulip_export(tmp_path), "--data-dir", chat)
    report = process.stdout.splitlines()
    assert report[0] == "5 messages of 4 people in 3 rooms imported from zulip-export.tar.gz."
    left_out = "Left out: 1 private conversation (2 messages), since those two people are not in this chat"
    assert report[-1].startswith(left_out), report
    with closing(connect(chat)) as db:
        assert not [name for (name,) in db.execute("SELECT name FROM room") if name[0] == "@"]
        assert db.execute("SELECT count(*) FROM entry WHERE content = 'psst'").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM subscription").fetchone() == (0,)


def test_rooms_that_were_public_can_be_open_from_the_beginning(tmp_path: Path, chat: Path) -> None:
    file = tmp_path / "bulk.jsonl"
    file.write_text("\n".join(map(json.dumps, test_mattermost.LINES)))
    process = run_here("import", file, "--open", "--data-dir", chat)
    assert process.stdout.splitlines()[1:3] == [
        "For the host alone until opened: attic.",
        "Conversations of several people, for the host alone: kit-lee-ana-b-zoe.",
    ]
    with closing(connect(chat)) as db:
        assert {room for room, settings in read_settings(db).items() if not settings.closed and room[0] != "@"} == {
            "town-square"
        }


async def test_an_imported_room_is_opened_by_the_host(tmp_path: Path, chat: Path) -> None:
    run_here("import", slack_file(tmp_path), "--data-dir", chat)
    async with open_store(chat) as store, serving(store=store) as c:
        kit = await c.join("Kit")
        kit.send("search", query="Hello")
        assert (await kit.next("search"))["hits"] == []
        assert await error_reply(kit, "enter", room="general", id="e") == ("forbidden", "e")
        host = await c.join("Mara", token=c.server.host_token)
        host.send("enter", room="general")
        assert (await host.next("history"))["messages"][0]["content"] == "Hello @Ana Maria"
        host.send("open", room="general")
        host.send("exit", room="general")
        await host.next("exited")
        kit.send("search", query="Hello")
        assert len((await kit.next("search"))["hits"]) == 1
        kit.send("enter", room="general")
        page = await kit.next("history")
        assert [said["seq"] for said in page["messages"]] == [*range(1, 8)]
        assert page["messages"][0]["author"] != c.server.hub.author("kit")
