"""/debug: open only to somebody on this computer who knows the secret; and the recipe finds a leak that was planted."""

import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chatdesk.server.http.debug_endpoints import MEMORY_PATH, PROFILE_PATH, DebugEndpoints
from chatdesk.server.http.request import Request

ROOT = Path(__file__).parents[3]
SECRET = "kite-42-kite-42-kite-42"  # noqa: S105 - of nobody
LEAKY = """
import sys
from chatdesk import cli
from chatdesk.server.http.static_files import StaticFile
from chatdesk.server.places import Places

kept = []
sound = Places.http_opened

def planted_leak(self, connection):
    kept.append(bytearray(200_000))
    sound(self, connection)

Places.http_opened = planted_leak
sys.exit(cli.run(sys.argv[1:]))
"""


async def ask(
    path: str, folder: Path, address: str = "127.0.0.1", authorization: str = f"Bearer {SECRET}", **fields: str
) -> tuple[int, str]:
    """What two endpoints say that measure nothing."""

    async def memory(seconds: float) -> str:
        return f"memory {seconds:g}"

    async def profile(_seconds: float) -> str:
        raise ImportError("not here", name="sampler")

    head = {name.replace("_", "-"): [value] for name, value in fields.items()} | {"authorization": [authorization]}
    request = Request("GET", path, head)
    endpoints = DebugEndpoints(folder / "secret", memory, profile).endpoints()
    response = await endpoints[request.path](request, address)
    return int(response.status), response.body.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text(f"{SECRET}\nanother line\n")
    return tmp_path


async def test_with_the_secret_it_measures_for_as_long_as_is_said(folder: Path) -> None:
    assert await ask(MEMORY_PATH, folder) == (200, "memory 10\n")
    assert await ask(f"{MEMORY_PATH}?seconds=0.5", folder) == (200, "memory 0.5\n")
    status, sentence = await ask(PROFILE_PATH, folder)
    assert status == 501
    assert "without sampler" in sentence


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer kite", f"Basic {SECRET}", f"Bearer {SECRET}x"])
async def test_nobody_gets_in_without_the_secret(folder: Path, authorization: str) -> None:
    assert (await ask(MEMORY_PATH, folder, authorization=authorization))[0] == 401


async def test_nobody_gets_in_from_elsewhere_or_through_a_proxy_that_runs_here(folder: Path) -> None:
    assert (await ask(MEMORY_PATH, folder, "192.168.4.20"))[0] == 403
    assert (await ask(MEMORY_PATH, folder, ""))[0] == 403
    for field in ("forwarded", "x_forwarded_for", "x_real_ip", "via"):
        assert (await ask(MEMORY_PATH, folder, **{field: "for=127.0.0.1"}))[0] == 403
    assert (await ask(MEMORY_PATH, folder, "::1"))[0] == 200


async def test_a_file_without_a_proper_secret_opens_nothing(tmp_path: Path) -> None:
    for text in ("", "short", f"\n{SECRET}"):
        (tmp_path / "secret").write_text(text)
        assert (await ask(MEMORY_PATH, tmp_path, authorization=f"Bearer {text.strip()}"))[0] == 503
    (tmp_path / "secret").unlink()
    assert (await ask(MEMORY_PATH, tmp_path))[0] == 503


@pytest.mark.parametrize("seconds", ["0", "-1", "601", "nan", "inf", "some"])
async def test_a_time_that_cannot_be_is_refused(folder: Path, seconds: str) -> None:
    assert (await ask(f"{MEMORY_PATH}?seconds={seconds}", folder))[0] == 400


def recipe() -> list[str]:
    """The commands of the page for operators, but for the one that starts the chat."""
    page = (ROOT / "packaging" / "OPERATING.md").read_text()
    (block,) = (it for it in re.findall(r"```bash\n(.*?)```", page, re.DOTALL) if "/debug/memory" in it)
    return [line for line in block.splitlines() if line and not line.startswith("#")]


@contextmanager
def leaking(folder: Path, option: str) -> Iterator[int]:
    """A chat that loses 200 KB with each connection, started with this option; its port."""
    arguments = ["serve", "--bind", "127.0.0.1", "--port", "0", "--in-memory", *shlex.split(option)]
    command = [sys.executable, "-c", LEAKY, *arguments]
    environment = {"PYTHONPATH": str(ROOT), "CHATDESK_HOME": str(folder)}
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline().rpartition(":")[2])
        finally:
            process.terminate()


def following(command: str, port: int, folder: Path) -> str:
    """What a command of the recipe prints, at this port and for a shorter time, while people come and go."""
    line = re.sub(r"seconds=\d+", "seconds=1", command.replace("8080", str(port)).replace("curl", "curl -sS"))
    with subprocess.Popen(line, shell=True, cwd=folder, stdout=subprocess.PIPE, text=True) as asked:
        while asked.poll() is None:
            with socket.create_connection(("127.0.0.1", port)) as visitor:
                visitor.send(f"GET /health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
                visitor.recv(1024)
            time.sleep(0.002)  # some hundreds of them are enough, and leave the processor to others
        assert asked.stdout
        return asked.stdout.read()


def test_the_recipe_finds_a_leak_that_was_planted_and_where_the_time_goes(tmp_path: Path) -> None:
    secret, start, memory, profile = recipe()
    subprocess.run(secret, shell=True, cwd=tmp_path, check=True)
    with leaking(tmp_path, start.removeprefix("chatdesk serve ")) as port:
        grown = following(memory, port, tmp_path)
        _, most, *_ = grown.split(" MB in ")
        places = most.splitlines()[1:]
        assert float(grown.split(" MB in ")[0].split()[-1]) > 1, grown
        assert (places[0].strip(), "server.py" in places[1]) == ("<string>:11", True), grown
        assert "_process" in following(profile, port, tmp_path)
