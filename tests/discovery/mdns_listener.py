"""A passive listener to multicast DNS: prints each pointer on a line, with the time. It sends nothing."""

import socket
import struct
import sys
import time

from zeroconf import DNSIncoming, DNSPointer  # type: ignore[attr-defined]


def main() -> None:
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("", 5353))
    joining = struct.pack("4s4si", socket.inet_aton("224.0.0.251"), b"\0" * 4, socket.if_nametoindex(sys.argv[1]))
    listening.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, joining)
    print("ready", flush=True)
    while True:
        message = DNSIncoming(listening.recv(9000))
        for record in message.answers():
            if isinstance(record, DNSPointer):
                print(f"{time.monotonic():.3f}", record.ttl, record.alias, flush=True)


if __name__ == "__main__":
    main()
