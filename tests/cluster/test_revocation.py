"""Over real nodes and a real Redis: a token that is revoked at one opens none of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatdesk.log.revoked_tokens import RevokedTokens
from chatdesk.server import revocation_watch
from tests.cluster.in_process import meet
from tests.server.tokens import sign_in, token
from tests.waiting import until


async def test_a_token_that_is_revoked_at_one_node_opens_none(
    node: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocation_watch, "_SECONDS", 0.05)
    revoked = [RevokedTokens(tmp_path / folder) for folder in ("a", "b", "c")]
    settings = [{"tokens": sign_in(revoked=each, required=False)} for each in revoked]
    async with node("a", **settings[0]) as first, node("b", **settings[1]) as second:
        await meet(first, second)
        kit = await second.join("Kit", token=token(jti="7"))
        RevokedTokens(tmp_path / "a").add("7")  # as the command line does
        assert (await kit.farewell())[0] == 4502
        assert revoked[1].ids() == {"7"}
        async with node("c", **settings[2]) as third:
            await until(lambda: revoked[2].ids() == {"7"})
            again = await third.connect()
            again.send("join", nickname="Kit", token=token(jti="7"))
            assert (await again.next("error"))["code"] == "unauthorized"
