#!/bin/bash
# In SQLite 3.40, a LIKE or GLOB on an FTS5 table with the trigram tokenizer finds nothing where the pattern holds one or
# two characters outside ASCII: '%año%' finds its row, '%ño%' and '%本%' find none, and there is no error.
#
# The documentation says that a pattern without three characters in a row is answered by a scan of the whole table. The
# check that decides so counts bytes, not characters: "ño" and "本" are three bytes, are looked up as a trigram, and a
# trigram of fewer than three characters is in no index. English never shows it: 'ab' takes the scan and is found. A
# search for Chinese or Japanese words, most of which have two characters, or for the end of a Spanish one, comes back
# empty, whatever the table holds. LIKE on an expression (words || '') is right, since it does not ask the index.
# One would have guessed that an index changes how quickly rows are found, not which.
# Documentation: https://www.sqlite.org/fts5.html#the_trigram_tokenizer
# Seen with SQLite 3.40.1, which is Debian 12's; 3.54.1 (apsw 3.54.1.0) finds all rows.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
dpkg-query -W -f '${Package} ${Version}\n' libsqlite3-0 python3
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check apsw==3.54.1.0
cat > like.py <<'PYTHON'
import sqlite3

import apsw

ROWS = ["año", "größe", "日本語", "abc"]
PATTERNS = ["%ab%", "%año%", "%ño%", "%ö%", "%本%", "%日本%", "%日本語%"]


def found(db, condition):
    db.execute("CREATE VIRTUAL TABLE notes USING fts5 (words, tokenize='trigram')")
    for row in ROWS:
        db.execute("INSERT INTO notes VALUES (?)", (row,))
    return [len(list(db.execute(f"SELECT * FROM notes WHERE {condition}", (pattern,)))) for pattern in PATTERNS]


old, new = (sqlite3.connect(":memory:") for _ in range(2)), (apsw.Connection(":memory:") for _ in range(2))
for name, version, connections, expected in (
    ("Debian's", sqlite3.sqlite_version, old, [1, 1, 0, 1, 0, 0, 1]),
    ("apsw's", apsw.sqlite_lib_version(), new, [1] * 7),
):
    by_index, by_scan = found(next(connections), "words LIKE ?"), found(next(connections), "words || '' LIKE ?")
    print(f"{name} SQLite {version}: {dict(zip(PATTERNS, by_index, strict=True))}; by a scan {by_scan}")
    assert by_scan == [1] * 7
    assert by_index == expected, by_index
PYTHON
PATH=/usr/bin:$PATH venv/bin/python like.py
