"""Asks for a token when a chat has ended, or has not begun, for want of a valid one. Imports no Qt."""

from collections.abc import Awaitable, Callable

from chatdesk.client.changes import Ended
from chatdesk.client.state import ChatState

AskForToken = Callable[[str], Awaitable[str]]
"""Asks the person for a token, saying why; empty if there is none."""


async def no_token(_why: str) -> str:
    """Nobody is there to be asked."""
    return ""


async def take_token(state: ChatState, ask: AskForToken) -> bool:
    """Ask for a token if the host wants one; return whether there is another one to join with."""
    if not isinstance(state.status, Ended) or not state.status.token_needed:
        return False
    token = await ask(state.status.sentence)
    state.sign_in.token = token or state.sign_in.token
    return bool(token)
