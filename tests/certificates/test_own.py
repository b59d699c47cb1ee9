"""The chat's own authority: what it may vouch for, how long, and that it stays the same through all renewals."""

import contextlib
import datetime
import ssl
import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from chatdesk.certificates import own as module
from chatdesk.certificates.authority import Authority, issue, new_authority, reissued
from chatdesk.certificates.common import CERTIFICATE_FILE, CommonCertificate
from chatdesk.certificates.errors import CertificateError
from chatdesk.certificates.own import AUTHORITY_FILE, OwnCertificates, key_fingerprint
from chatdesk.certificates.words import fingerprint, key_words, word_list

NAMES = ["127.0.0.1", "192.168.4.20", "mara-pc", "mara-pc.local", "fe80::1"]


def leaf(authority: Authority, names: list[str]) -> x509.Certificate:
    return x509.load_pem_x509_certificates(issue(authority, names)[0])[0]


def is_accepted(authority: Authority, certificate: x509.Certificate, name: str) -> bool:
    """By an implementation of RFC 5280 that is not OpenSSL."""
    builder = PolicyBuilder().store(Store([authority.certificate]))
    try:
        builder.build_server_verifier(x509.DNSName(name)).verify(certificate, [])
    except VerificationError:
        return False
    return True


def extension[Kind: x509.ExtensionType](certificate: x509.Certificate, kind: type[Kind]) -> Kind:
    return certificate.extensions.get_extension_for_class(kind).value


def test_the_authority_can_vouch_for_servers_of_private_networks_and_for_nothing_else() -> None:
    authority = new_authority("Robotics", "3f6b", NAMES)
    certificate = authority.certificate
    assert extension(certificate, x509.BasicConstraints) == x509.BasicConstraints(ca=True, path_length=0)
    assert certificate.extensions.get_extension_for_class(x509.NameConstraints).critical
    assert list(extension(certificate, x509.ExtendedKeyUsage)) == [ExtendedKeyUsageOID.SERVER_AUTH]
    for name in ("10.1.2.3", "192.168.4.20", "100.64.3.2", "fd00::5", "mara-pc", "x.local"):
        assert authority.covers(name), name
    for name in ("8.8.8.8", "2001:db8::1", "example.com", "bank.example", "notlocal", "mara-pc.example.com"):
        assert not authority.covers(name), name


def test_what_it_may_not_vouch_for_is_refused_even_if_somebody_steals_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    authority = new_authority("Robotics", "3f6b", NAMES)
    assert is_accepted(authority, leaf(authority, ["mara-pc.local"]), "mara-pc.local")
    monkeypatch.setattr(Authority, "covers", lambda _self, _name: True)
    assert not is_accepted(authority, leaf(authority, ["bank.example"]), "bank.example")


def test_a_certificate_ends_before_phones_refuse_its_length_and_begins_early_for_slow_clocks() -> None:
    certificate = leaf(new_authority("Robotics", "3f6b", NAMES), NAMES)
    length = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert length < datetime.timedelta(days=398)
    assert certificate.not_valid_before_utc < datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    names = extension(certificate, x509.SubjectAlternativeName)
    assert set(names.get_values_for_type(x509.DNSName)) == {"mara-pc", "mara-pc.local"}
    assert set(map(str, names.get_values_for_type(x509.IPAddress))) == {"127.0.0.1", "192.168.4.20", "fe80::1"}


def test_the_key_is_kept_for_its_owner_alone_and_is_the_same_at_the_next_start(tmp_path: Path) -> None:
    first = OwnCertificates(tmp_path, "Robotics", "3f6b", lambda: NAMES)
    assert stat.S_IMODE((tmp_path / AUTHORITY_FILE).stat().st_mode) == 0o600
    second = OwnCertificates(tmp_path, "Another name", "3f6b", lambda: NAMES)
    assert first.authority == second.authority
    assert [path.name for path in tmp_path.iterdir()] == [AUTHORITY_FILE]


def test_without_a_disk_every_start_has_a_new_key() -> None:
    prints = {OwnCertificates(None, "Robotics", "3f6b", lambda: NAMES).fingerprint for _ in range(2)}
    assert len(prints) == 2


def test_an_address_that_comes_is_covered_when_somebody_comes_to_it() -> None:
    names = list(NAMES)
    own = OwnCertificates(None, "Robotics", "3f6b", lambda: names)
    first = own.context_for("192.168.4.20")
    assert own.context_for("127.0.0.1") is first
    names.append("10.7.7.7")
    second = own.context_for("10.7.7.7")
    assert second is not first
    assert own.context_for("10.7.7.7") is second
    own.set_announced_name("robotics.local.")
    assert own.context_for("10.7.7.7") is not second


