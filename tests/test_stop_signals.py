"""Whichever signal ends the program, it cleans up first."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from chatdesk.stop_signals import signals_as_ctrl_c


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_a_keyboard_interrupt(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt), signals_as_ctrl_c():
        signal.raise_signal(number)


def test_afterwards_everything_is_as_before() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)]
    with signals_as_ctrl_c():
        assert signal.getsignal(signal.SIGTERM) is signal.default_int_handler
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)] == before


def test_what_was_ignored_at_the_start_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals_as_ctrl_c():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


PRESSED_WHILE_LOADING = """
import signal, sys

module = sys.argv.pop(1)

class Press:
    def find_spec(self, name, path=None, target=None):
        if name == module:
            print("pressed", flush=True)
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Press())
from chatdesk.__main__ import main
main()
"""


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("chatdesk.cli", ["paths"]),
        ("msgspec", ["doctor"]),
        ("PySide6.QtWidgets", ["host"]),
        ("chatdesk.desktop.wiring", ["host"]),
    ],
)
def test_ctrl_c_ends_it_without_a_word_however_far_it_has_come(module: str, arguments: list[str]) -> None:
    command = [sys.executable, "-c", PRESSED_WHILE_LOADING, module, *arguments]
    process = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False)
    assert (process.returncode, process.stdout, process.stderr) == (130, "pressed\n", "")
