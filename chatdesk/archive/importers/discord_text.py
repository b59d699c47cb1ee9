"""Discord's text in our markdown, whether DiscordChatExporter has formatted it or not."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from chatdesk.archive.importers.markdown import Conversion, moment_text, quoted
from chatdesk.archive.importers.stream import ImportedMention
from chatdesk.protocol.names import EVERYBODY

_TOKEN = re.compile(r"<(@[!&]?|#)(\d+)>")
_EMOJI = re.compile(r"<a?:(\w+):\d+>")
_TIME = re.compile(r"<t:(-?\d{1,17})(?::[a-zA-Z])?>")
_COMMAND = re.compile(r"<(/[^:>\n]+):\d+>")
_ADDRESS = re.compile(r"<(https?://[^\s<>]+)>")
_EVERYBODY = re.compile(r"(?<!\w)@(?:everyone|here)\b")
_FENCE = re.compile(r"```(?:[\w+#.-]*\n)?")
_QUOTE_REST = re.compile(r"^>>> (.*)\Z", re.MULTILINE | re.DOTALL)


class Mentioned(NamedTuple):
    """Somebody whom a message mentions: the key, and the names by which the text may call them, the best one first."""

    key: str
    names: tuple[str, ...]


def convert(text: str, mentioned: Mapping[str, Mentioned]) -> tuple[str, tuple[ImportedMention, ...]]:
    """Return a text in our markdown, and whom it mentions; ``mentioned`` are the people by their ids."""
    conversion = Conversion(text)
    conversion.keep_code(fence=_FENCE)
    conversion.link_images()
    conversion.replace(_TOKEN, lambda match: _token(conversion, match, mentioned))
    conversion.replace(_EMOJI, lambda match: f":{match[1]}:")
    conversion.replace(_TIME, lambda match: moment_text(int(match[1])) or match[0])
    conversion.replace(_COMMAND, lambda match: match[1])
    conversion.replace(_ADDRESS, lambda match: match[1])
    conversion.replace(_EVERYBODY, lambda _match: conversion.mention(EVERYBODY, ""))
    called = {name: person for person in mentioned.values() for name in reversed(person.names) if name}
    if called:
        longest_first = "|".join(map(re.escape, sorted(called, key=len, reverse=True)))
        named = re.compile(rf"(?<!\w)@({longest_first})(?!\w)")
        conversion.replace(named, lambda match: conversion.mention(called[match[1]].names[0], called[match[1]].key))
    conversion.text = _QUOTE_REST.sub(lambda match: quoted(match[1]), conversion.text)
    conversion.name_emoji()
    return conversion.finish(), tuple(conversion.mentions.values())


def _token(conversion: Conversion, match: re.Match[str], mentioned: Mapping[str, Mentioned]) -> str:
    """Return what ``<@1>``, ``<@!1>``, ``<@&1>`` or ``<#1>`` says; of roles and rooms, the export has no names."""
    sign, number = match[1], match[2]
    if sign == "#":
        return "#room"
    if sign == "@&":
        return "@role"
    person = mentioned.get(number)
    return conversion.mention(person.names[0], person.key) if person else "@Unknown"
