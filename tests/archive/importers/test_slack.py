"""Slack's export: as documented, and as real ones are."""

import io
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from chatdesk.archive.importers import slack
from chatdesk.archive.importers.slack_text import SlackText
from chatdesk.archive.importers.stream import (
    ImportedAuthor,
    ImportedMention,
    ImportedMessage,
    ImportedReaction,
    ImportedRoom,
    LeftOut,
)
from tests.archive.importers.items import of

USERS = [
    {"id": "U1", "name": "kit", "profile": {"display_name": "Kit", "real_name": "Kit Lee"}},
    {"id": "U2", "name": "ana", "deleted": True, "profile": {"display_name": "", "real_name": "Ana Maria"}},
    {"id": "U3", "name": "deploy", "is_bot": True, "profile": {"bot_id": "B3", "real_name": "Deploy"}},
]
CHANNELS = [
    {"id": "C1", "name": "general", "created": "1452837318", "topic": {"value": "All of us &amp; more"},
     "pins": [{"id": "1700000001.000100"}]},
    {"id": "C2", "name": "old", "is_archived": True, "purpose": {"value": "Done"}},
]  # fmt: skip
DAY = [
    {"type": "message", "subtype": "channel_join", "user": "U1", "text": "<@U1> has joined", "ts": "1700000000.000100"},
    {"type": "message", "user": "U1", "text": "Hello <@U2|ana>", "ts": "1700000001.000100",
     "reactions": [{"name": "+1::skin-tone-3", "users": ["U2"]}, {"name": "party_parrot", "users": ["U1"]}]},
    {"type": "message", "user": "U2", "text": "Hi", "ts": "1700000002.000100", "thread_ts": "1700000001.000100",
     "edited": {"user": "U2", "ts": "1700000009.000000"}},
    {"type": "message", "subtype": "bot_message", "bot_id": "B3", "text": "", "ts": "1700000003.000100",
     "attachments": [{"pretext": "Deployed", "title": "v2", "title_link": "https://example.com/v2", "text": "*fine*"}]},
    {"type": "message", "subtype": "bot_message", "bot_id": "B9", "username": "hook", "text": "ping",
     "ts": "1700000004.5"},
    {"type": "message", "user": "U9", "text": "from elsewhere", "ts": "1700000005.000100",
     "user_profile": {"real_name": "Guest"}, "files": [None, {"name": "plan.pdf"}]},
    {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted.",
     "ts": "1700000006.000100", "thread_ts": "1700000006.000100"},
    {"type": "message", "subtype": "huddle_thread", "user": "USLACKBOT", "ts": "1700000007.000100"},
    {"type": "message", "user": "U1", "ts": {"not": "a time"}},
    {"type": "message", "subtype": "me_message", "user": "U1", "text": "waves", "ts": "1700000008.000100"},
]  # fmt: skip


def export(folder: str = "", lists: dict[str, object] | None = None) -> ZipFile:
    """Make an archive, perhaps with a folder around everything."""
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in {"users": USERS, "channels": CHANNELS, "general/2023-11-14": DAY, **(lists or {})}.items():
            archive.writestr(f"{folder}{name}.json", json.dumps(content))
    return ZipFile(file)


@pytest.fixture(scope="module")
def items() -> list[object]:
    return list(slack.read(export()))


def test_people_who_were_removed_bots_and_people_of_elsewhere_are_authors(items: list[object]) -> None:
    assert of(items, ImportedAuthor) == [
        ImportedAuthor("U1", "Kit"),
        ImportedAuthor("U2", "Ana Maria"),
        ImportedAuthor("U3", "Deploy", bot=True),
        ImportedAuthor("B9/hook", "hook", bot=True),
        ImportedAuthor("U9", "Guest"),
        ImportedAuthor("USLACKBOT", "Slackbot", bot=True),
    ]


def test_rooms_have_topic_or_purpose(items: list[object]) -> None:
    assert of(items, ImportedRoom) == [
        ImportedRoom("C1", "general", "All of us & more"),
        ImportedRoom("C2", "old", "Done", archived=True),
    ]


