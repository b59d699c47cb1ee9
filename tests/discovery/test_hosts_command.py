"""``chatdesk hosts``: the chats around, on the terminal and for other programs."""

import json

from chatdesk.discovery.found_host import FoundHost
from chatdesk.discovery.hosts_command import NOTHING_FOUND, as_lines
from tests.discovery.chat_programs import run, serve
from tests.netns import Networks


def test_it_lists_the_chats_that_are_found_and_says_when_there_are_none() -> None:
    with Networks() as networks:
        lan, host, guest = networks.lan(), networks.machine(), networks.machine()
        host.plug(lan, "10.77.1.2/24")
        guest.plug(lan, "10.77.1.3/24")
        nobody = run(guest, "hosts", "--seconds", "0.1")
        assert (nobody.stdout, nobody.stderr) == ("", f"{NOTHING_FOUND}\n")
        assert run(guest, "hosts", "--seconds", "0.1", "--json").stdout == "[]\n"
        serve(host, "Robotics")
        listed = run(guest, "hosts", "--seconds", "1.5")
        assert (listed.stdout, listed.stderr) == ("10.77.1.2:8080    0 people  Robotics\n", "")
        (told,) = json.loads(run(guest, "hosts", "--seconds", "1.5", "--json").stdout)
    assert (told["name"], told["addresses"], told["locked"]) == ("Robotics", ["10.77.1.2:8080"], False)


def test_the_lines_stand_in_columns() -> None:
    hosts = [
        FoundHost("a", "Robotics", "Mara", 1, 1, False, "1", ("10.77.1.2:8080",)),
        FoundHost("b", "ورشة", "", 120, 1, True, "1", ("[fd77::2]:8080", "10.77.1.2:8080")),
    ]
    assert as_lines(hosts).splitlines() == [
        "10.77.1.2:8080    1 person  Robotics, hosted by Mara",
        "[fd77::2]:8080  120 people  \u2068ورشة\u2069 (locked)",
    ]
