"""What is secret stays so: nothing that the real program writes or tells others has it."""

import urllib.request
from contextlib import closing
from pathlib import Path

from chatdesk.log.hook_file import HookFile
from tests.e2e.serving import Serving
from tests.hostile.client import Client
from tests.server.wire import command

_PASSWORD, _WRONG = "correct-zebra-staple", "mistyped-flamingo"
_FORGED = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJraXQifQ.eT4cnRxiRtn4lgbh96nr989"
_CODE = "r2x-56t-4xw"


def _joined(port: int, **fields: str) -> str:
    """What a server answers to a join with these fields."""
    with closing(Client(port)) as client:
        client.open()
        client.send(command("join", **fields))
        return client.next_text()


def test_no_secret_is_kept_or_told_by_a_server_that_has_heard_it(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text(_PASSWORD, encoding="utf-8")
    with Serving("--no-discovery", "--password-file", str(password)) as serving:
        hook = HookFile(serving.folder).add("Build", "lobby")
        welcome = _joined(serving.port, nickname="Kit", password=_PASSWORD)
        token = welcome.split('"token":"')[1].split('"')[0]
        wrong = (
            {"password": _WRONG},
            {"token": _FORGED},
            {"invitation": _CODE},
            {"nickname": "Kit", "token": token[:-1]},
        )
        told = [_joined(serving.port, **{"nickname": "Eve", **fields}) for fields in wrong]
        for path in ("/stats", "/about", "/health"):
            with urllib.request.urlopen(serving.url + path, timeout=20) as answer:
                told.append(answer.read().decode())
        post = urllib.request.Request(f"{serving.url}/hooks/{hook}", b'{"text": "Built."}')
        with urllib.request.urlopen(post, timeout=20) as answer:
            assert answer.status == 200
        serving.stop()
        written = [file.read_bytes() for file in serving.folder.rglob("*") if file.is_file()]
    assert b"Built." in b"".join(written)
    for secret in (_PASSWORD, _WRONG, _FORGED, _CODE, token, hook):
        assert not any(secret in text for text in (*told, welcome.replace(token, "")))
        assert not any(secret.encode() in data for data in written)
