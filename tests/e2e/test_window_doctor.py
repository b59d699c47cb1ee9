"""A window that hosts behind a firewall says so, and names the command that lets others in."""

import time
from pathlib import Path

from chatdesk.desktop.theme import load_tokens
from tests.e2e.window import Window
from tests.netns import Networks

_COLORS = load_tokens()["color"]["light"]
_TO_CHECK = ("Down",) * 6
"""Keys that select the check of the connection in the chat's menu."""
_SHUT = (
    "add table inet filter; "
    "add chain inet filter input { type filter hook input priority 0; policy drop; }; "
    "add rule inet filter input iif lo accept"
)


def copied(window: Window, sentence: str) -> str:
    """Wait until the clipboard contains this text; returns all of it."""
    end = time.monotonic() + 45
    while sentence not in (text := window.screen.clipboard()):
        assert time.monotonic() < end, f"copied was only {text!r}"
        time.sleep(0.05)
    return text


def test_a_firewall_is_found_and_the_command_against_it_is_copied(tmp_path: Path) -> None:
    with Networks() as networks:
        machine = networks.machine()
        machine.plug(networks.lan(), "10.77.1.2/24")
        machine.run(["nft", _SHUT])
        arguments = ("host", "--no-discovery", "--name", "Robotics Workshop", "--nickname", "Mara")
        with Window(tmp_path, *arguments, machine=machine) as window:
            window.wait_for_address()
            window.wait_for_title("Robotics Workshop")
            window.say("Is anybody there?")  # its click gives the window the keyboard focus
            window.wait_for("Is anybody there?")
            window.open_menu()
            window.choose(*_TO_CHECK, "Return")
            window.screen.press("Return")
            window.wait_for_color(_COLORS["danger-soft"])
            window.screen.press("Tab", "Return")
            report = copied(window, "The firewall of this computer keeps others away from port 8080.")
    assert "sudo nft insert rule inet filter input tcp dport 8080 accept" in report
