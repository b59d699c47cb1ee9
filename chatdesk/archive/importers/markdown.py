"""What the conversions of all formats share: code stays as it is, and finished pieces are kept from later rules."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from chatdesk.archive.importers.emoji import emoji_of
from chatdesk.archive.importers.stream import ImportedMention
from chatdesk.protocol.text import one_line

NAME_CHARS = 32
"""As much of a name as a mention shows: it is a nickname here."""

_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]+`)", re.DOTALL)
_PLACE = re.compile("\ue000([0-9]+)\ue001")
_MARKS = re.compile("[\ue000\ue001]")
_SHORTCODE = re.compile(r":([A-Za-z0-9_+'-]+):(?::(skin-tone-[2-6]):)?")
_IMAGE = re.compile(r"!(\[[^\[\]\n]*\]\([^()\n]*\))")


class Conversion:
    """A text on its way into our markdown.

    What ``keep`` has replaced is finished: no later rule touches it until ``finish``. ``mentions`` are those of the
    text.
    """

    def __init__(self, text: str) -> None:
        self.text = _MARKS.sub("", text)
        self.mentions: dict[tuple[str, str], ImportedMention] = {}
        self._kept: list[str] = []

    def keep(self, piece: str) -> str:
        """Return what stands for a finished piece in the meantime."""
        self._kept.append(piece)
        return f"\ue000{len(self._kept) - 1}\ue001"

    def keep_code(self, convert: Callable[[str], str] = str, *, fence: re.Pattern[str] | None = None) -> None:
        """Keep code blocks and inline code, each after this conversion.

        ``fence`` matches how a block may begin, where blocks may also stand within a line; they get lines of their own.
        """
        self.text = _CODE.sub(lambda match: self.keep(self._code(match, convert, fence)), self.text)

    def _code(self, match: re.Match[str], convert: Callable[[str], str], fence: re.Pattern[str] | None) -> str:
        code = convert(match[0])
        opening = fence and fence.match(code)
        if not opening:
            return code
        lines = [opening[0].rstrip("\n"), code[opening.end() :].removesuffix("```").strip("\n"), "```"]
        before = "\n" if self.text[: match.start()].rpartition("\n")[2] else ""
        return before + "\n".join(lines) + ("\n" if self.text[match.end() : match.end() + 1] not in ("", "\n") else "")

    def replace(self, pattern: re.Pattern[str], convert: Callable[[re.Match[str]], str]) -> None:
        """Keep what is made of each match."""
        self.text = pattern.sub(lambda match: self.keep(convert(match)), self.text)

    def mention(self, name: str, author: str) -> str:
        """Return a mention of an author, and remember it; the key ``""`` is everybody."""
        shown = one_line(name, NAME_CHARS) or author
        self.mentions[shown, author] = ImportedMention(shown, author)
        return f"@{shown}"

    def name_emoji(self) -> None:
        """Replace the names of emoji, such as ``:tada:``, by the emoji; others stay."""
        self.text = _SHORTCODE.sub(lambda match: emoji_of(match[1], match[2] or "") or match[0], self.text)

    def link_images(self) -> None:
        """Make links of images, which our markdown does not have."""
        self.text = _IMAGE.sub(r"\1", self.text)

    def finish(self) -> str:
        """Return the text with all that was kept; a kept piece may hold others."""
        text = self.text
        while _PLACE.search(text):
            text = _PLACE.sub(lambda match: self._kept[int(match[1])], text)
        return text


def quoted(text: str) -> str:
    """Return the lines of a text as a quote."""
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def with_files(content: str, names: Iterable[str]) -> str:
    """Return the content with a line for each file, whose name is all that comes."""
    shown = [f"📎 {one_line(name, 200) or 'file'}" for name in names]
    return "\n".join(filter(None, [content, *shown]))


def moment_text(seconds: float) -> str:
    """Return a moment, in seconds since 1970, as people write it; empty if there is no such moment."""
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
    except (OverflowError, ValueError, OSError):
        return ""
