"""Certificates that are brought along: used, read again when they change, and refused in a sentence."""

import subprocess
from pathlib import Path

import pytest

from chatdesk.certificates import given
from chatdesk.certificates.errors import CertificateError
from chatdesk.certificates.given import GivenCertificates
from tests.reverse_proxy import certificate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    certificate(tmp_path)
    return tmp_path


def test_a_certificate_with_its_key_apart_or_in_the_same_file(folder: Path) -> None:
    apart = GivenCertificates(folder / "cert.pem", folder / "key.pem")
    assert apart.context_for("127.0.0.1").get_ca_certs() == []
    both = folder / "both.pem"
    both.write_bytes((folder / "cert.pem").read_bytes() + (folder / "key.pem").read_bytes())
    assert GivenCertificates(both, None).fingerprint == "", "its authority is elsewhere"


def test_what_cannot_be_used_is_said_in_a_sentence(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    cert, key = folder / "cert.pem", folder / "key.pem"
    other = tmp_path_factory.mktemp("other")
    certificate(other, days=-1)
    locked = folder / "locked.pem"
    subprocess.run(["openssl", "pkey", "-in", key, "-aes256", "-passout", "pass:secret", "-out", locked], check=True)
    for files, reason in (
        ((cert, other / "key.pem"), "belongs to another certificate"),
        ((cert, locked), "has a password"),
        ((cert, None), "has no private key in PEM: give the file of the key with --tls-key"),
        ((cert, folder / "gone.pem"), "cannot be read"),
        ((folder / "gone.pem", key), "given with --tls-cert, cannot be read"),
        ((key, key), "has no certificate in it"),
        ((other / "cert.pem", other / "key.pem"), "no browser takes it any more"),
    ):
        with pytest.raises(CertificateError, match=reason) as error:
            GivenCertificates(*files)
        assert str(error.value).endswith(".")


def test_changed_files_are_used_at_the_next_connection_and_bad_ones_change_nothing(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(given, "_LOOK_SECONDS", -1.0)
    used = GivenCertificates(folder / "cert.pem", folder / "key.pem")
    first = used.context_for("")
    assert used.context_for("") is first
    other = tmp_path_factory.mktemp("other")
    certificate(other)
    (other / "cert.pem").replace(folder / "cert.pem")
    assert used.context_for("") is first, "its key has not come yet"
    assert "is used on" in used.reload()
    (other / "key.pem").replace(folder / "key.pem")
    assert used.context_for("") is not first
