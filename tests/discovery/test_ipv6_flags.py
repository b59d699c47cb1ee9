"""Others are given no IPv6 address that cannot be used yet, or only for a day."""

import time

from chatdesk.discovery.ipv6_flags import Ipv6Flags, ipv6_flags, parse_table
from chatdesk.discovery.networks import own_networks
from tests.netns import Networks, inside

TABLE = """\
fd770000000000000000000000000002 02 40 00 80     eth0
fd770000000000000000000000000003 02 40 00 01     eth0
fd770000000000000000000000000004 02 40 00 21     eth0
fd770000000000000000000000000005 02 40 00 40     eth0
fd770000000000000000000000000006 02 40 00 c8     eth0
fd770000000000000000000000000007 02 40 00 44     eth0
fd770000000000000000000000000008 02 40 00 20     eth0
00000000000000000000000000000001 01 80 10 80       lo
"""


def test_the_systems_table_tells() -> None:
    assert parse_table(TABLE.splitlines()) == Ipv6Flags(
        unusable=frozenset({"fd77::5", "fd77::6"}), temporary=frozenset({"fd77::3", "fd77::4", "fd77::8"})
    )


def test_temporary_and_tentative_addresses_are_not_given_to_others() -> None:
    """Real addresses: a deprecated one, a tentative one, and then the only one that is left."""
    with Networks() as networks:
        lan, machine = networks.lan(), networks.machine()
        machine.plug(lan, "fd77::2/64")
        machine.run(["ip", "address", "add", "fd77::3/64", "dev", "eth0", "nodad", "preferred_lft", "0"])
        with inside(machine):
            assert [network.addresses for network in own_networks()] == [("fd77::2",)]
            machine.run(["ip", "address", "add", "fd77::4/64", "dev", "eth0"])
            assert "fd77::4" in ipv6_flags().unusable
            assert [network.addresses for network in own_networks()] == [("fd77::2",)]
            deadline = time.monotonic() + 30
            while set(own_networks()[0].addresses) != {"fd77::2", "fd77::4"}:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            for address in ("fd77::2", "fd77::4"):
                machine.run(["ip", "address", "del", f"{address}/64", "dev", "eth0"])
            assert [network.addresses for network in own_networks()] == [("fd77::3",)]
