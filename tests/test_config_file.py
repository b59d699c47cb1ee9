"""The configuration file: valid values are read; an error is one sentence with its place and the remedy."""

import os
import re
from pathlib import Path

import pytest

from chatdesk.config import ConfigError
from chatdesk.config_file import read_config_file
from chatdesk.paths import config_file

ALL = """# every key
nickname = "Mara"
port = 9000
bind = "127.0.0.1"
name = "Класс 7б"
data-dir = "/srv/chat"
in-memory = false
keep-days = 0.5
keep-messages = 200
max-connections = 50
message-rate = 2
discovery = false
allow-host = ["chatdesk", "chat.example.org"]
public-url = "https://chat.example.org/chat"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "chatdesk.toml"


def test_every_key_is_read(file: Path) -> None:
    file.write_text(ALL, encoding="utf-8")
    assert read_config_file(file) == {
        "nickname": "Mara",
        "port": 9000,
        "bind": "127.0.0.1",
        "name": "Класс 7б",
        "data_dir": Path("/srv/chat"),
        "in_memory": False,
        "keep_days": 0.5,
        "keep_messages": 200,
        "max_connections": 50,
        "message_rate": 2.0,
        "discovery": False,
        "allow_host": ("chatdesk", "chat.example.org"),
        "public_url": "https://chat.example.org/chat",
    }


@pytest.mark.parametrize("data", [b"", b"# nothing\n", b"\xef\xbb\xbf", b"\r\n"])
def test_an_empty_file_says_nothing(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    assert read_config_file(file) == {}


def test_what_windows_editors_put_before_the_text_and_at_the_ends_of_lines_is_no_matter(file: Path) -> None:
    file.write_bytes(b'\xef\xbb\xbfport = 9000\r\nname = "Caf\xc3\xa9"\r\n')
    assert read_config_file(file) == {"port": 9000, "name": "Café"}


def test_a_folder_is_one_seen_from_the_file(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A folder that moves, such as a stick, takes along what the file in it names."""
    file.write_text('data-dir = "evening/chat"')
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert read_config_file(file) == {"data_dir": tmp_path / "evening" / "chat"}
    monkeypatch.chdir(tmp_path)
    assert read_config_file(Path("chatdesk.toml")) == {"data_dir": tmp_path / "evening" / "chat"}


def test_a_folder_may_be_named_from_the_persons_own(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/mara")
    file.write_text('data-dir = "~/chat"')
    assert read_config_file(file) == {"data_dir": Path("/home/mara/chat")}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('port = "http"', "In FILE, port is 'http': it must be a whole number."),
        ("port = 80.5", "In FILE, port is 80.5: it must be a whole number."),
        ("port = true", "In FILE, port is true: it must be a whole number."),
        ("port = [80]", "In FILE, port is [80]: it must be a whole number."),
        ("port = 2026-11-24", "In FILE, port is datetime.date(2026, 11, 24): it must be a whole number."),
        ("keep-days = '1'", "In FILE, keep-days is '1': it must be a number."),
        ("in-memory = 1", "In FILE, in-memory is 1: it must be true or false."),
        ("in-memory = 'yes'", "In FILE, in-memory is 'yes': it must be true or false."),
        ("allow-host = [1]", "In FILE, allow-host is [1]: it must be a name in quotation marks, or a list of them."),
        ("allow-host = 8000", "In FILE, allow-host is 8000: it must be a name in quotation marks, or a list of them."),
        ("name = 7", "In FILE, name is 7: it must be text in quotation marks."),
        ("data-dir = ''", "In FILE, data-dir is '': it must be the name of a folder."),
        ('data-dir = "a\\u0000b"', "In FILE, data-dir is 'a\\x00b': it must be the name of a folder."),
        ("prot = 80", "There is no setting 'prot' in FILE: do you mean port?"),
        ("Port = 80", "There is no setting 'Port' in FILE: do you mean port?"),
        ("keep_day = 8", "There is no setting 'keep_day' in FILE: do you mean keep-days?"),
        ("room = 'x'", "There is no setting 'room' in FILE: choose among nickname, address, port, "),
        ("config = 'x'", "There is no setting 'config' in FILE: choose among nickname, address, port, "),
        ("[server]\nport = 80", "[server] in FILE is one section too many: the settings stand there without any."),
        ("port = ", "The configuration file FILE is not in order: Invalid value"),
        ("port = 80\nport = 81", "The configuration file FILE is not in order: Cannot overwrite a value"),
        (f"port = {'9' * 5000}", "The configuration file FILE is not in order: "),
        (f"name = {'[' * 5000}", "The configuration file FILE is not in order: it is nested too deeply."),
        ("x" * 1_000_001, "The file FILE is far too large for a configuration file: name another with --config."),
    ],
)
def test_what_is_wrong_is_said_with_its_place(file: Path, text: str, sentence: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(sentence.replace("FILE", str(file)))) as caught:
        read_config_file(file)
    assert str(caught.value)[-1] in ".?"
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("data", [b'name = "Caf\xe9"', "port = 80".encode("utf-16")])
def test_another_encoding_is_named_as_the_trouble(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    with pytest.raises(ConfigError, match=r"is not written in UTF-8: save it in that encoding\.$"):
        read_config_file(file)


def test_a_folder_in_its_place_is_said_to_be_one(file: Path) -> None:
    file.mkdir()
    with pytest.raises(ConfigError, match=f"^{file} is a folder, and should be the configuration file: take it away"):
        read_config_file(file)


@pytest.mark.parametrize("path", ["nothing.toml", "nowhere/chatdesk.toml", "plain/chatdesk.toml"])
def test_a_file_that_is_not_there_is_for_the_caller_to_judge(tmp_path: Path, path: str) -> None:
    (tmp_path / "plain").touch()
    with pytest.raises(FileNotFoundError):
        read_config_file(tmp_path / path)


def test_a_device_without_an_end_is_not_read_to_it() -> None:
    with pytest.raises(ConfigError, match="not a file"):
        read_config_file(Path("/dev/zero"))


def test_what_is_no_file_is_not_waited_for(file: Path) -> None:
    os.mkfifo(file)
    with pytest.raises(ConfigError, match=r"cannot be read \(not a file\): see to that, or name another with --config"):
        read_config_file(file)


@pytest.mark.parametrize("key", ["port", "keep-days", "keep-messages", "name"])
def test_a_number_that_cannot_be_written_down_is_too_large(file: Path, key: str) -> None:
    file.write_text(f"{key} = 0x{'f' * 5000}")
    with pytest.raises(ConfigError, match=f"{key} is far too large a number"):
        read_config_file(file)


def test_in_a_home_that_leads_in_circles_the_home_is_to_blame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    monkeypatch.setenv("CHATDESK_HOME", str(circle))
    with pytest.raises(ConfigError, match="name another folder in CHATDESK_HOME"):
        read_config_file(config_file())
