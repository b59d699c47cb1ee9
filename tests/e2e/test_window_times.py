"""An open window shows the time of the new zone when the system's time zone changes, as on a ship."""

import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.peer import Peer
from tests.e2e.window import Window
from tests.time_zones import EAST, WEST

ZONES = Path("/usr/share/zoneinfo")
MOUNT = 'mount --bind "$0" /etc/localtime && exec "$@"'


class Machine:
    """A machine whose time zone is changed as systems do it, by replacing ``/etc/localtime``."""

    def __init__(self, file: Path, zone: str) -> None:
        self._file, self._changed = file, 1_000_000_000
        self.set_time_zone(zone)

    def command(self, command: Sequence[str]) -> list[str]:
        """Return the command that runs a program there."""
        return ["env", "-u", "TZ", "unshare", "-rm", "sh", "-c", MOUNT, str(self._file), *command]

    def set_time_zone(self, zone: str) -> None:
        shutil.copyfile(ZONES / zone, self._file)
        self._changed += 1  # as the C library does not notice two changes within a second
        os.utime(self._file, (self._changed, self._changed))
        self._zone = ZoneInfo(zone)

    def time(self, timestamp: str) -> str:
        return f"{datetime.fromisoformat(timestamp).astimezone(self._zone):%H:%M}"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "localtime", EAST)


def test_the_times_in_an_open_window_are_those_of_the_zone_it_has_come_to(machine: Machine, tmp_path: Path) -> None:
    hosting = ("host", "--bind", "127.0.0.1", "--port", "0", "--nickname", "Mara")
    with Window(tmp_path / "home", *hosting, machine=machine) as window:
        window.wait_for_address()
        window.wait_for_title("ChatDesk")
        with Peer(window.url.replace("http", "ws") + "/ws", "Kit") as kit:
            kit.send(type="message", content="Aye")
            said = kit.hear("Aye")["timestamp"]
            kit.send(type="message", content="Aye aye")
            for zone in (EAST, WEST, "Asia/Kathmandu"):
                machine.set_time_zone(zone)
                window.wait_for(f"Kit, {machine.time(said)}: Aye")
