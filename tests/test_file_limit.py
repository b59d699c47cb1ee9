"""The limit of open files."""

import json
import subprocess
import sys

_CHATS = """
import json, resource, sys
from chatdesk.config import ServerConfig
from chatdesk.file_limit import within_file_limit
for soft, hard, people in json.load(sys.stdin):
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    places = within_file_limit(ServerConfig(max_connections=people)).max_connections
    print(places, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""
"""In a process of its own, where each hard limit is lower than the one before: nobody can raise it again."""


def test_a_chat_has_as_many_places_as_it_may_have_files() -> None:
    chats = [(256, 2048, 1000), (1800, 2048, 1000), (256, 2048, 5000), (256, 300, 1000)]
    command = [sys.executable, "-c", _CHATS]
    done = subprocess.run(command, input=json.dumps(chats), capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["1000 1512", "1000 1800", "1536 2048", "150 300"]
    too_few, far_too_few = done.stderr.splitlines()
    assert "2048 files open, so 1536 people can be here at once, not 5000" in too_few
    assert "ulimit -n 1512" in far_too_few
