"""The search index of a long history is rebuilt in the background: the page shows how far it is, a kill is harmless."""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Browser, expect

from chatdesk.log.database import FILE
from tests.archive.history import execute, outdate_index, write_many
from tests.e2e.browser import ChatPage
from tests.e2e.serving import Serving

COUNT = 100_000
SLOW_STEPS = """CREATE TRIGGER slow AFTER UPDATE ON unindexed BEGIN
    SELECT count(*) FROM (SELECT 1 FROM entry LIMIT 10000), (SELECT 1 FROM entry LIMIT 1000);
END"""
"""Each step to the index takes so much work that a person can join and search before it is done, on any machine."""
PATIENCE = 120_000
PREPARING = re.compile(r"^Search is being prepared: so far it covers the newest \d+ % of the messages\.$")


def missing(serving: Serving) -> int:
    """The number of messages that the index on the disk lacks."""
    with closing(sqlite3.connect(f"file:{serving.folder / FILE}?mode=ro", uri=True)) as db:
        row = db.execute("SELECT before FROM unindexed").fetchone()
        return int(row[0]) if row else 0


@pytest.mark.slow
def test_a_search_while_the_index_is_built_says_what_it_covers_and_finds_all_in_the_end(browser: Browser) -> None:
    serving = Serving("--message-rate", "0")
    outdate_index(write_many(serving.folder, COUNT))
    execute(serving.folder, SLOW_STEPS)
    with serving, browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        chat = ChatPage(context, serving.url)
        chat.join("Kit")
        status, note, hits = (chat.find(f"#search-{part}") for part in ("status", "note", "hits [role=option]"))
        chat.find("#search-field").fill('"1 1 1"')  # the very first message
        expect(status).to_have_text("Nothing found yet")
        expect(note).to_have_text(PREPARING)
        first = note.text_content()
        chat.send("needle of today")
        chat.find("#search-field").fill("needle")
        expect(hits).to_have_count(1)
        expect(note).to_have_text(PREPARING)
        serving.kill()
        left = missing(serving)
        assert 0 < left < COUNT, "killed in the middle"
        execute(serving.folder, "DROP TRIGGER slow")
        serving.start()
        assert missing(serving) <= left, "it does not begin again"
        chat.find("#search-field").fill('"1 1 1"')
        expect(hits).to_have_count(1, timeout=PATIENCE)
        expect(note).to_be_hidden(timeout=PATIENCE)
        expect(status).to_have_text("1 message found")
        assert first != note.text_content()
        assert chat.complaints == []
