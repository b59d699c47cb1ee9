"""Where resources are, in the source tree and installed, and the folders of the person."""

import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatdesk import paths
from chatdesk.config import ConfigError


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    paths.resources.cache_clear()
    yield
    paths.resources.cache_clear()


def test_in_the_source_tree_they_lie_beside_the_package() -> None:
    folder = paths.resources()
    assert folder == Path(__file__).parents[1] / "resources"
    assert (folder / "web" / "index.html").is_file()
    assert (folder / "themes" / "tokens.json").is_file()


def test_once_installed_they_lie_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(paths, "files", lambda _package: tmp_path)
    assert paths.resources() == tmp_path / "resources"


def test_settings_go_where_the_system_keeps_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert paths.settings_file() == tmp_path / "ChatDesk" / "settings.ini"
    assert not paths.settings_file().parent.exists(), "to ask makes nothing"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the system keeps data, for this test."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path / "ChatDesk"


def test_data_goes_where_the_system_keeps_it(data: Path) -> None:
    assert paths.data_folder() == data
    assert paths.joined_folder() == data / "joined"
    assert not data.exists(), "to ask makes nothing"


@pytest.mark.parametrize(
    ("name", "readable"),
    [
        ("Robotics Workshop", "robotics-workshop"),
        ("  Robotics — Workshop!  ", "robotics-workshop"),
        ("Класс 7б", "класс-7б"),
        ("数学の授業", "数学の授業"),
        ("हिन्दी कक्षा", "हिन्दी-कक्षा"),
        ("Café", "café"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\con.txt", "c-con-txt"),
        ("x" * 100, "x" * 40),
        (f"{'x' * 39} y", "x" * 39),
    ],
)
def test_the_folder_of_a_chat_can_be_recognised(data: Path, name: str, readable: str) -> None:
    folder = paths.chat_folder(name)
    assert folder.parent == data / "chats"
    assert re.fullmatch(f"{readable}-[0-9a-f]{{6}}", folder.name)


def test_a_name_of_signs_alone_has_a_folder_too(data: Path) -> None:
    assert re.fullmatch("[0-9a-f]{6}", paths.chat_folder("😀").name)
    assert paths.chat_folder("😀") != paths.chat_folder("🤖")


def test_each_name_has_a_folder_of_its_own_however_it_is_encoded(data: Path) -> None:
    names = ["Robotics", "robotics", "Robotics!", "Robotics "]
    assert len({paths.chat_folder(name) for name in names}) == len(names)
    assert paths.chat_folder(unicodedata.normalize("NFD", "Café")) == paths.chat_folder("Café")


def modes(*folders: Path) -> list[int]:
    return [folder.stat().st_mode & 0o777 for folder in folders]


def test_a_private_folder_is_so_with_all_that_was_missing_above_it(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there").chmod(0o755)
    before = os.umask(0)
    try:
        paths.make_private(tmp_path / "there" / "chats" / "robotics")
        paths.make_private(tmp_path / "there" / "chats" / "robotics")
    finally:
        os.umask(before)
    there = tmp_path / "there"
    assert modes(there, there / "chats", there / "chats" / "robotics") == [0o755, 0o700, 0o700]


def test_a_private_folder_may_be_named_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in (Path("a/b"), Path("a/../c"), Path()):
        paths.make_private(folder)
    assert modes(tmp_path / "a" / "b", tmp_path / "c") == [0o700, 0o700]


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_where_no_folder_can_be_the_system_says_why(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        paths.make_private(tmp_path / name)


@pytest.fixture
def frozen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program is one file, in a folder of its own, and is started through a link to it."""
    program = tmp_path / "stick" / "chatdesk"
    program.parent.mkdir()
    program.touch()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "chatdesk").symlink_to(program)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "chatdesk"))
    return program


def test_python_is_not_the_program() -> None:
    assert paths.program() is None
    assert paths.home() is None


def test_a_folder_beside_the_program_is_the_home_once_it_is_there(frozen: Path) -> None:
    assert paths.program() == frozen
    assert paths.home() is None
    beside = frozen.parent / "ChatDesk-data"
    beside.touch()
    assert paths.home() is None, "a file is no home"
    beside.unlink()
    beside.mkdir()
    assert paths.home() == beside


def test_an_app_image_is_the_program_and_not_what_is_in_it(
    frozen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = tmp_path / "images" / "ChatDesk.AppImage"
    monkeypatch.setenv("APPIMAGE", str(image))
    monkeypatch.setenv("APPDIR", str(frozen.parent))
    assert paths.program() == image
    monkeypatch.setenv("APPDIR", "/tmp/.mount_of-another-program")
    assert paths.program() == frozen, "a terminal out of an AppImage hands these on to what is started in it"


def test_of_a_macos_app_the_bundle_is_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "ChatDesk.app" / "Contents" / "MacOS" / "chatdesk"))
    assert paths.program() == tmp_path / "ChatDesk.app"


def test_the_home_holds_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHATDESK_HOME", "stick")
    home = tmp_path / "stick"
    assert paths.home() == home
    assert paths.settings_file() == home / "settings.ini"
    assert paths.config_file() == home / "chatdesk.toml"
    assert paths.log_file() == home / "log" / "chatdesk.log"
    assert paths.joined_folder() == home / "joined"
    assert paths.chat_folder("Robotics").parent == home / "chats"
    assert not home.exists(), "to ask makes nothing"
    paths.check_home()
    assert modes(home) == [0o700]
    assert not list(home.iterdir()), "the trial leaves nothing behind"


def test_a_home_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, frozen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (frozen.parent / "ChatDesk-data").symlink_to("/proc/1")
    with pytest.raises(ConfigError) as caught:
        paths.check_home()
    assert str(caught.value).endswith("make that possible, or take it away, and your own folders are used.")
    (tmp_path / "file").touch()
    monkeypatch.setenv("CHATDESK_HOME", str(tmp_path / "file"))
    with pytest.raises(ConfigError) as caught:
        paths.check_home()
    assert str(caught.value) == (
        f"ChatDesk cannot write into the folder {tmp_path}/file (file exists): make that possible, or name another in "
        "CHATDESK_HOME."
    )


def test_without_a_home_of_the_person_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # what Python does where nobody knows the person
    with pytest.raises(ConfigError, match=r"set HOME, or name a folder in CHATDESK_HOME\.$"):
        paths.data_folder()
