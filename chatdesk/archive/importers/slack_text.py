"""Slack's text in our markdown."""

import re
from collections.abc import Mapping

from chatdesk.archive.importers.markdown import Conversion, moment_text, quoted
from chatdesk.archive.importers.stream import ImportedMention
from chatdesk.protocol.names import EVERYBODY

_TOKEN = re.compile(r"<([@#!]?)([^<>|\n]*)(?:\|([^<>]*))?>")
_EVERYBODY = {"here", "channel", "everyone"}
_EDGE, _END = r"(?<![\w*~])", r"(?![\w*~])"
"""Slack marks whole words only: ``2*3*4`` has nothing bold."""
_BOLD = re.compile(rf"{_EDGE}\*(?=\S)([^*\n]*[^*\s])\*{_END}")
_STRIKE = re.compile(rf"{_EDGE}~(?=\S)([^~\n]*[^~\s])~{_END}")
_FENCE = re.compile("```")
_BULLET = re.compile(r"^(\s*)[•◦▪] ", re.MULTILINE)
_QUOTE = re.compile(r"^&gt;(?!&gt;&gt;) ?", re.MULTILINE)
_QUOTE_REST = re.compile(r"^&gt;&gt;&gt; ?(.*)\Z", re.MULTILINE | re.DOTALL)


class SlackText:
    """Converts text, given the names of people and rooms by their ids."""

    def __init__(self, people: Mapping[str, str], rooms: Mapping[str, str]) -> None:
        self._people = people
        self._rooms = rooms

    def convert(self, text: str) -> tuple[str, tuple[ImportedMention, ...]]:
        """Return a text in our markdown, and whom it mentions."""
        conversion = Conversion(text)
        conversion.keep_code(_plain_code, fence=_FENCE)
        conversion.replace(_TOKEN, lambda match: self._token(conversion, match))
        conversion.text = _STRIKE.sub(r"~~\1~~", _BOLD.sub(r"**\1**", conversion.text))
        conversion.text = _BULLET.sub(r"\1- ", conversion.text)
        conversion.text = _QUOTE_REST.sub(lambda match: quoted(match[1]), _QUOTE.sub("> ", conversion.text))
        conversion.name_emoji()
        conversion.text = _unescape(conversion.text)
        return conversion.finish(), tuple(conversion.mentions.values())

    def _token(self, conversion: Conversion, match: re.Match[str]) -> str:
        """Return what a token such as ``<@U1|kit>``, ``<#C1>``, ``<!here>`` or ``<https://…|label>`` says."""
        sign, target, label = match[1], match[2], match[3] and _unescape(match[3])
        if sign == "@":
            return conversion.mention(self._people.get(target) or label or f"Unknown {target}", target)
        if sign == "#":
            return f"#{self._rooms.get(target) or label or target}"
        if sign == "!":
            return _command(conversion, target, label)
        return _link(_unescape(target), label)


def _command(conversion: Conversion, target: str, label: str | None) -> str:
    name, *details = target.split("^")
    if name in _EVERYBODY:
        return conversion.mention(EVERYBODY, "")
    if name == "date" and not label and details and details[0].isdecimal():
        return moment_text(int(details[0]))
    return label or f"@{details[0] if details else name}"


def _link(target: str, label: str | None) -> str:
    """Return a link; bare if the label says nothing else than the address does."""
    address = target.removeprefix("mailto:")
    if not label or label in (target, address):
        return address
    if label in (target.removeprefix("https://"), target.removeprefix("http://"), target.rstrip("/")):
        return target
    return f"[{label.replace('[', '(').replace(']', ')')}]({target})"


def _plain_code(code: str) -> str:
    """Return code, in which Slack marks links and escapes signs, too."""
    return _unescape(_TOKEN.sub(lambda match: match[3] or f"{match[1]}{match[2]}", code))


def _unescape(text: str) -> str:
    """Return text without the only three entities that Slack writes."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
