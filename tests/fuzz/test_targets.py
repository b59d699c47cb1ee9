"""What is fuzzed takes its corpus; to fuzz takes a command of its own, ``python -m tests.fuzz``."""

from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS, timed

CORPUS = Path(__file__).resolve().parent / "corpus"


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_takes_its_corpus_and_parts_of_it(name: str) -> None:
    files = [file.read_bytes() for file in (CORPUS / name).iterdir()]
    assert files
    for data in files:
        for end in range(0, len(data), 7):
            timed(TARGETS[name], data[:end])
        timed(TARGETS[name], data)


def test_every_corpus_has_a_target() -> None:
    assert {folder.name for folder in CORPUS.iterdir()} == set(TARGETS)
