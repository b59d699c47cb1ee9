"""``chatdesk invite``, at a running chat without a window."""

import json
import subprocess
from pathlib import Path

import pytest

from chatdesk.certificates.authority import keep_authority, new_authority
from chatdesk.certificates.kept import AUTHORITY_FILE
from tests import warm_program
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving


def invite(serving: Serving, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run the command at the chat's port and folder."""
    where = ("--port", str(serving.port), "--data-dir", str(serving.folder))
    return warm_program.run("invite", *words, *where)


def test_a_host_without_a_window_invites_and_lets_people_in() -> None:
    with Serving("--approval") as serving:
        made = json.loads(invite(serving, "--role", "moderator", "--json").stdout)
        assert made["url"].endswith(f"/#invite={made['code']}")
        with Peer(serving.websocket, "Ana", invitation=made["code"]):
            listed = invite(serving, "list")
            assert f"{made['id']}  1 of 1 used, as moderator, until " in listed.stdout
            assert made["code"] not in listed.stdout
        assert invite(serving, "revoke", made["id"]).stdout == ""
        refused = invite(serving, "accept", "Nobody")
        assert (refused.returncode, "does not wait" in refused.stderr) == (1, True)


def test_an_encrypted_chat_is_joined_over_tls_under_its_own_key_alone() -> None:
    with Serving("--tls") as serving:
        assert invite(serving).stdout.startswith("https://")
        kept = serving.folder / AUTHORITY_FILE
        of_another = new_authority("Another chat", "x", ["127.0.0.1"])
        keep_authority(of_another, kept)
        refused = invite(serving, "list")
        assert (refused.returncode, "another chat or program" in refused.stderr) == (3, True)


def test_what_cannot_be_is_said_in_a_sentence(tmp_path: Path) -> None:
    refused = warm_program.run("invite", "--data-dir", tmp_path)
    assert (refused.returncode, refused.stderr.startswith("There is no chat in ")) == (2, True)


@pytest.mark.parametrize("action", ["revoke", "decline"])
def test_it_asks_which(action: str) -> None:
    refused = warm_program.run("invite", action)
    assert (refused.returncode, refused.stderr.startswith("Say which")) == (2, True)


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--hours", "0", "An invitation holds for more than 0 hours, and at most 8784."),
        ("--hours", "nan", "An invitation holds for more than 0 hours"),
        ("--hours", "9000", "An invitation holds for more than 0 hours"),
        ("--uses", "-1", "An invitation lets in 1 to 10000 people, or with --uses 0 any number."),
        ("--uses", "10001", "An invitation lets in 1 to 10000 people"),
    ],
)
def test_what_no_invitation_can_have_is_said_in_words(option: str, value: str, sentence: str) -> None:
    refused = warm_program.run("invite", option, value)
    assert (refused.returncode, refused.stderr.startswith(sentence)) == (2, True), refused.stderr
