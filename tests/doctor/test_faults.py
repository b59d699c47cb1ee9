"""Every fault is set up for real, and the doctor names it, on the host or on the guest."""

import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doctor.network_lab import GUEST, HOST, PORT, ROOT, ROUTER, NetworkLab, set_rules
from tests.netns import Machine

CHAT = f"{HOST}:{PORT}"


def forget_neighbours(*machines: Machine) -> None:
    """Flush the neighbour tables of these machines."""
    for machine in machines:
        machine.run(["ip", "neigh", "flush", "all"])


def test_where_nothing_is_wrong_both_sides_say_so(lab: NetworkLab) -> None:
    lab.serve()
    lab.join("Kit", lab.guest)
    host, guest = lab.examine_both(CHAT)
    assert host.code == guest.code == 0
    assert f"Kit ({GUEST}): reaches {HOST}." in host.line("Other devices")
    assert "the same time" in host.line("The clocks")
    assert host.diagnosis == f"All is well: others reach the chat at http://{CHAT}.\n"
    assert guest.diagnosis == f"All is well: the chat at http://{CHAT} can be joined.\n"


def test_nobody_hosts(lab: NetworkLab) -> None:
    host, guest = lab.examine_both(CHAT)
    assert host.code == guest.code == 1
    assert "Nobody hosts a chat on port 8080 of this computer." in host.diagnosis
    assert "chatdesk host --port 8080" in host.commands
    assert f"The computer {HOST} is there, but nobody hosts a chat on its port 8080." in guest.diagnosis


def test_another_program_has_the_port(lab: NetworkLab) -> None:
    web = [sys.executable, "-u", "-m", "http.server", str(PORT)]
    server = lab.host.popen(web, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=lab.folder.parent)
    assert server.stdout
    assert server.stdout.readline()
    host, guest = lab.examine_both(CHAT)
    assert host.code == guest.code == 1
    assert "Another program has port 8080" in host.diagnosis
    assert "there is another program, not ChatDesk" in guest.diagnosis


def test_the_chat_hangs(lab: NetworkLab) -> None:
    chat = lab.serve()
    chat.send_signal(signal.SIGSTOP)
    host, guest = lab.examine_both(CHAT)
    chat.send_signal(signal.SIGCONT)
    assert host.code == guest.code == 1
    assert "What has port 8080 takes connections, but does not answer." in host.diagnosis
    assert f"Something takes the connection at http://{CHAT}, but does not answer." in guest.diagnosis


@pytest.mark.parametrize(
    ("policy", "rules", "seen"),
    [
        ("drop", ["ct state established,related accept", "tcp dport 22 accept"], "Nothing comes back from port 8080"),
        ("accept", ["tcp dport 8000-8999 reject with icmpx admin-prohibited"], "There is no way to port 8080"),
    ],
)
def test_a_firewall_on_the_host_is_seen_from_both_sides_and_the_command_opens_it(
    lab: NetworkLab, policy: str, rules: list[str], seen: str
) -> None:
    lab.serve()
    set_rules(lab.host, "input", policy, 'iif "lo" accept', *rules)
    host, guest = lab.examine_both(CHAT)
    assert host.code == guest.code == 1
    assert "It keeps others away from port 8080 (nftables, inet filter input)." in host.line("The firewall")
    assert "The firewall of this computer keeps others away from port 8080." in host.diagnosis
    assert seen in guest.line("The connection")
    assert f"{HOST} is there, but a firewall on it keeps others away" in guest.diagnosis
    assert "sudo ufw allow 8080/tcp" in guest.commands
    (command,) = host.commands
    lab.host.run(shlex.split(command.removeprefix("sudo ")))
    assert lab.examine(lab.guest, CHAT).code == 0
    assert "None is in the way." in lab.examine_host().line("The firewall")


def test_a_firewall_by_iptables_gets_its_own_command(lab: NetworkLab) -> None:
    lab.serve()
    lab.host.run(["iptables", "-A", "INPUT", "!", "-i", "lo", "-p", "tcp", "--dport", "8080", "-j", "DROP"])
    host = lab.examine_host()
    (command,) = host.commands
    assert command == "sudo iptables -I INPUT -p tcp --dport 8080 -j ACCEPT"
    lab.host.run(shlex.split(command.removeprefix("sudo ")))
    assert lab.examine(lab.guest, CHAT).code == 0


def test_the_older_packet_filter_which_nft_does_not_see(lab: NetworkLab) -> None:
    lab.serve()
    lab.host.run(["iptables-legacy", "-A", "INPUT", "-i", "eth0", "-j", "DROP"])
    host = lab.examine_host()
    assert host.code == 1
    (command,) = host.commands
    lab.host.run(shlex.split(command.removeprefix("sudo ")))
    assert lab.examine(lab.guest, CHAT).code == 0


