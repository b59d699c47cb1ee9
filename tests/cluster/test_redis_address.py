"""Addresses of Redis: what is wrong with one, or with the certificate of the Redis there, is a sentence."""

import os
import ssl
from pathlib import Path

import pytest

from chatdesk.cluster.redis_store import open_cluster_store
from chatdesk.config import ServerConfig
from chatdesk.log.storage_errors import StoreError
from tests.cluster.redis_groups import free_ports, tls_settings
from tests.cluster.redis_server import running_redis
from tests.reverse_proxy import certificate

NOBODY = "127.0.0.1:1"


async def refusal(address: str, folder: Path) -> str:
    """Why a node with this address does not start."""
    with pytest.raises(StoreError) as refused:
        await open_cluster_store(ServerConfig(cluster=address, data_dir=folder)).__aenter__()
    return refused.value.problem.sentence


@pytest.mark.parametrize(
    ("address", "why"),
    [
        (
            "redis+sentinel://:secret@10.0.0.5",
            "redis+sentinel://10.0.0.5 is no address of a Redis: the name of Sentinel's",
        ),
        ("redis+cluster://?ssl=1", "it names no host. Correct --cluster."),
        ("redis://10.0.0.5?timeout_of_mine=1", "there is no setting 'timeout_of_mine'. Correct --cluster."),
        ("redis://10.0.0.5:port", "'port'"),
        ("rediss+cluster://10.0.0.5?ssl_ca_certs=/no/ca.pem", "there is no file /no/ca.pem. Correct --cluster."),
        (
            f"redis+sentinel://{NOBODY},{NOBODY}/chat",
            "cannot be reached at redis+sentinel://127.0.0.1:1,127.0.0.1:1/chat: ",
        ),
        (f"redis+cluster://u:secret@{NOBODY}", "cannot be reached at redis+cluster://127.0.0.1:1: "),
    ],
)
async def test_an_address_that_cannot_work_is_a_sentence(address: str, why: str, tmp_path: Path) -> None:
    said = await refusal(address, tmp_path)
    assert why in said
    assert "secret" not in said


async def test_a_certificate_is_checked_and_one_that_is_not_accepted_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate(tmp_path)
    authority = tmp_path / "authority.pem"
    [port] = free_ports(1)
    with running_redis("--bind", "127.0.0.1", "--tls-port", str(port), *tls_settings(authority)) as redis:
        encrypted = f"rediss://127.0.0.1:{port}"
        strange = await refusal(encrypted, tmp_path / "a")
        assert "its certificate is not accepted (" in strange
        assert "?ssl_ca_certs=" in strange
        assert "mismatch" in await refusal(f"rediss://localhost:{port}?ssl_ca_certs={authority}", tmp_path / "a")
        config = ServerConfig(cluster=f"{encrypted}?ssl_ca_certs={authority}", data_dir=tmp_path / "b")
        async with open_cluster_store(config) as store:
            assert store.problem is None
        redis.command("CONFIG", "SET", "requirepass", "secret")
        made, context = list[ssl.SSLContext](), ssl.create_default_context()
        monkeypatch.setattr(ssl, "create_default_context", lambda: made.append(context) or context)
        assert "it wants a password, as in " in await refusal(config.cluster, tmp_path / "a")
        assert made == []  # the links before have read the certificates
        os.utime(authority, (0, 0))
        assert "it wants a password, as in " in await refusal(config.cluster, tmp_path / "a")
        assert made == [context]
