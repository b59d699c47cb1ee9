"""Ports that browsers refuse to open, because other services listen there and might misunderstand HTTP.

The list is from the Fetch standard, section "Port blocking", and holds for pages and WebSockets:
https://fetch.spec.whatwg.org/#port-blocking. All browsers have it, apart from the latest additions.
"""

BLOCKED = frozenset(
    {
        *(1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104),
        *(109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515),
        *(526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049),
        *(3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080),
    }
)


def opens_in_browsers(port: int) -> bool:
    """Whether browsers open pages at this port."""
    return port not in BLOCKED


def next_allowed_port(port: int) -> int:
    """The next port that browsers open; after the last one, ChatDesk's default."""
    return next((other for other in range(port + 1, 65536) if opens_in_browsers(other)), 8080)