def test_what_one_process_renews_all_show(tmp_path: Path) -> None:
    names = list(NAMES)
    first, second = (
        OwnCertificates(tmp_path, "Robotics", "3f6b", lambda: names, CommonCertificate(tmp_path)) for _ in range(2)
    )

    def shown() -> list[bytes]:
        return [presented(own.context_for("127.0.0.1")) for own in (first, second)]

    before = shown()
    assert before[0] == before[1]
    first.set_announced_name("robotics.local.")
    after_name = shown()
    assert after_name[0] == after_name[1] != before[0]
    for own in (second, first):
        own.context_for("8.8.8.8")  # for which it may not vouch
    settled = shown()
    assert settled[0] == settled[1]
    assert [presented(own.context_for("8.8.8.8")) for own in (second, first)] == settled  # they do not renew by turns
    first.reload()
    names[:] = ["127.0.0.1", "131.220.4.5"]
    second.context_for("131.220.4.5")
    wider = shown()
    assert wider[0] == wider[1] != settled[0]
    assert first.authority == second.authority
    assert stat.S_IMODE((tmp_path / CERTIFICATE_FILE).stat().st_mode) == 0o600
    third = OwnCertificates(tmp_path, "Robotics", "3f6b", lambda: names, CommonCertificate(tmp_path))
    assert presented(third.context_for("127.0.0.1")) == wider[0]
    (tmp_path / AUTHORITY_FILE).unlink()
    fourth = OwnCertificates(tmp_path, "Robotics", "3f6b", lambda: names, CommonCertificate(tmp_path))
    assert fourth.fingerprint != first.fingerprint
    assert presented(fourth.context_for("127.0.0.1")) != wider[0]


def test_a_process_does_not_wait_for_one_that_hangs_while_it_renews(tmp_path: Path) -> None:
    names = list(NAMES)
    own = OwnCertificates(tmp_path, "Robotics", "3f6b", lambda: names, CommonCertificate(tmp_path))
    before = (tmp_path / CERTIFICATE_FILE).read_bytes()
    names.append("10.7.7.7")
    with CommonCertificate(tmp_path).alone() as alone:
        assert alone
        shown = presented(own.context_for("10.7.7.7"))
        assert shown != presented_by(before)
        assert (tmp_path / CERTIFICATE_FILE).read_bytes() == before
    CommonCertificate(tmp_path).write(before)  # what the other one has made, without that address
    assert presented(own.context_for("127.0.0.1")) == presented_by(before)


def presented_by(pem: bytes) -> bytes:
    """The certificate that is first in a file of certificates."""
    return x509.load_pem_x509_certificates(pem)[0].public_bytes(serialization.Encoding.DER)


def presented(context: ssl.SSLContext) -> bytes:
    """The certificate that a server with this context shows."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client_context.check_hostname = False
    client_context.verify_mode = ssl.CERT_NONE
    server = context.wrap_bio(to_server, to_client, server_side=True)
    client = client_context.wrap_bio(to_client, to_server)
    for side in (client, server, client):
        with contextlib.suppress(ssl.SSLWantReadError):
            side.do_handshake()
    return client.getpeercert(binary_form=True) or b""


def test_a_certificate_near_its_end_is_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    own = OwnCertificates(None, "Robotics", "3f6b", lambda: NAMES)
    first = own.context_for("127.0.0.1")
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=61)
    monkeypatch.setattr(module, "_now", lambda: later)
    assert own.context_for("127.0.0.1") is not first


def test_in_a_network_of_public_addresses_the_same_key_gets_a_wider_certificate(tmp_path: Path) -> None:
    names = ["127.0.0.1", "192.168.4.20"]
    own = OwnCertificates(tmp_path, "Robotics", "3f6b", lambda: names)
    before = own.authority
    names[:] = ["127.0.0.1", "131.220.4.5"]
    own.context_for("131.220.4.5")
    assert own.authority != before
    assert own.fingerprint == OwnCertificates(tmp_path, "Robotics", "3f6b", lambda: names).fingerprint
    assert own._authority.covers("131.220.4.5")
    assert own._authority.covers("192.168.4.20")
    assert not own._authority.covers("131.220.4.6")


def test_a_certificate_that_is_wider_is_of_the_same_key() -> None:
    authority = new_authority("Robotics", "3f6b", NAMES)
    wider = reissued(authority, ["chat.example.org"])
    assert key_fingerprint(wider) == key_fingerprint(authority)
    assert wider.covers("chat.example.org")
    assert wider.covers("mara-pc")


def test_a_damaged_key_is_a_sentence_and_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / AUTHORITY_FILE).write_text("nothing")
    with pytest.raises(CertificateError, match="has no key of a chat in it"):
        OwnCertificates(tmp_path, "Robotics", "3f6b", lambda: NAMES)
    assert (tmp_path / AUTHORITY_FILE).read_text() == "nothing"


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CertificateError, match="cannot be kept or read"):
        OwnCertificates(tmp_path / "file", "Robotics", "3f6b", lambda: NAMES)


def test_names_that_no_certificate_can_have_do_no_harm() -> None:
    own = OwnCertificates(
        None, "Łódź \u202e\n" * 20, "3f6b", lambda: ["127.0.0.1", "fe80::2%eth0", "łódź.local", "", "a" * 300]
    )
    assert own.context_for("127.0.0.1")


def test_four_words_tell_keys_apart_and_are_known_by_their_first_letters() -> None:
    words = {key_words(fingerprint(bytes([number]))) for number in range(8)}
    assert len(words) == 8
    assert {len(four) for four in words} == {4}
    assert len({word[:4] for word in word_list()}) == 2048
    assert key_words("00" * 32) == ("charge", "winner", "visual", "old"), "what people have compared stays"
