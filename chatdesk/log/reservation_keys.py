"""Migrates the keys under which nicknames were reserved, so that they still belong to their owners."""

import re
import sqlite3
import unicodedata

from chatdesk.protocol.names import nickname_key

# The earlier rules, which knew 43 letters that look like Latin ones; they never change.
_LOOKALIKES = str.maketrans(
    "асԁеһіјкӏмոорԛѕтυѵѡхуαεικνορτυχ01|ıłøвмнβζμ",
    "acdehijklmnopqstuvwxyaeiknoptuxollilobmhbzm",
)


def earlier_key(name: str) -> str:
    """Return the key that a nickname had until now."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    shape = folded.replace("\u200d", "").replace("\ufe0f", "").translate(_LOOKALIKES)
    return re.sub(r"[\s._\u2010-\u2015\u2212-]+", " ", shape.replace("rn", "m").replace("vv", "w")).strip()


def migrate_reservation_keys(db: sqlite3.Connection) -> None:
    """Give each reservation the key that its nickname has by the present rules.

    The nickname is the one with the old key among those that its owner has used last in a room. Of somebody who was in
    none with a list of rooms it is not known: then the new key of the old one stands for it, which is the same for all
    nicknames but a few.
    """
    reserved: list[tuple[str, str]] = db.execute("SELECT key, identity FROM seat").fetchall()
    db.execute("DELETE FROM seat")
    for key, identity in reserved:
        used = db.execute("SELECT DISTINCT nickname FROM subscription WHERE identity = ?", (identity,))
        names = [name for (name,) in used if earlier_key(name) == key]
        new_key = nickname_key(names[0] if names else key)
        db.execute("INSERT OR IGNORE INTO seat VALUES (?, ?)", (new_key, identity))
