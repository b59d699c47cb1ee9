"""Turns what stands in a paragraph, a tree, into a text with formats, links and chips."""

from collections.abc import Sequence

from PySide6.QtGui import QTextCharFormat

from chatdesk.desktop.widgets.common.text_painting import emoji_formats, format_range, utf16_length
from chatdesk.desktop.widgets.timeline.blocks.paragraph import Chip, RichText, Style, TargetSpan
from chatdesk.desktop.widgets.timeline.blocks.styles import ChipStyle, Look, Styles
from chatdesk.desktop.widgets.timeline.targets import Link
from chatdesk.protocol import markup

_LEFT_TO_RIGHT, _FIRST_STRONG, _POP = "\u2066", "\u2068", "\u2069"
"""Directional isolates: code is left-to-right, and a name does not turn the words around it."""
_PAD = "\u00a0"
"""The padding of a chip on either side: as wide as a space, and no line ends at it."""


def rich_text(content: Sequence[markup.Inline], styles: Styles, style: Style) -> RichText:
    """Return the text of a paragraph, in a style."""
    flat = _Flat(styles, style)
    flat.add(content, Look())
    flat.text.text = "".join(flat.parts)
    flat.text.formats += emoji_formats(flat.text.text, style.font)
    return flat.text


class _Flat:
    """A text that grows part by part; ``units`` is its length so far in UTF-16 units."""

    def __init__(self, styles: Styles, style: Style) -> None:
        self._styles, self._style = styles, style
        self.parts: list[str] = []
        self.units = 0
        self.text = RichText("")

    def add(self, content: Sequence[markup.Inline], look: Look) -> None:
        """Add a sequence of inline elements that are inside elements with this look."""
        for inline in content:
            match inline:
                case str():
                    self._write(inline.expandtabs(4), self._styles.look(look) if any(look) else None)
                case markup.Strong():
                    self.add(inline.content, look._replace(strong=True))
                case markup.Emphasis():
                    self.add(inline.content, look._replace(emphasis=True))
                case markup.Strike():
                    self.add(inline.content, look._replace(strike=True))
                case markup.Link():
                    self._add_link(inline, look)
                case markup.CodeSpan():
                    self._add_chip(_LEFT_TO_RIGHT, inline.text, self._styles.code_chip)
                case markup.Mention():
                    self._add_mention(inline)
                case markup.Break():
                    self._write("\u2028")

    def _add_link(self, link: markup.Link, look: Look) -> None:
        start = self.units
        self.add(link.content, look._replace(link=True))
        self.text.targets.append(TargetSpan(start, self.units - start, Link(link.url)))
        if host := markup.foreign_host(link):
            for char in f" ({host})":
                self._insert(char, self._styles.muted)

    def _add_mention(self, mention: markup.Mention) -> None:
        own = self._styles.is_own(mention)
        self._add_chip(_FIRST_STRONG, f"@{mention.name}", self._styles.own_chip if own else self._styles.name_chip)

    def _add_chip(self, isolate: str, text: str, chip: ChipStyle) -> None:
        self._insert(isolate)
        start = self.units
        self._insert(_PAD)
        self._write(text, chip.text)
        self._insert(_PAD)
        self.text.chips.append(Chip(start, self.units - start, chip.fill, chip.border))
        self._insert(_POP)

    def _insert(self, char: str, char_format: QTextCharFormat | None = None) -> None:
        """Add a character that is not of the message."""
        self.text.inserted.append(self.units)
        self._write(char, char_format)

    def _write(self, text: str, char_format: QTextCharFormat | None = None) -> None:
        length = utf16_length(text)
        if char_format is not None and length:
            self.text.formats.append(format_range(self.units, length, char_format))
        self.parts.append(text)
        self.units += length
