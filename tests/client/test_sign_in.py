"""A token (JWT) outlives the program beside the identity that it proves, until it opens nothing any more."""

import asyncio
import stat
from pathlib import Path

from chatdesk.client.changes import Ended
from chatdesk.client.saved_state import ClientStore
from chatdesk.log.revoked_tokens import RevokedTokens
from tests.client.person import Person, person
from tests.server.chat import chat
from tests.server.tokens import sign_in, token
from tests.waiting import until


async def test_a_token_is_kept_over_a_restart_and_forgotten_once_it_is_revoked(tmp_path: Path) -> None:
    revoked, joined = RevokedTokens(tmp_path), tmp_path / "joined"
    first, second = token(name="Kit", jti="one"), token(name="Kit", jti="two")
    async with chat(tokens=sign_in(revoked=revoked)) as c:
        kit = Person(c.server.port, "Kit", store=ClientStore(joined))
        kit.state.sign_in.token = first
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(kit.client.run())
            await until(lambda: kit.state.online)
            kit.client.stop()
        [file] = joined.glob("*/identity.json")
        assert (first in file.read_text(), stat.S_IMODE(file.stat().st_mode)) == (True, 0o600)

        async with person(c.server.port, "Kit", store=ClientStore(joined)) as again:
            assert again.state.sign_in.token == first
            again.state.sign_in.renew(second)
            await until(lambda: second in file.read_text())
            revoked.add("two")
            await until(lambda: isinstance(again.state.status, Ended))
            assert second not in file.read_text()

        refused = Person(c.server.port, "Kit", store=ClientStore(joined))
        await refused.client.run()
        assert isinstance(refused.state.status, Ended)
        assert refused.state.status.token_needed


async def test_a_token_that_is_refused_at_the_next_start_is_forgotten(tmp_path: Path) -> None:
    revoked, joined = RevokedTokens(tmp_path), tmp_path / "joined"
    given = token(name="Kit", jti="one")
    async with chat(tokens=sign_in(revoked=revoked)) as c:
        kit = Person(c.server.port, "Kit", store=ClientStore(joined))
        kit.state.sign_in.token = given
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(kit.client.run())
            await until(lambda: kit.state.online)
            kit.client.stop()
        [file] = joined.glob("*/identity.json")
        assert given in file.read_text()
        revoked.add("one")
        await Person(c.server.port, "Kit", store=ClientStore(joined)).client.run()
        assert given not in file.read_text()
