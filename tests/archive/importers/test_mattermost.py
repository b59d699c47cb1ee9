"""Mattermost's bulk export: as documented, and as real ones are."""

import json

import pytest

from chatdesk.archive.importers import mattermost
from chatdesk.archive.importers.stream import (
    ImportedAuthor,
    ImportedMention,
    ImportedMessage,
    ImportedReaction,
    ImportedRoom,
    LeftOut,
)
from tests.archive.importers.items import of

LINES: list[dict[str, object]] = [
    {"type": "version", "version": 1, "info": {"generator": "mattermost-server"}},
    {"type": "emoji", "emoji": {"name": "party_parrot", "image": "exported_emoji/1/image"}},
    {"type": "channel", "channel": {"team": "t", "name": "town-square", "type": "O", "header": "", "purpose": "All"}},
    {"type": "channel", "channel": {"team": "t", "name": "attic", "type": "P", "header": "Old", "deleted_at": 9}},
    {"type": "user", "user": {"username": "kit", "nickname": "", "first_name": "Kit", "last_name": "Lee"}},
    {"type": "bot", "bot": {"username": "calls-bot", "display_name": "Calls", "owner": "kit"}},
    {"type": "post", "post": {
        "team": "t", "channel": "town-square", "user": "ana.b", "message": "Later, @kit.", "create_at": 2000,
        "edit_at": 2500, "is_pinned": True, "attachments": [{"path": "20260101/teams/x/plan.pdf"}],
        "reactions": [{"user": "kit", "emoji_name": "tada"}, {"user": "kit", "emoji_name": "party_parrot"}],
        "replies": [{"user": "kit", "message": "Yes", "create_at": 2100, "props": {}}],
    }},
    {"type": "post", "post": {"team": "t", "channel": "town-square", "user": "kit", "message": "First",
                              "create_at": 1000, "reactions": None, "replies": None}},
    {"type": "post", "post": {"team": "t", "channel": "town-square", "user": "kit", "type": "system_join_channel",
                              "message": "kit joined", "create_at": 900}},
    {"type": "post", "post": {"team": "t", "channel": "town-square", "user": "kit", "create_at": 3000, "message": "",
                              "props": {"from_webhook": "true", "override_username": "CI", "attachments": [
                                  {"title": "Build", "text": "passed"}]}}},
    {"type": "post", "post": {"create_at": "never"}},
    {"type": "direct_channel", "direct_channel": {"members": ["kit", "ana.b"], "favorited_by": None, "header": ""}},
    {"type": "direct_post", "direct_post": {"channel_members": ["ana.b", "kit"], "user": "kit", "message": "psst",
                                            "type": "me", "create_at": 4000}},
    {"type": "direct_post", "direct_post": {"channel_members": ["kit", "ana.b", "zoe"], "user": "kit",
                                            "message": "all three", "create_at": 5000}},
]  # fmt: skip


@pytest.fixture(scope="module")
def items() -> list[object]:
    return list(mattermost.read(json.dumps(line).encode() for line in LINES))


def test_authors_are_all_who_were_there(items: list[object]) -> None:
    assert of(items, ImportedAuthor) == [
        ImportedAuthor("kit", "Kit Lee"),
        ImportedAuthor("calls-bot", "Calls", bot=True),
        ImportedAuthor("ana.b", "ana.b"),
        ImportedAuthor("kit/CI", "CI", bot=True),
        ImportedAuthor("zoe", "zoe"),
    ]


def test_rooms_and_private_conversations(items: list[object]) -> None:
    assert of(items, ImportedRoom) == [
        ImportedRoom("t/town-square", "town-square", "All"),
        ImportedRoom("t/attic", "attic", "Old", archived=True, private=True),
        ImportedRoom("@ana.b,kit", "Kit Lee, ana.b", people=("kit", "ana.b")),
        ImportedRoom("@ana.b,kit,zoe", "Kit Lee, ana.b, zoe", people=("kit", "ana.b", "zoe")),
    ]


def test_messages_with_their_answers(items: list[object]) -> None:
    later, answer, first, build, psst, three = of(items, ImportedMessage)
    assert later == ImportedMessage(
        "t/town-square", "ana.b", 2000, "Later, @Kit Lee.\n📎 plan.pdf", "1", edited=2500,
        mentions=(ImportedMention("Kit Lee", "kit"),), pinned=True,
    )  # fmt: skip
    assert (answer.reply_to, answer.author, answer.room) == ("1", "kit", "t/town-square")
    assert (first.at, build.author, build.content) == (1000, "kit/CI", "Build\npassed")
    assert (psst.room, psst.action, three.room) == ("@ana.b,kit", True, "@ana.b,kit,zoe")


def test_reactions_and_what_is_left_out(items: list[object]) -> None:
    assert of(items, ImportedReaction) == [ImportedReaction("1", "kit", "🎉")]
    assert [(item.kind, item.count) for item in of(items, LeftOut)] == [
        ("emoji of their own", 1),
        ("files", 1),
        ("reactions with emoji of their own", 1),
        ("notices", 1),
        ("unreadable lines", 1),
    ]


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("@all look at ~town-square and ~nowhere", "@room look at #town-square and ~nowhere"),
        ("a@kit.org `@kit` @kit_ @KIT", "a@kit.org `@kit` @kit_ @Kit Lee"),
        ("![plan](https://x.org/a.png) :rocket:", "[plan](https://x.org/a.png) 🚀"),
    ],
)
def test_text_becomes_our_markdown(text: str, ours: str) -> None:
    post = {"type": "post", "post": {"team": "t", "channel": "town-square", "user": "kit", "message": text}}
    items = mattermost.read(json.dumps(line).encode() for line in [*LINES[:5], post])
    assert [message.content for message in of(items, ImportedMessage)] == [ours]
