"""Settings survive a restart; a damaged file gives the defaults."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from chatdesk.desktop.settings import RecentChat, Settings, new_recent_chat

TODAY = date(2026, 11, 24)


def recent(number: int) -> RecentChat:
    return RecentChat(f"Room {number}", f"10.0.0.{number}:8080", TODAY - timedelta(number))


def test_a_first_start_has_defaults(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    assert (settings.nickname, settings.room_name, settings.theme, settings.text_scale) == ("", "", "system", 1.0)
    assert settings.recents == []
    assert settings.discovery
    assert settings.geometry("main").isEmpty()


def test_values_survive_a_restart(tmp_path: Path) -> None:
    before = Settings(tmp_path / "settings.ini")
    before.nickname, before.room_name = 'نور, the "1st" = [x]', "Robotics; Workshop\\"
    before.theme, before.text_scale = "dark", 1.4
    before.set_geometry("main", QByteArray(b"\x00\x01where"))
    before.add_recent(recent(1))
    before.discovery = False
    del before
    after = Settings(tmp_path / "settings.ini")
    assert (after.nickname, after.room_name) == ('نور, the "1st" = [x]', "Robotics; Workshop\\")
    assert (after.theme, after.text_scale) == ("dark", 1.4)
    assert after.geometry("main") == QByteArray(b"\x00\x01where")
    assert after.recents == [recent(1)]
    assert not after.discovery


def test_the_newest_chats_are_kept_and_each_once(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    for number in range(1, 11):
        settings.add_recent(recent(number))
    settings.add_recent(RecentChat("New name", "10.0.0.5:8080", TODAY))
    assert [chat.name for chat in settings.recents][:3] == ["New name", "Room 10", "Room 9"]
    assert len(settings.recents) == 8
    assert len({chat.address for chat in settings.recents}) == 8


def test_a_chat_that_is_joined_is_kept_with_the_moment(tmp_path: Path) -> None:
    joined = new_recent_chat("Mess deck", "172.16.0.4")
    Settings(tmp_path / "settings.ini").add_recent(joined)
    assert Settings(tmp_path / "settings.ini").recents == [joined]
    assert joined.moment is not None


def test_a_chat_that_an_earlier_version_has_joined_has_its_day(tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    file.write_text(
        '[General]\nrecents="[{\\"name\\":\\"A\\",\\"address\\":\\"a\\",\\"day\\":\\"2026-11-24\\"}]"\n', "utf-8"
    )
    assert [recent.local_day for recent in Settings(file).recents] == [TODAY]


@pytest.mark.parametrize(
    "line", ["recents=not json", "recents=[{}]", "recents=a, b", "text_scale=big", "nickname=a, b"]
)
def test_a_damaged_value_in_the_file_is_the_default(tmp_path: Path, line: str) -> None:
    file = tmp_path / "settings.ini"
    file.write_text(f"[General]\n{line}\n[geometry]\nmain=nonsense\n", "utf-8")
    settings = Settings(file)
    assert (settings.nickname, settings.text_scale, settings.recents) == ("", 1.0, [])
    assert settings.geometry("main").isEmpty()


REMEMBER = """
import sys
from datetime import date
from pathlib import Path
from chatdesk.desktop.settings import RecentChat, Settings
Settings(Path(sys.argv[1])).add_recent(RecentChat("Theirs", "10.0.0.2", date(2026, 11, 24)))
"""


def test_a_chat_joined_in_another_window_is_remembered_too(tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    settings = Settings(file)
    settings.add_recent(RecentChat("First", "10.0.0.1", date(2026, 11, 24)))
    settings._store.sync()
    subprocess.run([sys.executable, "-c", REMEMBER, str(file)], check=True)
    settings.add_recent(RecentChat("Ours", "10.0.0.3", date(2026, 11, 24)))
    assert [recent.name for recent in settings.recents] == ["Ours", "Theirs", "First"]
