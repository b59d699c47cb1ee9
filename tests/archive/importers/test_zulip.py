"""Zulip's export: as documented, and as real ones are."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from chatdesk.archive.history_file import ArchiveError
from chatdesk.archive.importers import zulip
from chatdesk.archive.importers.stream import (
    ImportedAuthor,
    ImportedMention,
    ImportedMessage,
    ImportedReaction,
    ImportedRoom,
    LeftOut,
)
from chatdesk.archive.importers.zulip_text import ZulipText
from tests.archive.importers.items import of

REALM = {
    "zerver_userprofile": [
        {"id": 1, "full_name": "Kit", "email": "kit@x.org"},
        {"id": 2, "full_name": "Ana", "email": "ana@x.org", "is_active": False},
        {"id": 3, "full_name": "Deploy", "email": "deploy-bot@x.org", "is_bot": True},
    ],
    "zerver_userprofile_mirrordummy": [{"id": 4, "full_name": "Gone", "email": "gone@x.org"}],
    "zerver_userprofile_crossrealm": [{"id": 9, "email": "notification-bot@zulip.com"}],
    "zerver_stream": [{"id": 7, "name": "Core team", "description": "Us", "deactivated": True}],
    "zerver_recipient": [
        {"id": 70, "type": 2, "type_id": 7},
        {"id": 11, "type": 1, "type_id": 1},
        {"id": 80, "type": 3, "type_id": 5},
        {"id": 81, "type": 3, "type_id": 6},
    ],
    "zerver_subscription": [
        {"recipient": 70, "user_profile": 1},
        *({"recipient": 80, "user_profile": user} for user in (1, 2)),
        *({"recipient": 81, "user_profile": user} for user in (1, 2, 4)),
    ],
    "zerver_reaction": [{"message": 100, "user_profile": 2, "emoji_name": "us", "emoji_code": "1f1fa-1f1f8",
                         "reaction_type": "unicode_emoji"}],
}  # fmt: skip


def message(number: int, sender: int, recipient: int, content: str, **more: object) -> dict[str, object]:
    return {"id": number, "sender": sender, "recipient": recipient, "content": content, "date_sent": number / 2, **more}


FIRST = {
    "zerver_message": [
        message(100, 1, 70, "Hi @**Ana|2**", subject="plans", last_edit_time=99.5,
                edit_history='[{"prev_content": "Hey", "timestamp": 99}]'),
        message(101, 9, 70, "topic moved", subject="plans"),
        message(102, 3, 70, "/me deploys", subject="plans", last_edit_time=99.5,
                edit_history='[{"prev_topic": "x", "timestamp": 99}]'),
        message(103, 5, 70, "[a](/user_uploads/2/ab/a.png)", subject=""),
        message(104, 1, 999, "to nobody"),
        {"id": 105},
    ],
    "zerver_usermessage": [{"id": 1, "user_profile": 1, "message": 100, "flags_mask": 1}],
    "zerver_reaction": [{"message": 100, "user_profile": 1, "emoji_name": "zulip", "emoji_code": "zulip",
                         "reaction_type": "zulip_extra_emoji"}],
}  # fmt: skip
SECOND = {"zerver_message": [
    message(50, 2, 11, "psst", subject="\x07"), message(51, 1, 80, "as a group of two", subject=""),
    message(52, 1, 81, "three"), message(53, 1, 11, "to myself"),
]}  # fmt: skip


def export(folder: Path, **files: object) -> Path:
    path = folder / "zulip-export.tar.gz"
    content = {"messages-000001": FIRST, "realm": REALM, "messages-000002": SECOND, "uploads/records": [], **files}
    with tarfile.open(path, "w:gz") as archive:
        for name, value in content.items():
            data = json.dumps(value).encode()
            member = tarfile.TarInfo(f"zulip-export-1/{name}.json")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


@pytest.fixture(scope="module")
def items(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    return list(zulip.read(export(tmp_path_factory.mktemp("zulip"))))


def test_authors_are_all_who_were_there(items: list[object]) -> None:
    assert of(items, ImportedAuthor) == [
        ImportedAuthor("1", "Kit"),
        ImportedAuthor("2", "Ana"),
        ImportedAuthor("3", "Deploy", bot=True),
        ImportedAuthor("4", "Gone"),
        ImportedAuthor("9", "notification-bot", bot=True),
        ImportedAuthor("5", "Unknown 5"),
    ]


def test_channels_are_rooms_and_both_kinds_of_private_conversations_are_one(items: list[object]) -> None:
    assert of(items, ImportedRoom) == [
        ImportedRoom("#7", "core-team", "Us", archived=True),
        ImportedRoom("1,2", "Kit, Ana", people=("1", "2")),
        ImportedRoom("1,2,4", "Kit, Ana, Gone", people=("1", "2", "4")),
        ImportedRoom("1", "Kit", people=("1",)),
    ]
    assert [said.room for said in of(items, ImportedMessage)] == ["#7", "#7", "#7", "1,2", "1,2", "1,2,4", "1"]


def test_messages_keep_topics_edits_and_actions(items: list[object]) -> None:
    hi, deploys, file, psst, *_ = of(items, ImportedMessage)
    assert hi == ImportedMessage(
        "#7", "1", 50_000, "Hi @Ana", "100", edited=99_500, heading="plans", mentions=(ImportedMention("Ana", "2"),)
    )
    assert (deploys.content, deploys.action, deploys.edited) == ("deploys", True, None)
    assert (file.author, file.content, file.heading) == ("5", "📎 a", "general chat")
    assert (psst.at, psst.heading) == (25_000, "")


def test_reactions_and_what_is_left_out(items: list[object]) -> None:
    assert of(items, ImportedReaction) == [ImportedReaction("100", "2", "🇺🇸")]
    assert [(item.kind, item.count) for item in of(items, LeftOut)] == [
        ("notices", 1),
        ("files", 1),
        ("messages to nobody who is named in the export", 1),
        ("reactions with emoji of their own", 1),
        ("unreadable messages", 1),
    ]


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("@_**Ana** @**all** @*devs* @**Somebody**", "@Ana @room @devs @Somebody"),
        (
            "#**Core team** #**Core team>plans** #**Core team>plans@5**",
            "#core-team #core-team (plans) #core-team (plans)",
        ),
        ("```quote\nsaid\n\n````quote\nbefore\n````\n```\nyes", "> said\n>\n> > before\nyes"),
        ("```spoiler The end\nall die\n```", "> **The end**\n> all die"),
        ("```python\n@**Ana**\n```", "```python\n@**Ana**\n```"),
        ("~~~\n*x*\n~~~", "```\n*x*\n```"),
        ("```quote\nleft open", "> left open"),
        ("<time:2026-01-02T03:04:05Z> <time:never>", "2026-01-02 03:04 UTC never"),
        (":tada: :zulip: **bold** ![a](https://x.org/a.png)", "🎉 :zulip: **bold** [a](https://x.org/a.png)"),
    ],
)
def test_text_becomes_our_markdown(text: str, ours: str) -> None:
    assert ZulipText({"1": "Kit", "2": "Ana"}).convert(text).content == ours


def test_text_of_many_marks_takes_no_time() -> None:
    text = ZulipText({})
    for piece in ("@**", "#**a>", "```quote\n", "~~~~\n", "![", "<time:"):
        assert text.convert(piece * 10_000).content


def test_an_archive_of_something_else_is_a_sentence(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("readme"))
    with pytest.raises(ArchiveError, match=r"holds no realm\.json"):
        zulip.read(tmp_path / "a.tar.gz")
    with pytest.raises(ArchiveError, match=r"'realm.json' is not what its format says"):
        zulip.read(export(tmp_path, realm={"zerver_userprofile": 5}))
