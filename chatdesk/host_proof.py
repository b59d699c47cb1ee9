"""Whether the program at the chat's port is the chat: only then it is shown the host's token, which opens everything.

While the chat is closed, another user of this computer could listen there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from chatdesk.client.connection import UNTRUSTED, CloseReason, Connection
from chatdesk.client.proof_request import ProofRequest
from chatdesk.protocol import events
from chatdesk.protocol.connection_events import Proof
from chatdesk.terminal.participant import EXIT_NO_ANSWER, TerminalError

_ANSWER_SECONDS = 15.0
SILENT = "The chat does not answer: see whether it is open on this computer."
_FALSE = "What answers at port {} is another chat or program than the one of this history: say its --port."


async def require_proof(
    url: str, token: str, port: int, authority: bytes = b"", place_token: Callable[[], str] | None = None
) -> None:
    """Raises TerminalError unless the server at ``url``, on this computer, proves that it has issued the token.

    ``authority`` is the certificate of the chat's own that it has to show, in DER; empty for one without encryption.
    ``place_token``: see ``Connection``.
    """
    request, connection, answers = ProofRequest([token]), Connection(url, authority, place_token), list[bool]()

    def receive(event: events.Event) -> None:
        endpoint = connection.endpoint
        proven = isinstance(event, Proof) and endpoint and request.proven_token(event, endpoint)
        answers.append(bool(proven))
        connection.close(CloseReason("That is all."))

    connection.send(request.command)
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            reason = await connection.run(receive)
            answers += [False] if reason is UNTRUSTED else []
    except TimeoutError:
        answers.clear()
    if not answers:
        raise TerminalError(SILENT, EXIT_NO_ANSWER)
    if not answers[0]:
        raise TerminalError(_FALSE.format(port), EXIT_NO_ANSWER)