def test_others_come_in_by_another_network_than_the_one_that_they_are_given(lab: NetworkLab) -> None:
    """The first network isolates its devices, the second one does not."""
    other = lab.networks.lan()
    lab.host.plug(other, "10.77.2.2/24")
    lab.guest.plug(other, "10.77.2.3/24")
    lab.serve()
    lab.join("Kit", lab.guest, "10.77.2.2")
    lab.lan.isolate(lab.host, lab.guest)
    host = lab.examine_host()
    assert host.code == 1
    assert f"reaches 10.77.2.2, but not {HOST}" in host.line("Other devices")
    assert "Others reach this computer at 10.77.2.2, not at 10.77.1.2." in host.diagnosis
    assert "Give them this address: http://10.77.2.2:8080" in host.diagnosis


def test_a_chat_that_listens_only_in_the_vpn(lab: NetworkLab) -> None:
    lab.host.plug(lab.networks.lan(), "10.8.0.2/24", name="tun0")
    lab.serve("--bind", "10.8.0.2")
    host, guest = lab.examine_both(CHAT)
    assert host.code == guest.code == 1
    assert f"The chat is open only at 10.8.0.2: nobody reaches it at {HOST}." in host.diagnosis
    assert "chatdesk host --port 8080 --bind ::" in host.commands
    assert "nobody hosts a chat on its port 8080" in guest.diagnosis


def test_a_chat_that_listens_only_to_its_own_computer(lab: NetworkLab) -> None:
    lab.serve("--bind", "127.0.0.1")
    host = lab.examine_host()
    assert host.code == 1
    assert f"The chat is open only to this computer itself: nobody reaches it at {HOST}." in host.diagnosis


def test_an_address_of_a_network_that_only_looks_the_same(lab: NetworkLab) -> None:
    """Both computers have a network 172.17.0.0 for containers, and it is not the same one."""
    lab.host.plug(lab.networks.lan(), "172.17.0.2/16", name="docker0")
    lab.guest.plug(lab.networks.lan(), "172.17.0.3/16", name="docker0")
    lab.serve()
    guest = lab.examine(lab.guest, "172.17.0.2:8080")
    assert guest.code == 1
    assert "172.17.0.2 is in the network for containers or virtual machines (docker0)" in guest.diagnosis


def test_loopback_is_no_address_for_others(lab: NetworkLab) -> None:
    lab.serve()
    guest = lab.examine(lab.guest, "localhost:8080")
    assert guest.code == 1
    assert "localhost is always the very computer one sits at" in guest.diagnosis


def test_a_wifi_that_keeps_its_devices_apart(lab: NetworkLab) -> None:
    lab.serve()
    lab.lan.isolate(lab.host, lab.guest)
    forget_neighbours(lab.host, lab.guest)
    host, guest = lab.examine_both(CHAT)
    assert guest.code == 1
    assert f"No device answers at {HOST}, nor any other, only the router" in guest.diagnosis
    assert "AP isolation" in guest.diagnosis
    assert host.code == 0, "it is no fault of the host's, which sees nobody"
    assert "no other device has been heard of in this network" in host.diagnosis
    assert f"http://{CHAT}/check on a phone" in host.diagnosis


def test_an_address_that_nobody_has_where_others_are(lab: NetworkLab) -> None:
    lab.examine(lab.computer("10.77.1.4"), f"{GUEST}:{PORT}")
    guest = lab.examine(lab.guest, "10.77.1.99:8080")
    assert guest.code == 1
    assert "No device answers at 10.77.1.99, though others in this network do." in guest.diagnosis


@pytest.mark.parametrize("router", ["drops", "refuses", "is not there"])
def test_another_subnet(lab: NetworkLab, router: str) -> None:
    """The guest is behind a router that does not let it through to the host, or behind none."""
    beyond = lab.networks.lan()
    stranger = lab.networks.machine()
    stranger.plug(beyond, "10.99.5.7/24")
    lab.router.plug(beyond, "10.99.5.1/24")
    if router != "is not there":
        stranger.route("add", "default", "via", "10.99.5.1")
        lab.router.run(["sysctl", "-qw", "net.ipv4.ip_forward=1"])
        verdict = ["reject with icmpx admin-prohibited"] if router == "refuses" else []
        set_rules(lab.router, "forward", "drop", *verdict)
    lab.serve()
    guest = lab.examine(stranger, CHAT)
    assert guest.code == 1
    assert f"The host, {HOST}, and this computer, 10.99.5.7, are in different networks" in guest.diagnosis


@pytest.fixture
def proxy(lab: NetworkLab, request: pytest.FixtureRequest) -> dict[str, str]:
    """A proxy on the router, as environment variables for programs."""
    command = [sys.executable, "-m", "tests.doctor.proxy", request.param]
    process = lab.router.popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return {"http_proxy": f"http://{ROUTER}:3128"}


@pytest.mark.parametrize("proxy", ["refusing"], indirect=True)
def test_a_proxy_that_keeps_browsers_away(lab: NetworkLab, proxy: dict[str, str]) -> None:
    lab.serve()
    guest = lab.examine(lab.guest, CHAT, environment=proxy)
    assert guest.code == 1
    assert f"browsers on this computer go through the proxy {ROUTER}:3128, which keeps them from it" in guest.diagnosis
    assert guest.commands == [f"export no_proxy={HOST}"]
    assert lab.examine(lab.guest, CHAT, environment={**proxy, "no_proxy": HOST}).code == 0


