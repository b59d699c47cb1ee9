"""Leaving between two connections is leaving."""

import socket

from chatdesk.client.reconnecting import ReconnectingConnection
from chatdesk.client.state import ChatState
from chatdesk.protocol.commands import Join


async def test_leaving_at_the_moment_of_a_loss_is_leaving() -> None:
    """The chat is not lost, which would be a reason to reconnect."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    def leave() -> None:
        connection.stop()

    connection = ReconnectingConnection(
        f"ws://127.0.0.1:{port}/ws",
        ChatState("Kit"),
        first_command=lambda: Join("Kit"),
        on_changes=lambda _: None,
        on_disconnect=leave,
    )
    end = await connection.run(lambda _: None)
    assert (end.sentence, end.may_reconnect) == ("You have left the chat.", False)
