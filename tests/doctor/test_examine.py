"""The order of an examination and its reports, on loopback, without other devices."""

import pytest

from chatdesk.certificates.own import OwnCertificates
from chatdesk.doctor import diagnose_address, diagnose_host
from chatdesk.doctor.examine import examine_address, examine_host
from chatdesk.doctor.report import Finding, Verdict
from chatdesk.server.http.static_files import page_files
from tests.server.chat import chat


@pytest.fixture(autouse=True)
def real_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Browsers need the real page."""
    monkeypatch.setattr("tests.server.chat.FILES", page_files())


JUDGED_AT_ONCE = {"addresses", "clock", "network"}
"""These checks observe nothing of their own."""


def assert_reported_in_order(told: list[Finding], checks: list[str]) -> None:
    expected = [check for check in checks for _ in range(1 if check in JUDGED_AT_ONCE else 2)]
    assert [finding.check for finding in told] == expected
    settled = [finding for finding in told if finding.verdict is not Verdict.UNDERWAY]
    assert [finding.check for finding in settled] == checks
    assert all(finding.sentence for finding in settled)


async def test_each_check_is_reported_before_and_after() -> None:
    told: list[Finding] = []
    async with chat() as c:
        report = await examine_address(f"127.0.0.1:{c.server.port}", [], told.append)
    assert_reported_in_order(told, list(diagnose_address.TITLES))
    assert [finding for finding in told if finding.verdict is not Verdict.UNDERWAY] == list(report.findings)
    assert report.diagnosis.check == "fine"
    assert report.fine


async def test_a_chat_with_a_certificate_of_its_own_is_one_and_how_to_trust_it_is_said() -> None:
    own = OwnCertificates(None, "Robotics", "3f6b1c05d2a94e78", lambda: ["127.0.0.1"])
    async with chat(certificates=own) as c:
        report = await examine_address(f"https://127.0.0.1:{c.server.port}", [], lambda _finding: None)
        assert report.diagnosis.check == "untrusted"
        assert "It is ChatDesk" in next(it.sentence for it in report.findings if it.check == "answer")
        assert f"http://127.0.0.1:{c.server.port}/ca " in report.diagnosis.remedies[0].sentence
        assert not [it for it in report.findings if "not known" in it.sentence or "not compared" in it.sentence]


async def test_the_host_is_authorized_by_its_token() -> None:
    told: list[Finding] = []
    async with chat() as c:
        believed = await examine_host(c.server.port, [], told.append, c.server.host_token)
        refused = await examine_host(c.server.port, [], lambda _finding: None, "guess")
    assert_reported_in_order(told, list(diagnose_host.TITLES))
    sentences = [
        next(finding.sentence for finding in report.findings if finding.check == "others")
        for report in (believed, refused)
    ]
    assert sentences[0].startswith("Nobody is connected from another device")
    assert sentences[1].startswith("Only the host can ask them")
    assert believed.diagnosis.check == "no-network"
