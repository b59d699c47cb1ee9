"""What a network may throw at a chat, line by line, and the tests that throw it.

A test is named by its file below ``tests`` and its function. ``wire: NAME`` is an entry of ``wire_attacks``, which
``test_wire_attacks.py`` throws at the real program; ``flood: NAME`` one of ``tests.bench.attacks``, which
``test_floods.py`` throws at it from many connections, and the table of figures measures.
"""

from typing import NamedTuple


class Line(NamedTuple):
    """One thing that is thrown, with the tests for it."""

    part: str
    thrown: str
    tests: tuple[str, ...]


def _lines(part: str, *lines: tuple[str, tuple[str, ...]]) -> tuple[Line, ...]:
    return tuple(Line(part, thrown, tests) for thrown, tests in lines)


def _wire(*names: str) -> tuple[str, ...]:
    return tuple(f"wire: {name}" for name in names)


def _floods(*names: str) -> tuple[str, ...]:
    return tuple(f"flood: {name}" for name in names)


_PATHS = ("path up", "encoded path up", "path up with backslashes", "NUL in a path", "drive letter")
_ORIGINS = ("foreign Origin", "null Origin", "look-alike Origin, host first", "look-alike Origin, host as path")
_ELSEWHERE = (
    "write in a room that was not entered",
    "its history",
    "search in it",
    "typing in it",
    "its people",
)

