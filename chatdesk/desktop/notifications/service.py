"""What shows notifications beside those of other programs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol


class ServiceError(Exception):
    """There is no service, or it does not answer. The message says which, for the log."""


@dataclass(frozen=True, slots=True)
class Listener:
    """What the person does with notifications: each is called with the key of one."""

    clicked: Callable[[str], None]
    dismissed: Callable[[str], None]


class NotificationService(Protocol):
    """Shows at most one notification for each key. All texts are plain."""

    async def show(self, key: str, title: str, body: str) -> None:
        """Show a notification, in place of the one of this key if that is still shown. Raises ServiceError."""

    async def hide(self, key: str) -> None:
        """Take a notification back, if it is still shown. Raises ServiceError."""

    def is_shown(self, key: str) -> bool:
        """Whether a notification of this key is still shown, as far as the service tells."""

    async def close(self) -> None:
        """Take all back, and end."""


OpenNotifications = Callable[[Listener], Awaitable[NotificationService]]
"""Connects to the system's service. Raises ServiceError where there is none."""


async def no_notifications(_: Listener) -> NotificationService:
    """Where none are wanted. Raises ServiceError."""
    raise ServiceError("none are wanted")
