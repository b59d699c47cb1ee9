"""Cases that Python and the page share: what they do with a text is the same."""

import json
from pathlib import Path

FOLDER = Path(__file__).parent

TEXTS_AS_WRITTEN = (FOLDER / "text_cases.json").read_text("utf-8")
"""As it stands in the file: a lone surrogate crosses into the browser in this form only."""
SENT: list[tuple[str, str]] = [(typed, sent) for typed, sent in json.loads(TEXTS_AS_WRITTEN)["sent"]]
"""What somebody writes or pastes, and what is sent of it."""
ONE_LINE: list[tuple[str, str]] = [(typed, line) for typed, line in json.loads(TEXTS_AS_WRITTEN)["lines"]]
"""What somebody pastes into a field of one line, and what is made of it."""
INVISIBLE: list[str] = json.loads(TEXTS_AS_WRITTEN)["invisible"]
VISIBLE: list[str] = json.loads(TEXTS_AS_WRITTEN)["visible"]

LINKS: list[tuple[str, list[str]]] = [
    (text, links) for text, links in json.loads((FOLDER / "link_cases.json").read_text("utf-8"))
]
"""One line, and the addresses in it."""

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
"""What people are called, and what they are called in a sentence."""

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
"""What could take a careless parser very long, many times over."""
