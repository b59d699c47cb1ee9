"""What to do about a fault, with the command for this system."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urljoin, urlsplit, urlunsplit

from chatdesk.doctor.observations import Firewall
from chatdesk.doctor.report import Remedy

MACOS_FIREWALL = "/usr/libexec/ApplicationFirewall/socketfilterfw"
_WINDOWS_RULE = (
    'netsh advfirewall firewall add rule name="ChatDesk" dir=in action=allow protocol=TCP localport={port} '
    "profile=private"
)
_POWERSHELL_RULE = (
    'New-NetFirewallRule -DisplayName "ChatDesk" -Direction Inbound -Action Allow -Protocol TCP -LocalPort {port} '
    "-Profile Private"
)
_OPEN_FIREWALL: dict[str, tuple[tuple[str, str], ...]] = {
    "ufw": (("Let others in through ufw, the firewall of this computer:", "sudo ufw allow {port}/tcp"),),
    "firewalld": (
        (
            "Let others in through firewalld, the firewall of this computer, until it restarts:",
            "sudo firewall-cmd --add-port={port}/tcp",
        ),
        ("And from then on, too:", "sudo firewall-cmd --permanent --add-port={port}/tcp"),
    ),
    "nftables": (
        ("Let others in through nftables:", "sudo nft insert rule {place} tcp dport {port} accept"),
        ("To keep it, put the same rule into /etc/nftables.conf.", ""),
    ),
    "iptables": (("Let others in through iptables:", "sudo iptables -I INPUT -p tcp --dport {port} -j ACCEPT"),),
    "iptables-legacy": (
        (
            "Let others in through iptables:",
            "sudo iptables-legacy -t {table} -I {chain} -p tcp --dport {port} -j ACCEPT",
        ),
    ),
    "windows": (
        ("Let others in through the Windows firewall; in a command prompt of an administrator:", _WINDOWS_RULE),
        ("Or, in a PowerShell of an administrator:", _POWERSHELL_RULE),
        ("Then see in Settings, Network & internet, that this network is a private one, not a public one.", ""),
    ),
    "macos": (
        ("Let others in through the firewall of this Mac:", f"sudo {MACOS_FIREWALL} --add {{place}}"),
        ("And:", f"sudo {MACOS_FIREWALL} --unblockapp {{place}}"),
        ("Or in System Settings: Network, Firewall, Options, ChatDesk: Allow incoming connections.", ""),
    ),
}
_OPEN_ANY_FIREWALL = Remedy("Let others in through the firewall of this computer: TCP, port {port}.")

_OPEN_OTHER_FIREWALL = (
    ("On Ubuntu and others with ufw:", "sudo ufw allow {port}/tcp"),
    ("On Fedora and others with firewalld:", "sudo firewall-cmd --add-port={port}/tcp"),
    ("On Windows, in a command prompt of an administrator:", _WINDOWS_RULE),
    ("On a Mac: System Settings, Network, Firewall, Options, ChatDesk: Allow incoming connections.", ""),
)

_SET_CLOCK = {
    "linux": Remedy("Let this computer set its clock by the network:", "sudo timedatectl set-ntp true"),
    "win32": Remedy("Let this computer set its clock by the network:", "w32tm /resync"),
    "darwin": Remedy("Let this computer set its clock by the network:", "sudo sntp -sS time.apple.com"),
}

_BYPASS_PROXY = {
    "environment": Remedy("Start the browser with the address among those that do without the proxy:", "{variable}"),
    "gnome": Remedy(
        "Add the address to those that do without the proxy:",
        'gsettings set org.gnome.system.proxy ignore-hosts "{names}"',
    ),
    "win32": Remedy(
        "In Settings, Network & internet, Proxy, add the address to those that do without the proxy: {address}"
    ),
    "darwin": Remedy(
        "In System Settings, Network, choose the network, then Details, Proxies: add the address to those that bypass "
        "the proxy, behind the ones that are there: {address}"
    ),
}

_ENABLE_MDNS = Remedy("To make names that end in .local work here:", "sudo apt install libnss-mdns")

RUN_DOCTOR_ON_HOST = Remedy("On the computer that hosts, this says more:", "chatdesk doctor")


def open_firewall(firewall: Firewall, port: int) -> tuple[Remedy, ...]:
    """How to let others in through the firewall of this computer."""
    lines = _OPEN_FIREWALL.get(firewall.program)
    if not lines:
        return (Remedy(_OPEN_ANY_FIREWALL.sentence.format(port=port)),)
    location = firewall.location if firewall.program == "nftables" else shlex.quote(firewall.location)
    table, chain = (["filter", "INPUT", *firewall.location.split()])[-2:]
    values = {"port": port, "place": location, "table": table, "chain": chain}
    remedies = (Remedy(sentence, command.format(**values)) for sentence, command in lines)
    return tuple(map(_for_ipv6, remedies) if firewall.location.startswith("ip6 ") else remedies)


def _for_ipv6(remedy: Remedy) -> Remedy:
    """The older packet filter of Linux has a program for each IP version."""
    return replace(remedy, command=remedy.command.replace("sudo iptables", "sudo ip6tables"))


def open_other_firewall(port: int) -> tuple[Remedy, ...]:
    """How to let others in through the firewall of another computer, whichever it has."""
    systems = (Remedy(sentence, command.format(port=port)) for sentence, command in _OPEN_OTHER_FIREWALL)
    return (RUN_DOCTOR_ON_HOST, *systems)


def set_clock(system: str) -> tuple[Remedy, ...]:
    """How to set the clock; ``system`` is Python's name of the operating system."""
    return (_SET_CLOCK.get(system, Remedy("Set the clock of this computer, and its time zone.")),)


