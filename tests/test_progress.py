"""Progress in a terminal: a percentage, later also the time that is left."""

import io

import pytest

from chatdesk.progress import Progress, percent, time_left


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("done", "elapsed", "words"),
    [
        (0, 50.0, ""),
        (620, 0.9, ""),
        (620, 6.5, ", 4 s left"),
        (10, 10.0, ", 16 min left"),
        (1000, 10.0, ""),
        (1001, 10.0, ""),
    ],
)
def test_the_time_left_is_said_once_it_is_known(done: int, elapsed: float, words: str) -> None:
    assert time_left(done, 1000, elapsed) == words


def test_all_is_100_percent_and_less_is_less() -> None:
    assert [percent(done, 1000) for done in (0, 5, 10, 999, 1000, 1100)] == [0, 0, 1, 99, 100, 100]


def test_a_terminal_sees_one_line_that_is_gone_at_the_end() -> None:
    terminal = Terminal()
    with Progress(0, terminal) as progress:
        progress.show("Checking the copy")
        assert terminal.getvalue() == "\rChecking the copy\x1b[K"
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_a_file_sees_nothing() -> None:
    stream = io.StringIO()
    with Progress(10, stream) as progress:
        progress.show("Checking the copy")
        progress.update(5)
    assert stream.getvalue() == ""
