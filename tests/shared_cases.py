"""Test cases for texts that Python and the page have to treat alike."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent

TEXTS_AS_WRITTEN = (FOLDER / "text_cases.json").read_text("utf-8")
"""The file's own JSON, since a lone surrogate reaches the browser only in this form."""
SENT: list[tuple[str, str]] = [(typed, sent) for typed, sent in json.loads(TEXTS_AS_WRITTEN)["sent"]]
"""Typed or pasted text, and what is sent."""
ONE_LINE: list[tuple[str, str]] = [(typed, line) for typed, line in json.loads(TEXTS_AS_WRITTEN)["lines"]]
"""Text pasted into a field of one line, and the result."""
INVISIBLE: list[str] = json.loads(TEXTS_AS_WRITTEN)["invisible"]
VISIBLE: list[str] = json.loads(TEXTS_AS_WRITTEN)["visible"]

NAMES: dict[str, Any] = json.loads((FOLDER / "name_cases.json").read_text("utf-8"))
"""Typed names with those that are kept, names that are refused, and pairs that look alike, or do not."""

LINKS: list[tuple[str, list[str]]] = [
    (text, links) for text, links in json.loads((FOLDER / "link_cases.json").read_text("utf-8"))
]
"""A line of text, and the addresses in it."""

MARKUP: dict[str, Any] = json.loads((FOLDER / "markup" / "cases.json").read_text("utf-8"))
"""Texts with their trees and plain words, texts that have none, links, and hosts that links have to show."""

SHORT_NAMES = [
    ("Aiko Tanaka", "Aiko"),
    ("D’Arcy O'Neil", "D’Arcy"),
    ("José Álvarez", "José"),
    ("نور الهدى", "نور"),
    ("प्रिया रमन", "प्रिया"),
    *(
        (whole, whole)
        for whole in (
            "Kit",
            "A Name",
            "Mara L.",
            "Bench B",
            "Dr. Okonkwo",
            "Bolt 🤖",
            "Bench 7",
            "Bench ٧",
            "Bench Ⅶ",
            "Bench ②",
            "Bench No. 7",
            "Robot A7",
            "Ana María 2",
        )
    ),
]
"""Whole names, and the short names that sentences use."""

REPEATED = [
    *("http://", "http://a,", "https://a/)", "https://a/(", "https://a/[", "https://@", "https://a.", "https://a/b "),
    *(
        "https://字",
        "https://a字",
        "https://é.",
        "https://a/'",
        "https://[",
        "http://[::1]",
        "_https://a/_",
        "😀https://a/",
    ),
    *("(", "a.", "://", "\x1b]", "\x1b[", "\x90", "\x9b", "\x1b]0;", "\u200b", "\u200b\n", "\ufeff", "\n", "\r", " "),
]
"""Strings that, repeated many times, could take a careless parser very long."""
