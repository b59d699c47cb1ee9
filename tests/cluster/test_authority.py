"""Nodes of one cluster have one authority: who has compared the key of one of them knows all."""

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatdesk.certificates.errors import CertificateError
from chatdesk.certificates.own import AUTHORITY_FILE, OwnCertificates
from chatdesk.client.tls import trusting_context
from chatdesk.cluster.redis_store import open_cluster_store
from chatdesk.config import ServerConfig
from chatdesk.encryption import SharedAuthority, open_certificates
from chatdesk.log.storage_errors import StoreError


@pytest.fixture
def certificates_of(address: str, chat_name: str, tmp_path: Path) -> Callable[..., Any]:
    """Starts a node in this folder, on a machine of this name, and ends it; returns its certificates."""

    async def start(folder: str, machine: str, name: str = chat_name) -> OwnCertificates:
        place = tmp_path / folder
        config = ServerConfig(name=name, data_dir=place, cluster=address, tls=True, allow_host=(machine,))
        async with open_cluster_store(config, SharedAuthority(config, place, lambda: ["10.0.0.7"])) as store:
            found = open_certificates(config, place, store.server_id, lambda: ["10.0.0.7"])
            assert isinstance(found, OwnCertificates)
            return found

    return start


def is_trusted(node: OwnCertificates, authority: bytes) -> bool:
    """Whether a client that has compared this authority goes on at a node, by what both send."""
    to_node, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = node.context_for("10.0.0.7").wrap_bio(to_node, to_client, server_side=True)
    client = trusting_context(authority).wrap_bio(to_client, to_node)
    for side in (client, server, client):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLCertVerificationError:
            return False
    return True


async def test_who_knows_one_node_knows_all_whatever_their_machines_are_called(
    certificates_of: Callable[..., Any],
) -> None:
    first, second = await certificates_of("a", "alder"), await certificates_of("b", "birch")
    assert first.fingerprint == second.fingerprint
    for node in (first, second):
        for known in (first, second):
            assert is_trusted(node, known.authority)
    again = await certificates_of("b", "birch")
    assert again.authority == second.authority


async def test_a_folder_that_belongs_elsewhere_keeps_its_key(
    certificates_of: Callable[..., Any], chat_name: str, tmp_path: Path
) -> None:
    await certificates_of("a", "alder")
    own = (tmp_path / "a" / AUTHORITY_FILE).read_bytes()
    await certificates_of("b", "birch", f"{chat_name} 2")
    with pytest.raises(StoreError, match="belongs to another cluster"):
        await certificates_of("a", "alder", f"{chat_name} 2")
    assert (tmp_path / "a" / AUTHORITY_FILE).read_bytes() == own
    (tmp_path / "a" / AUTHORITY_FILE).write_text("nothing")
    with pytest.raises(CertificateError, match="has no key of a chat in it"):
        await certificates_of("a", "alder")