@pytest.mark.parametrize("proxy", ["forwarding"], indirect=True)
def test_a_proxy_that_leads_to_the_chat_is_no_fault(lab: NetworkLab, proxy: dict[str, str]) -> None:
    lab.serve()
    guest = lab.examine(lab.guest, CHAT, environment=proxy)
    assert guest.code == 0
    assert "and it leads to the chat" in guest.line("The proxy")


@pytest.mark.parametrize("proxy", ["portal"], indirect=True)
def test_a_network_where_one_has_to_log_in_first(lab: NetworkLab, proxy: dict[str, str]) -> None:
    """The router answers in place of every server."""
    beyond = lab.networks.lan()
    lab.router.plug(beyond, "10.99.5.1/24")
    lab.router.run(["sysctl", "-qw", "net.ipv4.ip_forward=1"])
    redirect = ["-p", "tcp", "--dport", "8080", "-j", "REDIRECT", "--to-ports", "3128"]
    lab.router.run(["iptables", "-t", "nat", "-A", "PREROUTING", *redirect])
    guest = lab.examine(lab.guest, "10.99.5.7:8080")
    assert guest.code == 1
    assert "This network wants one to log in before it lets anything through." in guest.diagnosis


@pytest.fixture
def resolver(lab: NetworkLab) -> Iterator[None]:
    """The guest's resolver, which knows no name at all."""
    folder = Path("/etc/netns", lab.guest.namespace)
    folder.mkdir(parents=True)
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    process = lab.guest.popen([sys.executable, "-m", "tests.doctor.resolver"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    yield
    (folder / "resolv.conf").unlink()
    folder.rmdir()


@pytest.mark.parametrize("name", ["robotics-workshop.local", "mara.example"])
def test_a_name_that_nobody_knows(lab: NetworkLab, resolver: None, name: str) -> None:
    guest = lab.examine(lab.guest, f"{name}:8080")
    assert guest.code == 1
    assert f"Nothing here knows the name {name}." in guest.diagnosis
    assert ("sudo apt install libnss-mdns" in guest.commands) == name.endswith(".local")


def test_a_name_that_the_network_knows_but_the_guests_computer_does_not_ask_for(
    lab: NetworkLab, resolver: None
) -> None:
    lab.serve("--discovery", "--name", "Robotics Workshop")
    known = f"The network knows robotics-workshop.local as {HOST}"
    deadline = time.monotonic() + 30
    while known not in (guest := lab.examine(lab.guest, "robotics-workshop.local:8080")).line("The name"):
        assert time.monotonic() < deadline, "the host takes some time to make sure that the name is free"
    assert guest.code == 1
    assert f"Type its address in numbers instead: {CHAT}" in guest.diagnosis


def test_a_chat_that_does_not_go_by_the_name_it_is_called_by(lab: NetworkLab) -> None:
    """The name leads to the host, which must not answer to names that anybody may have given it."""
    folder = Path("/etc/netns", lab.guest.namespace)
    folder.mkdir(parents=True)
    (folder / "hosts").write_text(f"127.0.0.1 localhost\n{HOST} somewhere.example\n")
    lab.serve()
    guest = lab.examine(lab.guest, "somewhere.example:8080")
    (folder / "hosts").unlink()
    folder.rmdir()
    assert guest.code == 1
    assert "The chat there does not answer to the name somewhere.example." in guest.diagnosis


def test_the_clock_of_the_host_is_wrong(lab: NetworkLab) -> None:
    lab.serve(shift="+3h")
    guest = lab.examine(lab.guest, CHAT)
    assert guest.code == 1
    assert "The host's is 3 hours ahead of this computer's." in guest.line("The clocks")
    assert "The chat can be joined, but the clocks differ." in guest.diagnosis
    assert "sudo timedatectl set-ntp true" in guest.commands


def test_the_clock_of_a_guest_is_wrong(lab: NetworkLab) -> None:
    lab.serve()
    lab.join("Kit", lab.guest, shift="-2d")
    host = lab.examine_host()
    assert host.code == 1
    assert f"The clock of Kit ({GUEST}) is 2 days behind: 1 of 1 compared." in host.line("The clocks")


def test_a_computer_without_a_network(lab: NetworkLab) -> None:
    lab.guest.unplug(lab.lan)
    lab.host.unplug(lab.lan)
    lab.serve()
    host, guest = lab.examine_both(CHAT)
    assert host.code == guest.code == 1
    assert "This computer is in no network" in host.diagnosis
    assert "This computer is in no network" in guest.diagnosis


def test_a_network_whose_router_is_gone(lab: NetworkLab) -> None:
    lab.router.unplug(lab.lan)
    forget_neighbours(lab.guest)
    guest = lab.examine(lab.guest, "10.77.1.99:8080")
    assert guest.code == 1
    assert "Not even the router of this network answers" in guest.diagnosis
