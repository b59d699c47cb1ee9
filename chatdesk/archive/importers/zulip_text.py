"""Zulip's text in our markdown."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from chatdesk.archive.importers.markdown import Conversion, moment_text, quoted
from chatdesk.archive.importers.names import room_name
from chatdesk.archive.importers.stream import ImportedMention
from chatdesk.protocol.names import EVERYBODY

_MENTION = re.compile(r"@(_?)\*\*([^*\n|]*)(?:\|(\d+))?\*\*")
_GROUP = re.compile(r"@_?\*([^*\n]+)\*(?!\*)")
_LINK = re.compile(r"#\*\*([^*>\n]+)(?:>([^*\n]*?)(?:@\d+)?)?\*\*")
_UPLOAD = re.compile(r"!?\[([^\[\]\n]*)\]\((?:https?://[^\s()/]+)?/user_uploads/[^\s()]*\)")
_TIME = re.compile(r"<time:([^>\n]{1,60})>")
_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*([^\s`~]*)[ \t]*(.*)")
_EVERYBODY = {"all", "everyone", "channel", "stream", "topic"}
_ME = "/me "
_DEEPEST = 10
"""Blocks within blocks that are converted; deeper ones stay as they were written."""


class ZulipContent(NamedTuple):
    """A text in our markdown, whom it mentions, the number of its files, and whether it is an action."""

    content: str
    mentions: tuple[ImportedMention, ...]
    files: int
    action: bool


class ZulipText:
    """Converts text, given the names of people by their ids."""

    def __init__(self, people: Mapping[str, str]) -> None:
        self._people = people
        self._ids = {name: number for number, name in people.items()}

    def convert(self, text: str) -> ZulipContent:
        """Return a text in our markdown."""
        action = text.startswith(_ME)
        conversion = Conversion(_blocks(text.removeprefix(_ME).replace("\r\n", "\n")))
        conversion.keep_code()
        conversion.text, files = _UPLOAD.subn(lambda match: f"📎 {match[1] or 'file'}", conversion.text)
        conversion.link_images()
        conversion.replace(_MENTION, lambda match: self._mention(conversion, match))
        conversion.replace(_GROUP, lambda match: f"@{match[1]}")
        conversion.replace(_LINK, _channel)
        conversion.replace(_TIME, lambda match: _time(match[1]))
        conversion.name_emoji()
        return ZulipContent(conversion.finish(), tuple(conversion.mentions.values()), files, action)

    def _mention(self, conversion: Conversion, match: re.Match[str]) -> str:
        silent, name, number = match[1], match[2], match[3]
        author = number or self._ids.get(name, "")
        if name in _EVERYBODY and not author:
            return conversion.mention(EVERYBODY, "")
        name = self._people.get(author, name)
        return f"@{name}" if silent or not author else conversion.mention(name, author)


def _channel(match: re.Match[str]) -> str:
    return f"#{room_name(match[1])} ({match[2]})" if match[2] else f"#{room_name(match[1])}"


def _time(text: str) -> str:
    try:
        return moment_text(float(text)) or text
    except ValueError:
        pass
    try:
        return moment_text(datetime.fromisoformat(text).timestamp()) or text
    except (ValueError, OverflowError):
        return text


def _blocks(text: str, depth: int = 0) -> str:
    """Return a text in which Zulip's own blocks, quotes and spoilers, are quotes; code stays."""
    if depth == _DEEPEST or ("```" not in text and "~~~" not in text):
        return text
    out: list[str] = []
    block: list[str] | None = None
    fence = kind = title = ""
    for line in text.split("\n"):
        opening = _FENCE.fullmatch(line)
        if block is None and opening:
            fence, kind, title = opening[1], opening[2], opening[3]
            block = []
        elif block is not None and line.rstrip() == fence:
            out.append(_block(kind, title, block, depth))
            block = None
        else:
            (out if block is None else block).append(line)
    if block is not None:
        out.append(_block(kind, title, block, depth))
    return "\n".join(out)


def _block(kind: str, title: str, lines: list[str], depth: int) -> str:
    content = "\n".join(lines)
    if kind == "quote":
        return quoted(_blocks(content, depth + 1))
    if kind == "spoiler":
        heading = [f"**{title.strip()}**"] if title.strip() else []
        return quoted("\n".join([*heading, _blocks(content, depth + 1)]))
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`{3,}", content)), 3)
    return f"{fence}{kind}\n{content}\n{fence}"
