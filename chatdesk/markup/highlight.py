"""Finds out what the parts of code are, for their colours, with Pygments.

Only languages that the author names are coloured, and only the common ones below: Pygments knows hundreds, and some of
its rules take seconds for a few characters.
"""

import time
from functools import cache
from itertools import groupby, takewhile
from operator import itemgetter

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Generic, Keyword, Name, Number, Operator, String, _TokenType

from chatdesk.protocol.markup import Kind, Span

BUDGET_SECONDS = 0.02
"""Twice what the longest message takes."""
_MOST_BYTES = 20 * 1024
_LINE_CHARS = 500
"""Longer lines are for machines; many rules of Pygments read on to the end of the line at each of its characters."""
LANGUAGES = {
    name: lexer
    for lexer, names in {
        "arduino": "arduino ino",
        "bash": "bash sh shell zsh",
        "c": "c h",
        "cpp": "cpp c++ cc hpp",
        "csharp": "csharp cs c#",
        "css": "css scss",
        "diff": "diff patch",
        "go": "go golang",
        "html": "html htm",
        "ini": "ini conf cfg",
        "java": "java",
        "javascript": "javascript js jsx mjs",
        "json": "json jsonc",
        "kotlin": "kotlin kt",
        "lua": "lua",
        "php": "php",
        "python": "python py python3",
        "ruby": "ruby rb",
        "rust": "rust rs",
        "sql": "sql",
        "swift": "swift",
        "toml": "toml",
        "typescript": "typescript ts tsx",
        "xml": "xml svg",
        "yaml": "yaml yml",
    }.items()
    for name in names.split()
}
"""The lexer for each name of a language."""

_KINDS: tuple[tuple[_TokenType, Kind], ...] = (
    (Comment.Preproc, "keyword"),
    (Comment, "comment"),
    (Keyword, "keyword"),
    (Operator.Word, "keyword"),
    (Name.Tag, "keyword"),
    (Name.Decorator, "keyword"),
    (Name.Builtin.Pseudo, "keyword"),
    (String, "string"),
    (Generic.Inserted, "string"),
    (Number, "number"),
    (Generic.Deleted, "number"),
    (Generic.Subheading, "comment"),
)


class Highlighter:
    """Colours the code of one message, as far as it takes no more than BUDGET_SECONDS of the processor's time.

    Pygments reads some texts again from every character to their end. What comes after the time is up has no colours.
    """

    def __init__(self) -> None:
        self._left = BUDGET_SECONDS

    def spans(self, code: str, language: str) -> tuple[Span, ...]:
        """Return the kinds of the parts of code, from its beginning; nothing for a language without colours."""
        name = LANGUAGES.get(language.lower())
        if not name or len(code.encode()) > _MOST_BYTES or max(map(len, code.split("\n"))) > _LINE_CHARS:
            return ()
        tokens = _lexer(name).get_tokens_unprocessed(code)  # its first use loads it, which is not counted
        start = time.thread_time()
        in_time = takewhile(lambda _: time.thread_time() - start < self._left, tokens)
        parts = ((_kind(token), len(text)) for _, token, text in in_time)
        spans = [(sum(map(itemgetter(1), group)), kind) for kind, group in groupby(parts, itemgetter(0))]
        self._left -= time.thread_time() - start
        return tuple(spans if not spans or spans[-1][1] else spans[:-1])


@cache
def _lexer(name: str) -> Lexer:
    return get_lexer_by_name(name)


@cache
def _kind(token: _TokenType) -> Kind:
    return next((kind for group, kind in _KINDS if group == token[: len(group)]), "")
