"""A resolver that knows no name."""

import socket

NO_SUCH_NAME = 0x8183.to_bytes(2)
"""The flags of an answer that says so."""


def main() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 53))
        print("ready", flush=True)
        while True:
            question, address = server.recvfrom(512)
            server.sendto(question[:2] + NO_SUCH_NAME + question[4:6] + bytes(4) + question[8:], address)


if __name__ == "__main__":
    main()
