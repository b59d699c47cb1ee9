"""Opens the store of a node that is ordered in Redis."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

from chatdesk.cluster.belonging import Belonging, join_cluster, read_belonging
from chatdesk.cluster.cluster_store import ClusterStore, open_node_store
from chatdesk.cluster.order_link import About, OrderMaker
from chatdesk.cluster.redis_link import ERRORS, PROBLEMS, RedisLink
from chatdesk.config import ServerConfig
from chatdesk.log.retention import Retention
from chatdesk.log.room_log import LogStore, StorageProblem
from chatdesk.log.run_to_completion import run_to_completion
from chatdesk.log.storage_errors import StoreError
from chatdesk.paths import chat_folder

logger = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def open_cluster_store(config: ServerConfig) -> AsyncIterator[LogStore]:
    """The store of a node of ``config.cluster``. Raises StoreError, with a sentence that says what to do."""
    folder = config.data_dir or chat_folder(config.name)
    open_link = partial(RedisLink, config.cluster, config.name)
    belonging: list[Belonging] = []
    await run_to_completion(lambda: belonging.append(read_belonging(folder)))
    place = await _belong(folder, belonging[0], open_link, config.cluster)
    maker = OrderMaker("Redis", open_link, ERRORS, PROBLEMS)
    new_store = partial(ClusterStore, maker, belonging[0]._replace(place=place))
    retention = Retention(config.keep_messages, config.keep_days)
    async with open_node_store(new_store, folder, retention, config.name) as store:
        store.hooks.watch()
        yield store


async def _belong(folder: Path, belonging: Belonging, open_link: Callable[[], RedisLink], url: str) -> int:
    """Make the folder one of the cluster if it is none yet, and return its place. Raises StoreError."""
    try:
        async with open_link() as link:
            for sentence in await link.weak_settings():
                logger.warning(sentence)
            about = await link.about()
            if belonging.place is None and not belonging.used:
                about = about or await link.begin(belonging.server_id, belonging.secret)
    except ERRORS as error:
        if belonging.place is None:
            raise _error(
                f"Redis cannot be reached at {_shown(url)}: {str(error).rstrip('.')}. Start it, or correct --cluster."
            ) from None
        logger.warning("Redis cannot be reached at %s, so the chat is read only until it is back.", _shown(url))
        return belonging.place
    if belonging.place is None:
        return await _join(folder, belonging, about)
    _check(folder, belonging, about)
    return belonging.place


async def _join(folder: Path, belonging: Belonging, about: About | None) -> int:
    if belonging.used or about is None:
        raise _error(
            f"{folder} has the history of a chat of one machine, and cannot join others: give an empty --data-dir."
        )
    await run_to_completion(partial(join_cluster, folder, about.server_id, about.secret))
    return 0


def _check(folder: Path, belonging: Belonging, about: About | None) -> None:
    if about and about.server_id != belonging.server_id:
        raise _error(f"{folder} belongs to another cluster: correct --cluster or --name, or give an empty --data-dir.")


def _error(sentence: str) -> StoreError:
    return StoreError(StorageProblem("cluster", sentence))


def _shown(url: str) -> str:
    """An address without its password, which may be before the host or among the parameters."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"
