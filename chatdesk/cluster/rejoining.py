"""Brings a node back whose history has gone another way than that of the others."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

from chatdesk.cluster.belonging import Belonging, rejoin_cluster
from chatdesk.cluster.order_link import About, OrderLink
from chatdesk.log.run_to_completion import run_to_completion

logger = logging.getLogger(__name__)

_TRIMMED = (
    "Redis does not keep the whole order any more, so nothing can be taken from there: give this machine a backup of"
    " another one, as chat.db in an empty --data-dir."
)
_ASIDE = (
    "The history of this machine had gone another way than that of the others, and is now theirs. The old one is %s:"
    " what it alone has is shown by chatdesk export, once it lies as chat.db in a --data-dir of its own."
)


async def rejoin(link: OrderLink, folder: Path, belonging: Belonging) -> bool:
    """Set the history of a folder aside if others have gone on without it: it follows theirs from the beginning then.

    Returns whether that is so. Raises StoreError, and the errors of the link.
    """
    about = await link.about()
    if about is None or about.server_id != belonging.server_id or not await _has_parted(link, belonging, about):
        return False
    first = await link.read(0)
    if not first or first[0].number != 1:
        logger.error(_TRIMMED)
        return False
    await run_to_completion(partial(_set_aside, folder, about.secret))
    return True


def _set_aside(folder: Path, secret: bytes) -> None:
    logger.warning(_ASIDE, rejoin_cluster(folder, secret))


async def _has_parted(link: OrderLink, belonging: Belonging, about: About) -> bool:
    """Whether others have gone on without what this folder has followed, or it has missed too much.

    What Redis has lost is no reason: a node may put it back.
    """
    if belonging.place is None:
        return belonging.used  # a damaged file was replaced, and its numbers are others now
    if belonging.place > about.number:
        return False
    if belonging.place and await link.key_at(belonging.place) not in (None, belonging.key):
        return True
    following = await link.read(belonging.place) if belonging.place < about.number else []
    return belonging.place < about.number and (not following or following[0].number != belonging.place + 1)
