"""The parts of a server, as its configuration asks for them: each is loaded where it is needed, and only there."""

from __future__ import annotations

import contextlib
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chatdesk.config import ServerConfig
from chatdesk.desktop.hosting import HostError
from chatdesk.discovery.networks import own_networks
from chatdesk.given_file import everybody_reads
from chatdesk.log.log_store import LogStore
from chatdesk.paths import chat_folder
from chatdesk.server.auth import TokenSignIn
from chatdesk.server.debug_secret import DebugSecretError, read_secret
from chatdesk.workers.alone import open_alone

if TYPE_CHECKING:
    from chatdesk.cluster.redis_store import NodeAuthority
    from chatdesk.encryption import Certificates
    from chatdesk.workers.worker_store import WorkerOf

logger = logging.getLogger(__name__)

_READABLE_BY_ALL = (
    "Every user of this computer can read the secret in %s, given with %s: let only the one who runs the chat read it, "
    "as with chmod 600."
)
_NEEDS_LINUX = (
    "Several processes have served this chat on Linux, and were killed before all was in its file: start it there "
    "once, and end it with Ctrl-C."
)


def open_store(config: ServerConfig, worker: WorkerOf | None) -> contextlib.AbstractAsyncContextManager[LogStore]:
    """The store of all messages. Raises HostError where the program was packed without the client of Redis."""
    if worker:
        from chatdesk.workers.worker_store import open_worker_store

        return open_worker_store(config, worker)
    if not config.cluster:
        return open_alone(config, None if config.in_memory else chat_folder_of(config), _catch_up)
    try:
        from chatdesk.cluster.redis_store import open_cluster_store  # only a node waits half a second for it
    except ModuleNotFoundError:
        raise HostError("This package of ChatDesk has no client of Redis: for --cluster, start it with uv.") from None
    return open_cluster_store(config, _node_authority(config))


async def _catch_up(config: ServerConfig, folder: Path) -> None:
    if sys.platform != "linux":
        raise HostError(_NEEDS_LINUX)
    from chatdesk.workers.leaving import catch_up  # only after a crash

    await catch_up(config, folder)


def open_sign_in(config: ServerConfig) -> TokenSignIn | None:
    """The sign-in with tokens, if the chat has one. Raises HostError for a key that cannot be used."""
    if not config.jwt_key:
        return None
    from chatdesk.server import jwt_sign_in  # cryptography takes a quarter of a second, and few chats have a sign-in

    try:
        return jwt_sign_in.open_sign_in(config, None if config.in_memory else chat_folder_of(config))
    except jwt_sign_in.KeyFileError as error:
        raise HostError(str(error)) from None


def check_debug_secret(config: ServerConfig) -> None:
    """Raises HostError for a --debug-secret that would open nothing."""
    try:
        if config.debug_secret:
            read_secret(config.debug_secret)
    except DebugSecretError as error:
        raise HostError(str(error)) from None


def warn_of_open_secrets(config: ServerConfig) -> None:
    """Say which secrets of the chat every user of this computer may read."""
    key = config.tls_key or config.tls_cert
    secrets = {"--debug-secret": config.debug_secret, "--password-file": config.password_file, "--tls-key": key}
    if config.jwt_key and "://" not in config.jwt_key:
        from chatdesk.server.jwt_keys import may_sign

        secrets["--jwt-key"] = Path(config.jwt_key) if may_sign(Path(config.jwt_key)) else None
    for option, file in secrets.items():
        if file and everybody_reads(file):
            logger.warning(_READABLE_BY_ALL, file, option)


def chat_folder_of(config: ServerConfig) -> Path:
    """Where the history of a chat lies."""
    return config.data_dir or chat_folder(config.name)


def open_certificates(config: ServerConfig, server_id: str) -> Certificates | None:
    """The certificates of an encrypted chat; None for another. Raises CertificateError."""
    if not config.encrypted:
        return None
    from chatdesk import encryption  # only an encrypted chat waits a fifth of a second for it

    return encryption.open_certificates(config, chat_folder_of(config), server_id, own_addresses)


def _node_authority(config: ServerConfig) -> NodeAuthority | None:
    """The key that a node has of its own; None where it has none, or brings a certificate that was given."""
    if not config.encrypted or config.tls_cert:
        return None
    from chatdesk import encryption

    return encryption.SharedAuthority(config, chat_folder_of(config), own_addresses)


def own_addresses() -> list[str]:
    """The addresses of this machine, the one to share with others first."""
    return [address for network in own_networks() for address in network.addresses]
