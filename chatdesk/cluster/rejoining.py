"""Brings a node back whose history has gone another way than that of the others, or has missed too much of it.

It follows the whole order again. Where Redis does not keep all of that any more, another node gives a copy of its
history, which is followed from there on.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from functools import partial
from pathlib import Path

from chatdesk.cluster.belonging import Belonging, file_errors, prepare_copy, rejoin_cluster, rejoin_with_copy
from chatdesk.cluster.history_giver import OFFER, Part, ask_for, read_part
from chatdesk.cluster.linked_channel import GIVES_HISTORY, WANTS_HISTORY, Message, new_node, read_message
from chatdesk.cluster.order_link import About, OrderLink
from chatdesk.log.database import new_unfinished
from chatdesk.log.lock import FolderLock
from chatdesk.log.run_to_completion import run_to_completion

logger = logging.getLogger(__name__)

_OFFER_SECONDS = 5.0
"""Others that are open answer at once."""
_PART_SECONDS = 300.0
"""The first part comes once the copy is made: for a gigabyte that takes a minute on a slow disk."""
_TAKING = (
    "Redis does not keep the whole order any more: the history is taken from another machine, which may take a while."
)
_NOBODY = (
    "The history of another machine cannot be taken (%s): start one whose history fits, and then this one again, or"
    " give it a backup of another one, as chat.db in an empty --data-dir."
)
_ASIDE = (
    "The history of this machine did not fit that of the others any more, and is now theirs. The old one is %s:"
    " what it alone has is shown by chatdesk export, once it lies as chat.db in a --data-dir of its own."
)


async def rejoin(link: OrderLink, folder: Path, belonging: Belonging) -> bool:
    """Set the history of a folder aside if others have gone on without it, or it has missed too much: it takes theirs.

    Returns whether that is so. Raises StoreError, and the errors of the link.
    """
    about, is_new = await link.about(), belonging.place is None and not belonging.used
    if about is None or not (is_new or about.server_id == belonging.server_id):
        return False
    if not await _has_parted(link, belonging, about):
        return False
    first = await link.read(0)
    try:
        if first and first[0].number == 1:
            aside = await run_to_completion(partial(rejoin_cluster, folder, about.secret))
        else:
            aside = await _take_history(link, folder, belonging, about)
    except (TimeoutError, ValueError) as error:
        logger.error(_NOBODY, str(error) or "none answers")
        return False
    if not is_new:
        logger.warning(_ASIDE, aside)
    return True


async def _take_history(link: OrderLink, folder: Path, belonging: Belonging, about: About) -> Path:
    """Raises TimeoutError if no other node gives its history, and ValueError for one that does not fit."""
    with contextlib.closing(FolderLock(folder)):
        with file_errors(folder):
            file = new_unfinished(folder)
        await _receive(link, folder, file)
        with file_errors(folder):
            prepare = partial(prepare_copy, folder, file, about.server_id, belonging.waiting)
            copy = await run_to_completion(prepare)
        if await link.key_at(copy.place or 0) != copy.key:
            raise ValueError("it is not that of the others")
        with file_errors(folder):
            return await run_to_completion(partial(rejoin_with_copy, folder, belonging))


async def _receive(link: OrderLink, folder: Path, file: Path) -> None:
    node = new_node()
    await link.listen(node)
    offer = await _ask(link, node, "", OFFER)
    logger.warning(_TAKING)
    start, size = 0, 1
    with file.open("wb") as copy:
        while start < size:
            answer = await _ask(link, node, offer.node, ask_for(start))
            part = read_part(answer.told) or Part(start, 0, b"")
            if not part.content:
                raise ValueError("the log of the one that was asked says why")
            with file_errors(folder):
                copy.write(part.content)
            start, size = start + len(part.content), part.size
        with file_errors(folder):
            copy.flush()
            os.fsync(copy.fileno())


async def _ask(link: OrderLink, node: str, giver: str, asked: bytes) -> Message:
    """Ask a node, or all of them, and return the answer; late ones to what was asked before are passed over."""
    await link.tell(Message(WANTS_HISTORY, node, asked).encode(), giver)
    async with asyncio.timeout(_PART_SECONDS if asked else _OFFER_SECONDS):
        while True:
            answer = read_message(await link.hear())
            if answer.kind == GIVES_HISTORY and giver in ("", answer.node) and bool(asked) == bool(answer.told):
                return answer


async def _has_parted(link: OrderLink, belonging: Belonging, about: About) -> bool:
    """Whether others have gone on without what this folder has followed, or it has missed too much.

    What Redis has lost is no reason: a node may put it back.
    """
    if belonging.place is None and belonging.used:
        return True  # a damaged file was replaced, and its numbers are others now
    place = belonging.place or 0
    if place >= about.number:
        return place == about.number > 0 and await link.key_at(place) not in (None, belonging.key)
    if place and await link.key_at(place) not in (None, belonging.key):
        return True
    following = await link.read(place)
    return not following or following[0].number != place + 1