def bypass_proxy(setting: str, address: str, bypassed: Sequence[str], system: str) -> tuple[Remedy, ...]:
    """How to let browsers reach ``address`` without the proxy, in addition to what they reach that way already.

    ``setting`` says where the proxy is set: a key of _BYPASS_PROXY.
    """
    remedy = _BYPASS_PROXY.get(setting, _BYPASS_PROXY["environment"])
    names = [*bypassed, address]
    variable = f"{'set' if system == 'win32' else 'export'} no_proxy={','.join(names)}"
    return (
        Remedy(
            remedy.sentence.format(address=address),
            remedy.command.format(address=address, names=names, variable=variable),
        ),
        Remedy("Or join with ChatDesk's own window: it does not go through the proxy."),
    )


def set_public_url(url: str) -> tuple[Remedy, ...]:
    """How a chat learns that this is its own URL."""
    return (
        Remedy("The host starts the chat with the address that people open:", f"chatdesk serve --public-url {url}"),
        Remedy(
            "Or the proxy before it hands on the Host that browsers name: ChatDesk has examples for nginx, HAProxy and "
            "Caddy."
        ),
    )


def omit_path(url: str) -> Remedy:
    """How to reach a chat that is at the root of its host."""
    return Remedy(f"Type the address without that: {urljoin(url, '/').rstrip('/')}")


def trust(url: str) -> Remedy:
    """How this computer comes to trust a chat's own certificate."""
    page = urlunsplit(urlsplit(url)._replace(scheme="http", path="/ca"))
    return Remedy(f"Open {page} in a browser: it has the certificate, and the steps for this computer.")


def allow_host(name: str, url: str) -> tuple[Remedy, ...]:
    """How a chat learns that this is one of its names."""
    return (
        *set_public_url(url),
        Remedy("If it is just one more name of that computer, this will do:", f"chatdesk serve --allow-host {name}"),
    )


def forward_through_proxy(url: str) -> tuple[Remedy, ...]:
    """What a proxy has to forward."""
    return (
        Remedy(
            f"If a proxy stands before the chat, see that it passes on all that begins with {url}, unchanged and "
            "without a Content-Security-Policy of its own, and WebSockets as well: ChatDesk has examples for nginx, "
            "HAProxy and Caddy."
        ),
        Remedy("If there is none, close the chat and host it again: its own files may be damaged."),
        RUN_DOCTOR_ON_HOST,
    )


def avoid_isolation() -> tuple[Remedy, ...]:
    """What to do in a network that isolates its devices from each other."""
    return (
        Remedy(
            "If nothing gets through though both are in the same Wi-Fi, that Wi-Fi keeps its devices apart, as those "
            "for guests do: look in the router for AP isolation, client isolation or guest network; switch it off."
        ),
        Remedy("Or take another network: the one that is not for guests, a cable, or the hotspot of a phone."),
    )


def enable_mdns(system: str) -> tuple[Remedy, ...]:
    """How to make names that end in .local work."""
    return (_ENABLE_MDNS,) if system == "linux" else ()