LINES = (
    *_lines(
        "Handshake and HTTP",
        ("foreign, null and look-alike origins", _wire(*_ORIGINS)),
        ("no origin: a program", _wire("no Origin")),
        ("a Host of another machine", _wire("rebound Host", "a whole address as the target")),
        ("two Hosts, two Origins", _wire("two Hosts", "two Origins")),
        ("many headers, a long one, an endless path", _wire("130 headers", "header of 9 KB", "endless path")),
        ("lines without CR, TLS, bytes", _wire("lines without CR", "TLS on a plain port", "binary bytes")),
        ("HEAD", (*_wire("HEAD"), "server/http/test_connection.py::test_head_is_the_head_alone")),
        ("bodies", _wire("POST with a body", "body of a GET", "chunked body", "both lengths of a body")),
        (
            "ways out of the folder",
            (*_wire(*_PATHS), "server/http/test_static_files.py::test_a_symbolic_link_leads_nowhere"),
        ),
        (
            "Slowloris",
            (
                "server/test_heartbeat.py::test_slowloris_is_closed_however_often_it_sends_a_byte",
                *_floods("head, byte by byte", "header lines, byte by byte", "long body, byte by byte"),
            ),
        ),
        (
            "a connection that never joins",
            (
                "server/test_connection.py::test_a_stranger_that_never_joins_is_closed_with_4500",
                *_floods("silent", "never joins", "half closed"),
            ),
        ),
        (
            "hundreds of connections from one address",
            (
                "server/test_places.py::test_half_of_the_places_are_for_others",
                "server/test_places.py::test_handshakes_of_a_network_are_bounded_and_told_when_to_come_back",
                *_floods("comes and goes", "upgrades and goes", "joins and goes"),
            ),
        ),
        (
            "TLS handshakes that stall, break off or come byte by byte",
            (
                *_floods("TLS", "TLS handshakes that stall", "TLS handshakes that are broken off"),
                *_floods("TLS handshakes, byte by byte"),
                "hostile/test_floods.py::test_handshakes_that_come_to_nothing_leave_an_encrypted_chat_to_the_others",
            ),
        ),
        ("a full chat", ("server/http/test_connection.py::test_a_full_chat_answers_503_and_says_when_to_come_back",)),
        (
            "requests without end",
            (
                "server/test_places.py::test_requests_beyond_the_rate_of_a_network_are_slowed_and_then_refused",
                *_floods("heads", "pages", "pages that nobody reads", "stats", "about", "nothing there"),
            ),
        ),
    ),
    *_lines(
        "Frames",
        ("not masked, reserved bits, unknown opcodes", _wire("not masked", "reserved bits", "unknown opcode")),
        ("pings that are long or in pieces", _wire("long ping", "fragmented ping")),
        ("continuations out of place", _wire("stray continuation", "text within a fragmented one")),
        ("not UTF-8", _wire("not UTF-8")),
        ("lengths of 2^63 and beyond the limit", _wire("length of 2^63", "length of 2^40", "message above the limit")),
        ("fragments that add up", _wire("fragments that add up to it")),
        (
            "endless empty fragments",
            (
                "server/test_connection.py::test_empty_fragments_take_no_memory",
                *_floods("empty fragments", "stranger's empty fragments", "fragments of a byte"),
            ),
        ),
        (
            "pings from a peer that never reads",
            (
                "server/test_connection.py::test_a_peer_that_never_reads_costs_no_more_than_its_write_buffer",
                *_floods("long pings that nobody reads"),
            ),
        ),
        ("tiny frames", _floods("empty texts", "pings", "stranger's pings, byte by byte", "typing")),
        ("pongs", _floods("pongs")),
        (
            "readers that stall",
            (
                "server/test_server.py::test_a_slow_reader_is_skipped_and_brought_up_to_date_while_others_do_not_notice",
                "server/test_heartbeat.py::test_a_peer_that_has_stopped_reading_is_gone_too",
            ),
        ),
    ),
    *_lines(
        "JSON",
        ("brackets and levels", (*_wire("60,000 open brackets", "900 levels"), *_floods("brackets"))),
        ("numbers", _wire("integer of 5,000 digits", "2^63", "NaN", "Infinity", "1e400")),
        ("a lone surrogate, duplicate keys, NUL", _wire("lone surrogate", "duplicate keys", "NUL in a string")),
        ("another type of value", _wire("true for a number", "list for a string", "list for a command")),
        ("UTF-16, nothing, spaces", _wire("UTF-16", "empty frame", "60,000 spaces", "a megabyte of spaces")),
        (
            "messages of 32 KB from a hundred people",
            (*_floods("long messages"), "server/test_budgets.py::test_text_is_counted_by_its_bytes"),
        ),
    ),
    *_lines(
        "Names",
        ("empty, blank, too long", _wire("empty", "blank", "33 characters", "ten thousand characters")),
        (
            "characters that hide or turn",
            _wire("control characters", "zero-width characters alone", "direction override", "stacked marks"),
        ),
        (
            "look-alikes",
            _wire("upper case of a name that is here", "full-width letters", "Cyrillic letters", "rn beside m"),
        ),
        ("reserved", _wire("reserved: system", "reserved: server", "reserved: host")),
        (
            "sender, number and time of the client's own",
            ("hostile/test_supplied_fields.py::test_what_only_the_host_says_is_ignored",),
        ),
        (
            "text that turns what stands around it",
            (
                "e2e/test_page_bad_host.py::test_names_neither_reorder_nor_break_the_text_around_them",
                "desktop/test_hostile_host.py::test_names_turn_no_sentence_around",
            ),
        ),
    ),
    *_lines(
        "Rights",
        ("anything in a room that one has not entered", _wire(*_ELSEWHERE)),
        (
            "the history of a private room of others",
            (
                *_wire("a private room of two others"),
                "server/test_private_rooms.py::test_nobody_else_learns_of_it_not_even_the_host",
            ),
        ),
        ("messages of somebody else", _wire("edit of a message of somebody else", "deletion of it")),
        (
            "what only the host may",
            _wire("clear as a member", "topic as a member", "archive as a member", "delete a room as a member"),
        ),
        ("anything before a join", _wire("write without a join", "history without a join")),
        (
            "tokens that are expired, forged or foreign",
            (
                "server/test_identity.py::test_a_forged_token_proves_nothing",
                "server/test_identity.py::test_another_servers_token_proves_nothing",
                "server/test_jwt_sign_in.py::test_a_forged_token_opens_nothing_and_says_why",
                "server/test_jwt_sign_in.py::test_an_rsa_key_is_no_secret_although_everybody_knows_it",
                "server/test_jwt_sign_in.py::test_a_revoked_token_opens_nothing_from_then_on",
                "server/test_auth.py::test_who_has_expired_is_not_admitted_and_told_what_to_do",
            ),
        ),
        (
            "an invitation that is used again, or guessed",
            (
                "server/test_invitations.py::test_of_two_who_come_at_once_by_the_last_use_one_is_let_in",
                "server/test_invitations.py::test_who_guesses_waits_and_good_ones_are_refused_as_bad_ones_are",
            ),
        ),
        (
            "the open socket of somebody whose right has ended",
            (
                "server/test_auth.py::test_a_command_after_the_end_is_not_executed",
                "server/test_order.py::test_who_is_removed_is_out_at_once_on_all_devices_and_hears_nothing_more",
            ),
        ),
        (
            "guesses of a password",
            (
                "server/test_guess_line.py::test_one_is_looked_at_in_a_pause_however_many_guess",
                "server/test_entry.py::test_a_class_comes_in_while_somebody_behind_the_same_address_guesses",
                "server/test_passwords.py::test_a_wrong_one_takes_as_long_as_the_right_one_however_much_of_it_is_right",
                "server/test_passwords.py::test_two_hashes_are_made_at_once_by_all_processes_and_the_queue_has_an_end",
            ),
        ),
        (
            "tokens in logs and figures",
            (
                "hostile/test_secrets.py::test_no_secret_is_kept_or_told_by_a_server_that_has_heard_it",
                "test_logging_setup.py::test_a_token_is_left_out_wherever_it_comes_from",
                "server/test_server.py::test_no_figure_names_a_person_or_a_token",
            ),
        ),
        (
            "rooms without end",
            (
                "server/test_budgets.py::test_newcomers_cannot_use_up_the_rooms_of_those_who_are_here",
                *_floods("rooms left behind"),
            ),
        ),
    ),
    *_lines(
        "Page",
        (
            "markup and links in text, names and rooms",
            (
                "e2e/test_page_text.py::test_hostile_text_names_and_rooms_are_shown_as_they_are",
                "e2e/test_page_text.py::test_only_what_is_a_web_address_becomes_a_link",
            ),
        ),
        (
            "code that is not the page's own",
            (
                "e2e/test_page_text.py::test_the_browser_itself_refuses_code_that_is_not_the_pages_own",
                "e2e/test_page_policy.py::test_a_browser_obeys_it_as_the_doctor_says",
            ),
        ),
        (
            "headers against sniffing, framing and referrers",
            ("server/http/test_connection.py::test_the_page_comes_with_its_header_fields",),
        ),
        ("uploaded files: there are none, a body is refused", _wire("POST with a body", "body of a GET")),
    ),
    *_lines(
        "Window",
        (
            "the same strings in labels, tips and notifications",
            (
                "desktop/test_hostile_host.py::test_names_turn_no_sentence_around",
                "desktop/widgets/common/test_tooltip.py::test_it_is_shown_as_text_and_does_not_describe",
                "desktop/notifications/test_freedesktop.py::test_a_service_without_actions_and_markup_gets_none",
            ),
        ),
        (
            "links to anything but the web, and without asking",
            (
                "desktop/test_wiring.py::test_a_link_is_asked_about",
                "protocol/test_markup.py::test_links_lead_to_addresses_mail_and_places_in_a_chat_only",
            ),
        ),
        (
            "a server that sends malformed, huge or endless events",
            (
                "client/test_bad_host.py::test_a_violation_is_named",
                "client/test_hostile_lists.py::test_a_host_that_sends_more_than_any_does_is_left",
                "desktop/test_hostile_host.py::test_a_host_that_breaks_the_rules_is_left_with_a_sentence",
                "desktop/test_hostile_host.py::test_of_endless_people_the_window_lists_some_and_says_so",
                "e2e/test_bad_host.py::test_no_flood_stops_the_window",
                "e2e/test_page_bad_host.py::test_every_event_is_either_decoded_or_refused",
                "e2e/test_page_floods.py::test_an_endless_flood_leaves_the_page_small_and_responsive",
            ),
        ),
    ),
    *_lines(
        "Disk and process",
        ("a full disk", ("e2e/test_disk.py::test_a_full_disk_holds_messages_up_and_loses_none",)),
        ("a database that cannot be written", ("log/test_storage_errors.py::test_an_error_of_sqlite",)),
        ("a flipped byte", ("log/test_salvage.py::test_whatever_is_damaged_what_stands_on_sound_pages_is_saved",)),
        ("a database from a newer version", ("log/test_database.py::test_a_file_of_a_newer_version_stays_as_it_is",)),
        ("kill -9", ("e2e/test_kill.py::test_nothing_that_was_confirmed_is_lost_or_doubled_by_a_kill",)),
        (
            "the clock goes back",
            (
                "log/test_history_pages.py::test_where_the_clock_went_back_every_moment_still_has_a_page",
                "client/test_liveness.py::test_setting_the_clock_closes_no_connection",
            ),
        ),
        (
            "the machine sleeps",
            ("server/test_heartbeat.py::test_a_server_that_was_held_still_hears_first_what_was_said_meanwhile",),
        ),
        (
            "the network card goes and comes back",
            ("e2e/test_page_network.py::test_a_network_that_goes_and_comes_back",),
        ),
    ),
)
