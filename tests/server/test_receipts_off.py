"""Receipts that somebody has turned off: what they read meanwhile is told nobody."""

from pathlib import Path

from chatdesk.log.disk_store import open_store
from tests.server.chat import chat
from tests.server.test_receipts import counts, joined, names, read, said
from tests.server.test_rooms import ANA, KIT, answer


async def test_what_was_read_with_receipts_off_is_not_told_later_either(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit, ana = await joined(c, "Kit", KIT), await joined(c, "Ana", ANA)
        await said(kit, "before")
        await read(ana, 1)
        await answer(ana, "give_receipts", "receipt_settings", active=False)
        await said(kit, "meanwhile")
        await read(ana, 2)
    async with open_store(tmp_path) as store, chat(store=store) as c:
        kit, ana = await joined(c, "Kit", KIT), await joined(c, "Ana", ANA)
        await answer(ana, "give_receipts", "receipt_settings", active=True)
        await said(kit, "after")
        await read(ana, 3)
        assert [await names(kit, seq) for seq in (2, 3)] == [[], ["Ana"]]
        assert await counts(kit, 2, 3) == {2: 0, 3: 1}
