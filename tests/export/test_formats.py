"""The format follows from the file's extension, and no writer keeps what it has written."""

import tracemalloc
from io import BytesIO
from pathlib import Path

import pytest

from chatdesk.export.formats import Format, format_of, open_writer
from tests.export.messages import METADATA, make_message


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("evening.jsonl", Format.JSONL),
        ("evening.csv", Format.CSV),
        ("evening.html", Format.HTML),
        ("EVENING.HTM", Format.HTML),
        ("archive.csv.html", Format.HTML),
        ("evening", None),
        ("evening.txt", None),
        (".csv", None),
        ("csv", None),
    ],
)
def test_the_ending_says_the_format(name: str, form: Format | None) -> None:
    assert format_of(Path("folder.csv") / name) == form


class LengthOnly(BytesIO):
    """A file that keeps only its length."""

    length = 0

    def write(self, data: object) -> int:
        assert isinstance(data, bytes)
        self.length += len(data)
        return len(data)


@pytest.mark.slow
@pytest.mark.parametrize("form", Format)
def test_memory_does_not_grow_with_the_number_of_messages(form: Format) -> None:
    """Behaviour 42: an export streams."""
    file = LengthOnly()
    writer = open_writer(form, file, METADATA)
    for seq in range(1, 100):
        writer.write(make_message("Warm up " * 10, seq, minutes=seq))
    tracemalloc.start()
    try:
        for seq in range(100, 7_000):
            writer.write(make_message("Left motor on bench 4 spins backwards. " * 5, seq, f"Bench {seq % 3}", seq))
        writer.close()
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert file.length > 1_000_000
    assert peak < 200_000
