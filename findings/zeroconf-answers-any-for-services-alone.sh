#!/bin/bash
# python-zeroconf answers a question of type ANY about a service with its SRV and TXT records, and a question of type A
# about a host name with the address; of type ANY about a host name it says nothing at all, though it has announced the
# name's address with the cache-flush bit, by which it claims the name for this machine alone.
#
# ANY about a host name is what a machine asks that boots (RFC 6762, section 8.1): who hears no answer within 750 ms goes
# by the name. So Avahi 0.8 and systemd-resolved 252, started later, took a name that a program with python-zeroconf had
# in use, without a sign of a conflict on either side.
# The cause is one comparison in _handlers/query_handler.py: the question is found to concern the host name, and the
# addresses whose type is not that of the question, 255, are put among the additional records of an answer that is empty.
# Its README names no such limit; RFC 6762, section 6.5, has all records of the name in the answer to such a question.
# One would have guessed that ANY gives what A gives, as it does for SRV and TXT.
# The way out: look at what comes in oneself, and send the addresses when somebody asks ANY for the name.
# Seen with zeroconf 0.154.0 on Linux. All of it happens on the loopback interface of a network namespace.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check zeroconf==0.154.0
cat > asking.py <<'PYTHON'
import socket
import struct
import time

from zeroconf import DNSIncoming, DNSOutgoing, DNSQuestion, ServiceInfo, Zeroconf, __version__

A, TXT, SRV, ANY = 1, 16, 33, 255
KIND = "_http._tcp.local."
GROUP = ("224.0.0.251", 5353)


def asked(name: str, kind: int) -> list[int]:
    """The types of the records about a name that are answered to everybody."""
    question = DNSOutgoing(0)
    question.add_question(DNSQuestion(name, kind, 1))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("", 5353))
        own = socket.inet_aton("127.0.0.1")
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, own.join([socket.inet_aton(GROUP[0]), b""]))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, own)
        sock.sendto(question.packets()[0], GROUP)
        found, end = set(), time.monotonic() + 2
        while (left := end - time.monotonic()) > 0:
            sock.settimeout(left)
            try:
                message = DNSIncoming(sock.recv(9000))
            except TimeoutError:
                break
            if message.is_response():
                found |= {record.type for record in message.answers() if record.name == name}
        return sorted(found & {A, TXT, SRV})


print("zeroconf", __version__)
here = Zeroconf(interfaces=["127.0.0.1"])
info = ServiceInfo(KIND, f"Printer.{KIND}", 631, server="late-pc.local.", parsed_addresses=["127.0.0.1"])
here.register_service(info)
time.sleep(2)
seen = {
    "A about the host name": asked("late-pc.local.", A),
    "ANY about the host name": asked("late-pc.local.", ANY),
    "ANY about the service": asked(f"Printer.{KIND}", ANY),
}
here.close()
for what, types in seen.items():
    print(f"{what}: {types}")
assert seen == {"A about the host name": [A], "ANY about the host name": [], "ANY about the service": [TXT, SRV]}
PYTHON
unshare -rn sh -c 'ip link set lo up && exec venv/bin/python asking.py'
