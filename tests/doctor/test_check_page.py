"""The test page, and the page of a chat that is asked to call, in a real browser on another computer."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.doctor.network_lab import GUEST, HOST, PORT, ROOT, NetworkLab, settle
from tests.netns import Machine

pytestmark = pytest.mark.browser

PHONE = [sys.executable, "-m", "tests.doctor.browser_program"]


def checked(lab: NetworkLab, *screens: str, machine: Machine | None = None) -> dict[str, Any]:
    """The results of the test page on these screens of the guest's computer, or of another one."""
    page = f"http://{HOST}:{PORT}/check"
    computer = machine or lab.guest
    settle(computer)
    done = computer.run([*PHONE, page, *screens], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    results: dict[str, Any] = json.loads(done.stdout)
    assert set(results) == set(screens)
    return results


def assert_fit_to_be_seen(result: dict[str, Any], screen: str) -> None:
    """It fits the screen, has large buttons and enough contrast, and follows the theme of the system."""
    assert (result["sideways"], result["small"], result["weak"]) == (0, 0, []), screen
    assert result["theme"] == screen.split()[-1]


def test_a_phone_sees_by_which_address_it_reaches_the_chat_and_so_does_the_host(lab: NetworkLab) -> None:
    lab.host.plug(lab.networks.lan(), "10.8.0.2/24", name="tun0")
    lab.serve()
    for screen, result in checked(lab, "phone, light", "wide, dark").items():
        assert result["verdict"] == "This device reaches the chat, but not by every address."
        assert result["addresses"] == [f"{HOST}:{PORT}\nWorks", f"10.8.0.2:{PORT}\nDoes not work"]
        assert f"{HOST}:{PORT}" in result["advice"][0]
        assert result["clock"] == []
        assert set(result["complaints"]) <= {"Failed to load resource: net::ERR_ADDRESS_UNREACHABLE"}
        assert_fit_to_be_seen(result, screen)
    host = lab.examine_host()
    assert f"Test page ({GUEST}): reaches {HOST}." in host.line("Other devices")
    assert host.code == 0


def test_a_browser_that_is_too_old_for_the_page_is_not_out_of_reach(lab: NetworkLab) -> None:
    other = lab.networks.lan()
    lab.host.plug(other, "10.77.2.2/24")
    lab.guest.plug(other, "10.77.2.3/24")
    lab.serve()
    settle(lab.guest)
    page = f"http://{HOST}:{PORT}/check"
    done = lab.guest.run([*PHONE, page, "too old"], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert "too old" in done.stdout
    assert f"Test page ({GUEST}): reaches {HOST} and 10.77.2.2." in lab.examine_host().line("Other devices")


def test_where_all_is_well_the_page_says_no_more_and_a_wrong_clock_is_told(lab: NetworkLab) -> None:
    lab.serve(shift="+3h")
    for screen, result in checked(lab, "phone, dark", "wide, light").items():
        assert result["verdict"] == "This device reaches the chat."
        assert result["advice"] == result["complaints"] == []
        assert result["clock"] == ["This device's clock is 3 hours behind the host's: one of them is wrong."]
        assert_fit_to_be_seen(result, screen)


def test_on_the_hosts_own_computer_the_page_proves_nothing_and_says_so(lab: NetworkLab) -> None:
    lab.serve()
    (result,) = checked(lab, "wide, dark", machine=lab.host).values()
    assert result["verdict"] == "This is the computer that hosts the chat."
    assert result["advice"] == ["Open this page on a phone or another computer."]
    assert "Nobody is connected from another device" in lab.examine_host().line("Other devices")


def test_the_page_of_the_chat_calls_when_the_host_asks(lab: NetworkLab) -> None:
    other = lab.networks.lan()
    lab.host.plug(other, "10.77.2.2/24")
    lab.guest.plug(other, "10.77.2.3/24")
    lab.serve()
    settle(lab.guest)
    phone = lab.guest.popen([*PHONE, f"http://{HOST}:{PORT}"], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert phone.stdout
    assert phone.stdout.readline() == "joined\n"
    host = lab.examine_host()
    assert f"Kit ({GUEST}): reaches {HOST} and 10.77.2.2." in host.line("Other devices")
    assert "the same time" in host.line("The clocks")
    phone.terminate()
    complaints = phone.stdout.read()
    assert complaints == ""


@pytest.mark.parametrize("path", ["/check", "/"])
def test_pages_may_call_the_hosts_addresses_and_nothing_else(lab: NetworkLab, path: str) -> None:
    lab.serve()
    script = f"import urllib.request as u; print(u.urlopen('http://{HOST}:{PORT}{path}').headers)"
    done = lab.guest.run([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert f"connect-src 'self' http://{HOST}:{PORT};" in done.stdout