def test_messages_keep_times_answers_edits_and_pins(items: list[object]) -> None:
    hello, answer, deployed, ping, elsewhere, deleted, waves = of(items, ImportedMessage)
    assert hello == ImportedMessage(
        "C1", "U1", 1_700_000_001_000, "Hello @Ana Maria", "C1/1700000001.000100",
        mentions=(ImportedMention("Ana Maria", "U2"),), pinned=True,
    )  # fmt: skip
    assert (answer.reply_to, answer.edited) == ("C1/1700000001.000100", 1_700_000_009_000)
    assert (deployed.author, deployed.content) == ("U3", "Deployed\n[v2](https://example.com/v2)\n**fine**")
    assert (ping.author, ping.at) == ("B9/hook", 1_700_000_004_500)
    assert elsewhere.content == "from elsewhere\n📎 plan.pdf"
    assert (deleted.content, deleted.removed) == ("", "author")
    assert (waves.content, waves.action) == ("waves", True)


def test_reactions_come_and_what_cannot_is_counted(items: list[object]) -> None:
    assert of(items, ImportedReaction) == [ImportedReaction("C1/1700000001.000100", "U2", "👍🏼")]
    assert of(items, LeftOut) == [
        LeftOut("notices"),
        LeftOut("reactions with emoji of their own"),
        LeftOut("files"),
        LeftOut("calls"),
        LeftOut("unreadable messages"),
    ]


def test_direct_conversations_are_in_folders_of_their_ids() -> None:
    said = [{"type": "message", "user": "U1", "text": "psst", "ts": "1.5"}]
    archive = export(
        "export/",
        {
            "dms": [{"id": "D1", "members": ["U1", "U2"]}],
            "mpims": [{"id": "G1", "name": "mpdm-kit--ana--deploy-1", "members": ["U1", "U2", "U3"]}],
            **dict.fromkeys(("D1/2023-11-14", "mpdm-kit--ana--deploy-1/2023-11-14", "lost/2023-11-14"), said),
        },
    )
    items = list(slack.read(archive))
    assert of(items, ImportedRoom)[2:] == [
        ImportedRoom("G1", "Kit, Ana Maria, Deploy", people=("U1", "U2", "U3")),
        ImportedRoom("D1", "Kit, Ana Maria", people=("U1", "U2")),
        ImportedRoom("lost", "lost"),
    ]
    assert {message.room for message in of(items, ImportedMessage) if message.at == 1500} == {"D1", "G1", "lost"}


@pytest.mark.parametrize(
    ("slack_text", "ours"),
    [
        ("*bold* _it_ ~gone~ `a*b*c` 2*3*4", "**bold** _it_ ~~gone~~ `a*b*c` 2*3*4"),
        ("*<@U1>: yes*", "**@Kit: yes**"),
        ("<https://x.org/a_b~c|site> <https://x.org> <https://x.org|x.org> <mailto:a@x.org|a@x.org>",
         "[site](https://x.org/a_b~c) https://x.org https://x.org a@x.org"),
        ("<#C1> <#C8|gone> <!here> <!subteam^S1|@devs> <!date^0^{date}>",
         "#general #gone @room @devs 1970-01-01 00:00 UTC"),
        ("a &lt;b&gt; &amp;amp;", "a <b> &amp;"),
        ("&gt; said\n&gt;&gt;&gt; all\nof it", "> said\n> all\n> of it"),
        ("• one\n    ◦ two", "- one\n    - two"),
        ("```\nwget <http://x.org|x.org> &amp;&amp; *run*\n```", "```\nwget x.org && *run*\n```"),
        ("see ```{\n1}``` ok", "see \n```\n{\n1}\n```\n ok"),
        ("```a```", "```\na\n```"),
        (":tada: :unknown_one: 10:30:00", "🎉 :unknown_one: 10:30:00"),
        ("\ue0000\ue001 <@U1>", "0 @Kit"),
    ],
)  # fmt: skip
def test_text_becomes_our_markdown(slack_text: str, ours: str) -> None:
    assert SlackText({"U1": "Kit"}, {"C1": "general"}).convert(slack_text)[0] == ours


def test_markup_in_a_long_text_takes_no_time() -> None:
    text = SlackText({}, {})
    for piece in ("*a", "<@", "`", "~a ", "&gt;", "<!date^", "```"):
        assert text.convert(piece * 10_000)[0]


def test_nothing_leaves_the_archive(tmp_path: Path) -> None:
    said = [{"type": "message", "user": "U1", "text": "x", "ts": "1.5"}]
    items = list(slack.read(export(lists={"../../etc/2023-11-14": said, "/etc/2023-11-14": said})))
    assert {message.content for message in of(items, ImportedMessage)} >= {"Hello @Ana Maria"}
    assert list(tmp_path.iterdir()) == []
