"""A hosted chat for tests, with conversations and other clients."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from chatdesk.client.client import ChatClient
from chatdesk.client.saved_state import ClientStore
from chatdesk.config import ServerConfig
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.hosting import Hosted
from chatdesk.desktop.theme import Theme
from tests.waiting import until

CONFIG = ServerConfig(bind="127.0.0.1", port=0, name="Robotics Workshop", message_rate=0)


@dataclass
class HostedChat:
    """A hosted chat and the clients in it."""

    theme: Theme
    hosted: Hosted
    stack: AsyncExitStack
    notices: list[str] = field(default_factory=list)
    arrivals: list[int] = field(default_factory=list)
    running: list["asyncio.Task[None]"] = field(default_factory=list)

    def open(self, nickname: str = "Mara", *, hosting: bool = False, store: ClientStore | None = None) -> Conversation:
        """Start a conversation."""
        conversation = Conversation(
            self.theme,
            self.hosted.socket_url,
            self.hosted.page_url,
            nickname,
            token=self.hosted.token if hosting else None,
            store=store,
        )
        conversation.first_joined.connect(lambda: self.arrivals.append(1))
        conversation.notice_received.connect(self.notices.append)
        conversation.screen.composer.sent.connect(conversation.client.send)
        self.running.append(asyncio.create_task(conversation.run()))
        return conversation

    async def join(
        self, nickname: str = "Mara", *, hosting: bool = False, store: ClientStore | None = None
    ) -> Conversation:
        conversation = self.open(nickname, hosting=hosting, store=store)
        await until(lambda: conversation.joined)
        return conversation

    async def join_as(self, nickname: str) -> ChatClient:
        """Join as another client, from a browser."""
        client = ChatClient(self.hosted.socket_url, nickname, client="browser", on_changes=lambda _: None)
        self.running.append(asyncio.create_task(client.run()))
        await until(lambda: client.state.online)
        return client

    async def close(self) -> None:
        for task in self.running:
            task.cancel()
        await asyncio.gather(*self.running, return_exceptions=True)
        await self.stack.aclose()
