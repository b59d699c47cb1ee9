"""Opens the store of a node that is ordered in Redis."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from random import SystemRandom
from typing import Protocol

from chatdesk.backoff import Backoff
from chatdesk.cluster.belonging import Belonging, join_cluster, read_belonging
from chatdesk.cluster.cluster_store import ClusterStore, open_node_store
from chatdesk.cluster.order_link import LONGEST_PAUSE_SECONDS, SHORTEST_PAUSE_SECONDS, About, OrderMaker
from chatdesk.cluster.redis_address import RedisAddress, read_address
from chatdesk.cluster.redis_link import ERRORS, PROBLEMS, WAITS_FOR_HISTORY, RedisLink, key_prefix
from chatdesk.cluster.redis_refusal import reason, refusal
from chatdesk.cluster.rejoining import has_parted, rejoin
from chatdesk.cluster.way_back import WayBackSearch
from chatdesk.config import ServerConfig
from chatdesk.log.lock import FolderLock
from chatdesk.log.log_store import LogStore
from chatdesk.log.retention import Retention
from chatdesk.log.room_log import StorageProblem
from chatdesk.log.run_to_completion import run_to_completion
from chatdesk.log.storage_errors import StoreError
from chatdesk.paths import chat_folder

logger = logging.getLogger(__name__)

_UNKNOWN = (
    "Redis at {} has what was said in a chat called {}, but not whose it is any more: bring its file back, or give"
    " another --name."
)
_NOT_COMPARED = "The history stays as it is, as it could not be compared with that of the others: %s."
_INTERRUPTED = (
    "Redis has gone away (%s) before the history of this machine was replaced by that of the others. That begins again"
    " as soon as Redis answers; until then nobody can join here."
)
_STABLE_SECONDS = 5.0
"""A link that has ended after more than this was no failed attempt."""


class NodeAuthority(Protocol):
    """The key of its own by which clients recognise a node, with its certificate, in PEM. Raises CertificateError."""

    def own(self, server_id: str) -> bytes:
        """Return the one that this node has, or a new one for the chat of this id."""

    def take(self, pem: bytes) -> None:
        """From now on, have this one, which is that of all nodes."""


@contextlib.asynccontextmanager
async def open_cluster_store(config: ServerConfig, authority: NodeAuthority | None = None) -> AsyncIterator[LogStore]:
    """The store of a node of ``config.cluster``, whose ``authority`` it shares with the others while Redis is there.

    Raises StoreError, with a sentence that says what to do.
    """
    folder = config.data_dir or chat_folder(config.name)
    try:
        address = read_address(config.cluster, config.name)
    except ValueError as error:
        raise _error(f"{_shown(config.cluster)} is no address of a Redis: {error}. Correct --cluster.") from None
    belonging = await _read(folder, config, address)
    place = await _belong(folder, belonging, config, address, authority)
    problems = PROBLEMS._replace(apart=WAITS_FOR_HISTORY) if config.rejoin else PROBLEMS
    refused = partial(refusal, prefix=key_prefix(config.name))
    maker = OrderMaker("Redis", partial(_open_link, address, config.name), ERRORS, problems, refused)
    new_store = partial(ClusterStore, maker, belonging._replace(place=place))
    retention = Retention(config.keep_messages, config.keep_days)
    async with open_node_store(new_store, folder, retention, config.name) as store:
        store.hooks.watch()
        async with _searching(store.way_back_search) if config.rejoin else contextlib.nullcontext():
            yield store


@contextlib.asynccontextmanager
async def _searching(search: WayBackSearch) -> AsyncIterator[None]:
    task = asyncio.create_task(search.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextlib.asynccontextmanager
async def _open_link(address: RedisAddress, chat: str) -> AsyncIterator[RedisLink]:
    """A link to the Redis that is the primary now. Raises ERRORS, also in groups."""
    primary = await address.primary()
    async with RedisLink(primary, chat) as link, address.watching(primary):
        yield link


async def _read(folder: Path, config: ServerConfig, address: RedisAddress) -> Belonging:
    """Whose folder it is, after it has begun again where it has to. Raises StoreError."""
    belonging = await run_to_completion(partial(read_belonging, folder))
    if not config.rejoin:
        return belonging
    try:
        async with RedisLink(await address.primary(), config.name) as link:
            if not await has_parted(link, belonging):
                return belonging
    except ERRORS as error:
        logger.warning(_NOT_COMPARED, reason(error, key_prefix(config.name)))
        return belonging
    with contextlib.closing(FolderLock(folder)):
        await _rejoin(folder, belonging, config, address)
    return await run_to_completion(partial(read_belonging, folder))


async def _rejoin(folder: Path, belonging: Belonging, config: ServerConfig, address: RedisAddress) -> None:
    """Try it until no link ends meanwhile: the others go on, and this one could only be read. Raises StoreError."""
    clock = asyncio.get_running_loop().time
    backoff = Backoff(SystemRandom(), SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
    while True:
        begun_at = clock()
        try:
            async with RedisLink(await address.primary(), config.name) as link:
                return await rejoin(link, folder, belonging)
        except ERRORS as error:
            if clock() - begun_at > _STABLE_SECONDS:
                backoff.reset()
            if not backoff.attempt:
                logger.warning(_INTERRUPTED, reason(error, key_prefix(config.name)))
        await asyncio.sleep(backoff.next())


async def _belong(
    folder: Path, belonging: Belonging, config: ServerConfig, address: RedisAddress, authority: NodeAuthority | None
) -> int:
    """Make the folder one of the cluster if it is none yet, and return its place. Raises StoreError."""
    try:
        async with RedisLink(await address.primary(), config.name) as link:
            for sentence in await link.weak_settings():
                logger.warning(sentence)
            about = await link.about()
            if belonging.place is None and not belonging.used:
                about = about or await link.begin(belonging.server_id, belonging.secret)
                if about is None:
                    raise _error(_UNKNOWN.format(_shown(config.cluster), config.name))
            if authority and about and _fits(belonging, about):
                authority.take(await link.keep_authority(authority.own(about.server_id)))
    except ERRORS as error:
        why = reason(error, key_prefix(config.name))
        sentence = f"Redis cannot be reached at {_shown(config.cluster)}: {why}."
        if belonging.place is None:
            raise _error(f"{sentence} Start it, or correct --cluster.") from None
        logger.warning("%s The chat is read only until it is back.", sentence)
        return belonging.place
    if belonging.place is None:
        return await _join(folder, belonging, about)
    _check(folder, belonging, about)
    return belonging.place


async def _join(folder: Path, belonging: Belonging, about: About | None) -> int:
    if belonging.used and about and about.server_id == belonging.server_id:
        raise _error(f"The file in {folder} was damaged, and does not fit those of the others any more: add --rejoin.")
    if belonging.used or about is None:
        raise _error(
            f"{folder} has the history of a chat of one machine, and cannot join others: give an empty --data-dir."
        )
    await run_to_completion(partial(join_cluster, folder, about.server_id, about.secret))
    return 0


def _fits(belonging: Belonging, about: About) -> bool:
    """Whether the folder belongs to this cluster, or will."""
    return not belonging.used if belonging.place is None else about.server_id == belonging.server_id


def _check(folder: Path, belonging: Belonging, about: About | None) -> None:
    if about and not _fits(belonging, about):
        raise _error(f"{folder} belongs to another cluster: correct --cluster or --name, or give an empty --data-dir.")


def _error(sentence: str) -> StoreError:
    return StoreError(StorageProblem("cluster", sentence))


def _shown(url: str) -> str:
    """An address without its password, which may be before the host or among the parameters."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"
