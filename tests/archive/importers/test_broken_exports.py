"""Whatever is changed in an export, an import of it ends with what can be read, or with a sentence."""

import json
import random
from pathlib import Path

import pytest

from chatdesk.archive.history_file import ArchiveError
from chatdesk.archive.importers.recognise import open_export
from chatdesk.archive.staging import Staging
from tests.archive.importers import test_discord, test_mattermost, test_ours, test_slack, test_zulip

ODD = (
    *(None, True, -1, 10**30, 1.5, "", "\0", "9" * 400, "../x", "<@U1>" * 9, "```", "\u202e"),
    *([], {}, [None], {"a": []}),
)
"""What may stand where something else is expected."""
TRIES = 40


def changed(value: object, dice: random.Random) -> object:
    """Return JSON in which about one value in thirty is another one."""
    if dice.random() < 1 / 30:
        return dice.choice(ODD)
    if isinstance(value, dict):
        return {key: changed(item, dice) for key, item in value.items()}
    return [changed(item, dice) for item in value] if isinstance(value, list) else value


def write(kind: str, folder: Path, dice: random.Random) -> Path:
    """Write an export with changes in it."""
    file = folder / "export"
    if kind == "slack":
        lists = {"users": test_slack.USERS, "channels": test_slack.CHANNELS, "general/2023-11-14": test_slack.DAY}
        with test_slack.export(lists={name: changed(content, dice) for name, content in lists.items()}) as archive:
            assert archive.fp
            archive.fp.seek(0)
            file.write_bytes(archive.fp.read())
    elif kind == "zulip":
        parts = {"realm": test_zulip.REALM, "messages-000001": test_zulip.FIRST}
        test_zulip.export(folder, **{name: changed(part, dice) for name, part in parts.items()}).rename(file)
    elif kind == "discord":
        said = [
            test_discord.message(number, test_discord.KIT, "Hello @Ana", mentions=[test_discord.ANA])
            for number in (1, 2)
        ]
        export = {"channel": test_discord.GENERAL, "messages": said}
        file.write_text(json.dumps({"guild": {}, **{key: changed(value, dice) for key, value in export.items()}}))
    else:
        first, *lines = test_mattermost.LINES if kind == "mattermost" else [{"type": "chatdesk"}, test_ours.OLD]
        file.write_text("\n".join(map(json.dumps, [first, *(changed(line, dice) for line in lines)])))
    return file


@pytest.mark.parametrize("kind", ["slack", "mattermost", "zulip", "discord", "ours"])
def test_what_is_broken_is_left_out_or_said(kind: str, tmp_path: Path) -> None:
    dice = random.Random(kind)
    outcomes = [outcome(write(kind, tmp_path, dice)) for _ in range(TRIES)]
    assert any("unreadable" in left_out for left_out in outcomes)
    assert all(one.endswith(".") or one.startswith("left out") for one in outcomes)


def outcome(file: Path) -> str:
    """Return what was left out of an export, or the sentence with which it was refused."""
    with Staging() as staging:
        try:
            with open_export(file) as items:
                for item in items:
                    staging.add(item)
            staging.sort()
        except ArchiveError as error:
            return str(error)
        return f"left out {', '.join(staging.left_out)}"
