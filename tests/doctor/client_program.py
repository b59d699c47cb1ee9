"""A program that is in a chat, as a window is: its arguments are the URL of the chat and a nickname."""

import asyncio
import sys

from chatdesk.client.changes import Change, Online, StatusChanged
from chatdesk.client.client import ChatClient


def tell(changes: list[Change]) -> None:
    if any(isinstance(change, StatusChanged) and isinstance(change.status, Online) for change in changes):
        print("joined", flush=True)


async def main(url: str, nickname: str) -> None:
    await ChatClient(url, nickname, on_changes=tell).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
