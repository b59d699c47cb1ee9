"""``chatdesk doctor`` on the command line."""

import signal
import subprocess
import sys

import pytest

from tests.archive.history import run_here
from tests.doctor.network_lab import GUEST, HOST, PORT, ROOT, NetworkLab, chatdesk


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["http://a b"], "This is no address of a computer."),
        (["ftp://10.0.0.1"], "An address does not begin with ftp://."),
        ([""], "The address is empty."),
        (["--port", "0"], "Say with --port on which port the chat is hosted"),
        (["--port", "99999"], "Say with --port on which port the chat is hosted"),
        (["--port", "many"], "Argument --port: 'many' is not a whole number"),
        (["10.0.0.1", "10.0.0.2"], "Unrecognized arguments: 10.0.0.2"),
    ],
)
def test_what_cannot_be_examined_is_said_in_a_sentence(arguments: list[str], sentence: str) -> None:
    done = run_here("doctor", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(sentence)
    assert done.stderr.count("\n") == 1


def test_ctrl_c_ends_it_without_a_word(lab: NetworkLab) -> None:
    doctor = lab.guest.popen(
        chatdesk("doctor", "10.77.1.99:8080"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert doctor.stdout
    assert doctor.stderr
    assert "The name" in doctor.stdout.readline()
    doctor.send_signal(signal.SIGINT)
    assert doctor.wait(10) == 130
    assert doctor.stderr.read() == ""


def test_another_port_is_examined_where_it_is_named(lab: NetworkLab) -> None:
    lab.serve("--port", "9000")
    said = lab.examine_host("--port", "9000")
    assert said.code == 0
    assert f"http://{HOST}:9000" in said.diagnosis
    assert "chatdesk doctor --port 9000" in lab.examine_host().commands


def test_a_short_code_is_examined_like_the_address_that_it_stands_for(lab: NetworkLab) -> None:
    lab.serve()
    script = f"from chatdesk.discovery.short_code import short_code; print(short_code('{HOST}', {PORT}))"
    code = subprocess.check_output([sys.executable, "-c", script], text=True, cwd=ROOT).strip()
    said = lab.examine(lab.guest, code)
    assert said.code == 0
    assert f"http://{HOST}:{PORT} can be joined" in said.diagnosis


def test_the_chat_is_known_by_the_name_that_it_gives(lab: NetworkLab) -> None:
    """A person who hosted it in the window need not repeat its name."""
    lab.serve("--name", "Robotics Workshop", in_folder=False)
    lab.join("Kit", lab.guest)
    said = lab.examine(lab.host)
    assert f"Kit ({GUEST}): reaches {HOST}." in said.line("Other devices")


def test_without_the_data_folder_nobody_is_asked_to_call(lab: NetworkLab) -> None:
    lab.serve()
    lab.join("Kit", lab.guest)
    said = lab.examine(lab.host)
    assert "with --data-dir" in said.line("Other devices")
    assert "Nobody from outside has proved it yet" in said.diagnosis


def test_on_a_terminal_it_shows_what_it_looks_at_and_wears_colours(lab: NetworkLab) -> None:
    lab.serve()
    shown = ["script", "-qec", " ".join(chatdesk("doctor", f"{HOST}:{PORT}")), "/dev/null"]
    shown_text = lab.guest.run(shown, stdout=subprocess.PIPE, cwd=ROOT).stdout.decode()
    assert "… The connection\r\x1b[K\x1b[32m✓ ok" in shown_text
    assert shown_text.count("\x1b[1;32m") == 1
