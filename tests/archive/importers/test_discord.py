"""DiscordChatExporter's JSON: as documented, and as real ones are."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from chatdesk.archive.importers import discord
from chatdesk.archive.importers.discord_text import Mentioned, convert
from chatdesk.archive.importers.reading import mapped
from chatdesk.archive.importers.stream import (
    ImportedAuthor,
    ImportedMention,
    ImportedMessage,
    ImportedReaction,
    ImportedRoom,
    LeftOut,
)
from tests.archive.importers.items import of

KIT = {"id": "1", "name": "kit", "discriminator": "0000", "nickname": "Kit Lee", "isBot": False}
ANA = {"id": "2", "name": "ana", "nickname": "Ana", "isBot": False}
HOOK = {"id": "3", "name": "hook", "nickname": None, "isBot": True}
GENERAL = {
    "id": "100",
    "type": "GuildTextChat",
    "categoryId": "10",
    "category": "Text",
    "name": "général",
    "topic": "All",
}


def message(number: int, author: Mapping[str, object], content: str, **more: object) -> dict[str, object]:
    return {
        "id": str(number), "type": "Default", "timestamp": f"2026-01-01T10:00:{number:02}.250+00:00", "author": author,
        "timestampEdited": None, "isPinned": False, "content": content, "attachments": [], "embeds": [],
        "reactions": [], "mentions": [], **more,
    }  # fmt: skip


def emoji(name: str, own: str = "") -> dict[str, object]:
    return {"id": own, "name": name, "code": name, "isAnimated": False}


def read(folder: Path, channel: Mapping[str, object], *messages: object) -> list[object]:
    file = folder / "channel.json"
    file.write_text(json.dumps({"guild": {"id": "0", "name": "G"}, "channel": channel, "messages": messages}))
    return list(discord.read(mapped(file), file.name))


@pytest.fixture
def items(tmp_path: Path) -> list[object]:
    return read(
        tmp_path, GENERAL,
        message(1, KIT, "Hello @Ana", mentions=[ANA], isPinned=True, timestampEdited="2026-01-01T11:00:00+01:00",
                reactions=[{"emoji": emoji("👍"), "count": 3, "users": [ANA]},
                           {"emoji": emoji("parrot", "9"), "count": 2}]),
        message(2, ANA, "yes", type="Reply", reference={"messageId": "1", "channelId": "100", "guildId": "0"},
                attachments=[{"id": "5", "url": "x", "fileName": "plan.pdf"}], stickers=[{"name": "s"}]),
        message(3, KIT, "Pinned a message.", type="ChannelPinnedMessage"),
        message(4, HOOK, "", embeds=[{"title": "Build", "url": "https://x.org", "description": "passed",
                                      "fields": [{"name": "took", "value": "3 s"}]}]),
        message(5, KIT, "", type="Call"),
        message(6, KIT, "", reference={"messageId": "77", "type": "Forward"},
                forwardedMessage={"content": "from afar"}),
        {"id": 7},
        message(8, KIT, "Boosted", type="8"),
    )  # fmt: skip


def test_room_and_authors(items: list[object]) -> None:
    assert of(items, ImportedRoom) == [ImportedRoom("100", "général", "All")]
    assert of(items, ImportedAuthor) == [
        ImportedAuthor("1", "Kit Lee"),
        ImportedAuthor("2", "Ana"),
        ImportedAuthor("3/hook", "hook", bot=True),
    ]


def test_messages(items: list[object]) -> None:
    hello, yes, build, forwarded = of(items, ImportedMessage)
    assert hello == ImportedMessage(
        "100", "1", 1_767_261_601_250, "Hello @Ana", "1", edited=1_767_261_600_000,
        mentions=(ImportedMention("Ana", "2"),), pinned=True,
    )  # fmt: skip
    assert (yes.reply_to, yes.content) == ("1", "yes\n📎 plan.pdf")
    assert build.content == "[Build](https://x.org)\npassed\n**took**: 3 s"
    assert (forwarded.content, forwarded.reply_to) == ("> from afar", "")


def test_reactions_and_what_is_left_out(items: list[object]) -> None:
    assert of(items, ImportedReaction) == [ImportedReaction("1", "2", "👍")]
    assert [(item.kind, item.count) for item in of(items, LeftOut)] == [
        ("reactions without a name", 2),
        ("reactions with emoji of their own", 2),
        ("files", 1),
        ("stickers", 1),
        ("notices", 1),
        ("calls", 1),
        ("notices", 1),
        ("unreadable messages", 1),
    ]


def test_a_thread_answers_the_message_that_it_began_with(tmp_path: Path) -> None:
    thread = {"id": "1", "type": "GuildPublicThread", "categoryId": "100", "category": "général", "name": "plans"}
    items = read(tmp_path, thread, message(9, ANA, "in the thread"))
    assert of(items, ImportedRoom) == [ImportedRoom("100", "général")]
    assert [(said.room, said.reply_to) for said in of(items, ImportedMessage)] == [("100", "1")]


@pytest.mark.parametrize(
    ("kind", "speakers", "people"),
    [
        ("DirectTextChat", [KIT, ANA], ("1", "2")),
        ("DirectTextChat", [KIT], ("1", "100-1")),
        ("DirectGroupTextChat", [KIT, ANA], ("1", "2", "100-2")),
    ],
)
def test_a_private_conversation_is_of_those_who_spoke(
    tmp_path: Path, kind: str, speakers: list[Mapping[str, object]], people: tuple[str, ...]
) -> None:
    said = [message(number, who, "psst") for number, who in enumerate(speakers)]
    items = read(tmp_path, {"id": "100", "type": kind, "name": "Ana"}, *said)
    assert of(items, ImportedRoom)[-1] == ImportedRoom("100", "ana", people=people)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("<@2> <@!2> <@5> <@&6> <#7>", "@Ana B @Ana B @Unknown @role #room"),
        ("@Ana B, @ana and @anabel", "@Ana B, @Ana B and @anabel"),
        ("@everyone @here @heresy", "@room @room @heresy"),
        ("<:parrot:99> <a:party:98> :tada: <t:0:R> </play:1> <https://x.org>",
         ":parrot: :party: 🎉 1970-01-01 00:00 UTC /play https://x.org"),
        ("> one\n>>> all\nof it", "> one\n> all\n> of it"),
        ("```js\nlet a```", "```js\nlet a\n```"),
        ("so ```a b```", "so \n```\na b\n```"),
        ("`<@2>`", "`<@2>`"),
    ],
)  # fmt: skip
def test_text_becomes_our_markdown(text: str, ours: str) -> None:
    assert convert(text, {"2": Mentioned("2", ("Ana B", "ana"))})[0] == ours
