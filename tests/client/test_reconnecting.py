"""Between a client's visits: who leaves has left."""

import socket

from chatdesk.client.reconnecting import ReconnectingConnection
from chatdesk.client.state import ChatState
from chatdesk.protocol.commands import Join


async def test_who_leaves_in_the_moment_in_which_the_line_breaks_has_left() -> None:
    """And has not lost the chat, which would be a reason to come again."""
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
