"""Asks for what lets the person in, when a chat has ended or has not begun for want of it. Imports no Qt."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from chatdesk.client.changes import Ended
from chatdesk.client.state import ChatState


class Given(NamedTuple):
    """What the person has given; all empty for nothing."""

    token: str = ""
    password: str = ""
    invitation: str = ""


NOTHING_GIVEN = Given()
AskForEntry = Callable[[Ended], Awaitable[Given]]
"""Asks the person for what a chat wants that has refused them."""


async def nothing(_ended: Ended) -> Given:
    """Nobody is there to be asked."""
    return NOTHING_GIVEN


async def take_entry(state: ChatState, ask: AskForEntry) -> bool:
    """Ask for what the host wants; return whether there is something to join with."""
    ended = state.status
    if not isinstance(ended, Ended) or not (ended.token_needed or ended.password_needed or ended.invitation_needed):
        return False
    given = await ask(ended)
    sign_in = state.sign_in
    sign_in.token = given.token or sign_in.token
    sign_in.password, sign_in.invitation = given.password, given.invitation
    return any(given)
