"""What importers yield in the order of a file, in the order of time."""

import pytest

from chatdesk.archive.importers.stream import ImportedMessage, ImportedReaction, LeftOut
from chatdesk.archive.staging import Staging, split
from chatdesk.protocol.limits import CONTENT_CHARS


def said(at: int, content: str = "x", key: str = "", reply_to: str = "") -> ImportedMessage:
    return ImportedMessage("a", "kit", at, content, key, reply_to)


def test_messages_are_in_the_order_of_time_and_know_what_they_answer() -> None:
    with Staging() as staging:
        for item in (
            said(30, "third", "3", reply_to="1"),
            said(10, "first", "1"),
            ImportedReaction("1", "ana", "👍"),
            said(30, "fourth", "4", reply_to="elsewhere"),
            ImportedMessage("b", "kit", 5, "in another room", "5", reply_to="1"),
            said(20, "second", "2"),
            said(20, "second again", "2"),
            ImportedReaction("1", "kit", "🎉"),
            ImportedReaction("1", "kit", "🎉"),
            LeftOut("files", 2),
            LeftOut("files"),
            said(1, " \n"),
            said(-1),
            said(10**15),
            ImportedReaction("1", "kit", "\ud800"),
            ImportedReaction("1", "kit", "no emoji"),
        ):
            staging.add(item)
        staging.sort()
        unfit = {"reactions with emoji of their own": 2}
        placed = list(staging.messages("a"))
        assert [(one.seq, one.message.content, one.reply_to) for one in placed] == [
            (1, "first", None), (2, "second", None), (3, "third", 1), (4, "fourth", None),
        ]  # fmt: skip
        assert [one.reactions for one in placed] == [[("ana", "👍"), ("kit", "🎉")], [], [], []]
        assert [one.reply_to for one in staging.messages("b")] == [None]
        assert staging.left_out == {"files": 3, "messages without text": 1, "messages without a time": 2, **unfit}
        assert (staging.count, set(staging.rooms)) == (5, {"a", "b"})


def test_a_text_that_is_too_long_comes_in_parts() -> None:
    with Staging() as staging:
        staging.add(said(1, "one " * 5000, "1")._replace(heading="plans"))
        staging.add(said(2, "answer", reply_to="1"))
        staging.sort()
        *parts, answer = staging.messages("a")
    assert len(parts) == 3
    assert all(len(f"**plans**\n{part.message.content}") <= CONTENT_CHARS for part in parts)
    assert " ".join(part.message.content for part in parts) == ("one " * 5000).strip()
    assert answer.reply_to == 1


@pytest.mark.parametrize("content", ["a" * 50, "a\n" * 25, "a b " * 13, "```\n" + "code\n" * 9 + "```", "é" * 21])
def test_parts_hold_all_and_code_stays_code(content: str) -> None:
    parts = split(content, 20)
    assert all(len(part) <= 20 for part in parts)
    kept = [line for part in parts for line in part.split("\n") if line != "```"]
    assert "".join(kept).replace(" ", "") == content.replace("```", "").replace("\n", "").replace(" ", "")
    assert all(part.count("```") % 2 == 0 for part in parts)
