"""Inline rules for markdown-it, where ours differ from CommonMark's: links, mentions, line breaks, words, backslashes.

A rule is called at a character where a mark may begin. It returns whether it has taken something, and then has moved
``state.pos`` past it.
"""

import re
from collections.abc import Mapping
from typing import cast

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

from chatdesk.protocol.emoji import by_short_name
from chatdesk.protocol.links import EAST_ASIAN, bracket_pairs, links
from chatdesk.protocol.markup import is_link

_EMOJI = re.compile(r"(?<!\w):([a-zA-Z0-9_+-]{2,40}):(?!\w)")
_STOP = re.compile(rf"[\\`*_~\[\]@＠\n]|https?://|{_EMOJI.pattern}", re.IGNORECASE)
"""Where plain text may end."""
_ESCAPED = re.compile(r"\\[\\`*_~\[\]@>|]")
_TARGET = re.compile(r"\s*<?([^\s<>]+)>?(?:\s+\"[^\"]*\")?\s*")
"""What the round brackets of a link hold: an address, perhaps with a title, which is not shown."""
_WORD = re.compile(rf"(?!{EAST_ASIAN}|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])[^\W_]")
"""A letter or digit of a script that puts spaces between words."""
_SIGNS = "^-+=/\\#%&$<|"
"""Beside one of these, a star or underscore belongs to a formula, a path or a face."""


class Names:
    """The people who may be mentioned: ``authors`` has the author id for each name."""

    def __init__(self, authors: Mapping[str, str]) -> None:
        self._named = {name.casefold(): (name, author) for name, author in authors.items()}
        self._lengths = sorted(set(map(len, authors)), reverse=True)

    def at(self, text: str, start: int) -> tuple[str, str, int] | None:
        """Return name, author and end of the longest name that stands in a text after the sign at ``start``."""
        if start and _WORD.match(text[start - 1]):
            return None  # as in an e-mail address
        quoted = text[start + 1 : start + 2] == '"'
        begin = start + 1 + quoted
        for length in self._lengths:
            end = begin + length
            found = self._named.get(text[begin:end].casefold())
            if found and (text[end : end + 1] == '"' if quoted else not _WORD.match(text, end)):
                return *found, end + quoted
        return None


class InlineState(StateInline):
    """One block's text while it is parsed; what rules need at many places is found once, in linear time."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> None:
        super().__init__(src, md, env, tokens)
        self.addresses = dict(links(src))
        self.brackets = bracket_pairs(src) if "](" in src else {}
        self.emoji_end = -1

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        """Say whether the run of equal marks at ``start`` can open or close something.

        CommonMark lets stars split words, which would take them out of ``2*3*4``, and wants spaces around marks that
        touch punctuation, which East Asian text does not have.
        """
        end = start
        while end < self.posMax and self.src[end] == self.src[start]:
            end += 1
        before, after = self.src[start - 1 : start] or " ", self.src[end : min(end + 1, self.posMax)] or " "
        opens = not after.isspace() and _is_edge(before)
        closes = not before.isspace() and before != "/" and _is_edge(after)
        return Scanned(opens, closes, end - start)


class InlineParser(ParserInline):
    """markdown-it's parser of inline text, with our state and rules."""

    def __init__(self) -> None:
        super().__init__()
        self.terminator_re = _STOP
        self.ruler.at("newline", _line_break)
        self.ruler.at("escape", _backslash)
        self.ruler.at("link", _link)
        self.ruler.at("autolink", _address)
        self.ruler.push("mention", _mention)
        self.ruler.push("emoji", _emoji)
        self.ruler.enableOnly(
            [
                *("text", "newline", "escape", "backticks", "strikethrough", "emphasis"),
                *("link", "autolink", "mention", "emoji"),
            ]
        )

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Return the tokens of one block's text."""
        state = InlineState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def _is_edge(char: str) -> bool:
    """Return whether a mark beside this character can be at the edge of what it marks."""
    return char not in _SIGNS and not _WORD.match(char)


def _line_break(state: StateInline, _silent: bool) -> bool:
    if state.src[state.pos] != "\n":
        return False
    state.push("hardbreak", "br", 0)
    state.pos += 1
    return True


def _backslash(state: StateInline, _silent: bool) -> bool:
    """Take a backslash and the mark after it as they are: a path keeps its backslashes."""
    escaped = _ESCAPED.match(state.src, state.pos, state.posMax)
    if not escaped:
        return False
    state.append_pending(escaped[0])
    state.pos = escaped.end()
    return True


def _link(state: StateInline, _silent: bool) -> bool:
    """Take ``[words](address)``; links do not nest."""
    brackets = cast(InlineState, state).brackets
    end = brackets.get(state.pos, 0) if state.src[state.pos] == "[" else 0
    if end <= state.pos or state.linkLevel or not state.src[state.pos + 1 : end].strip():
        return False
    last = brackets.get(end + 1, 0) if state.src[end + 1 : end + 2] == "(" else 0
    target = _TARGET.fullmatch(state.src, end + 2, last) if last > end else None
    if not target or not is_link(target[1]):
        return False
    limit = state.posMax
    state.push("link_open", "a", 1).attrs = {"href": target[1]}
    state.linkLevel, state.pos, state.posMax = 1, state.pos + 1, end
    state.md.inline.tokenize(state)
    state.push("link_close", "a", -1)
    state.linkLevel, state.pos, state.posMax = 0, last + 1, limit
    return True


def _address(state: StateInline, _silent: bool) -> bool:
    """Take an address that stands in the text, by the rule for texts without marks."""
    address = cast(InlineState, state).addresses.get(state.pos)
    if not address or state.linkLevel:
        return False
    token = state.push("address", "a", 0)
    token.content = address
    state.pos += len(address)
    return True


def _mention(state: StateInline, _silent: bool) -> bool:
    if state.src[state.pos] not in "@\uff20" or state.linkLevel or state.env["quotes"]:
        return False
    found = state.env["names"].at(state.src, state.pos)
    if not found:
        return False
    name, author, state.pos = found
    token = state.push("mention", "", 0)
    token.content, token.info = name, author
    return True


def _emoji(state: StateInline, _silent: bool) -> bool:
    """Take the short name of an emoji, such as ``:tada:``."""
    state = cast(InlineState, state)
    named = _EMOJI.match(state.src, state.pos, state.posMax)
    is_scope = state.src[state.pos - 1 : state.pos] == ":" and state.pos != state.emoji_end  # as in std::map
    emoji = by_short_name(named[1]) if named and not is_scope else None
    if not named or not emoji:
        return False
    state.env["emoji"] = True
    state.append_pending(emoji)
    state.pos = state.emoji_end = named.end()
    return True
