"""The command line: arguments to options, options to a configuration, and that to ``app``.

What is wrong is said in one sentence on stderr, with exit code 2.
"""

import argparse
import logging
import os
import platform
from collections.abc import Sequence
from typing import NoReturn

from chatdesk import __version__, app, headless, hook_command, logging_setup, room_acts_command, start
from chatdesk.archive import commands as archive
from chatdesk.archive.history_file import ArchiveError
from chatdesk.client.address import OWN_SCHEME
from chatdesk.config import ConfigError
from chatdesk.console import print_stderr
from chatdesk.desktop.display import started_from_icon
from chatdesk.export.atomic_file import WriteError
from chatdesk.option_sources import ResolvedOptions, resolve_options
from chatdesk.options import START_SCREEN, add_options
from chatdesk.paths import check_home
from chatdesk.paths_command import show_paths

logger = logging.getLogger(__name__)

EXIT_USAGE = 2
"""As argparse exits for a wrong argument."""

_WITH_WINDOW = (START_SCREEN, "host", "join")
PEOPLE_ACTIONS = ("list", "remove", "ban", "ban-name", "unban", "mute", "unmute", "role", "rename", "bans", "audit")
_IN_TERMINAL = ("send", "tail", "stats")
_INVITING = ("new", "list", "revoke", "waiting", "accept", "decline")

_EXAMPLES = """examples:
  chatdesk                                  open the start screen
  chatdesk host --nickname Mara             host a chat, and be in it as Mara
  chatdesk join 192.168.4.20:8080           join the chat at this address
  chatdesk serve --port 9000 --bind 127.0.0.1
                                            serve without a window, to this machine only
  chatdesk send "Tea is ready" --room build
                                            say something from a script
  make 2>&1 | chatdesk send                 the same with what another program prints
  chatdesk tail --room build --json         what is said, line by line, for other programs
  chatdesk stats                            how busy the chat on this computer is
  chatdesk people ban Kit --reason "Selling parts"
                                            keep somebody out of the chat that you host
  chatdesk room delete build                delete a room, with all that was said in it
  chatdesk hook add CI --room build         an address to which other programs can post
  chatdesk token issue kit --jwt-key chat.key
                                            a token with which Kit can sign in
  chatdesk invite --uses 30                 a link by which thirty people may come
  chatdesk export evening.html              what was said, as a page that opens anywhere
  chatdesk backup evening.db                a copy of the whole history
  chatdesk import slack.zip --name Team     what was said in another program, as a new chat
  chatdesk doctor                           why can nobody join my chat?
  chatdesk doctor 192.168.4.20:8080         why can I not join that one?
  chatdesk hosts                            which chats are there around here?
  chatdesk paths                            where settings, histories and the log are

Options can also stand in a configuration file, or in variables such as CHATDESK_PORT.
"""

_DOCTOR = """Find out why others cannot join, and what to do about it.

Without URL, of the chat that is hosted on this machine: can others reach it? With URL, of a chat elsewhere: why can it
not be joined from here? The exit code is 0 when all is well, and 1 when there is a problem."""


_SEND = """Send a message, and wait until the host has stored it.

Without TEXT the message is what comes in, as in: make 2>&1 | chatdesk send. The exit code is 0 when the host has stored
the message, 1 when it refuses it, 2 when what was given cannot be right, and 3 when the chat cannot be joined or does
not confirm the message in time."""

_TAIL = """Print what is said in a room: the latest messages, then each one as it comes, until Ctrl-C.

A lost connection is opened again, and no message is left out. The exit code is 0 when nobody reads the output any more,
2 when what was given cannot be right, and 3 when the chat cannot be joined, or takes nobody in again."""


_STATS = """Show how many people and messages there are, how long people wait, and which limits bite, until Ctrl-C.

Where no terminal reads it, it is printed once; with --json it is a line each second. Without --address it is the chat
of this computer. The exit code is 0, or 3 when the chat does not answer."""


_PEOPLE = """Remove, ban, mute and rename people, give roles, and read what was done, where this computer hosts a chat.

The chat has to be open. Nobody sees another person come: it is done as the host. The exit code is 0 when it is done, 1
when the chat refuses it, 2 when what was given cannot be right, and 3 when the chat does not answer."""


_ROOMS = """List the rooms of a chat that this computer hosts, keep order in one, or delete it with all that was said.

slow ROOM 30 lets each person write once in 30 seconds, hold shows each message to you before others see it, announce
lets only host and moderators write; with off behind the room, each ends. lock lets nobody new in, and without ROOM into
the chat; unlock ends it. clear deletes the history of a room, delete-message ROOM 17 one message, by its number.

The chat has to be open. Before it deletes a room or a history, it asks; --yes is the answer for scripts. The exit code
is 0 when it is done, 1 when the chat or you refuse it, 2 when what was given cannot be right, and 3 when the chat does
not answer."""


_HOOK = """Make, list and remove incoming webhooks of a chat that this computer hosts, also while it does.

Whatever posts {"text": "..."}, as to Slack, or {"content": "..."}, as to Discord, to the address of a hook speaks in
its room. The address is shown once, when the hook is made. A chat that is kept in memory alone has no hooks."""


_TOKENS = """Issue tokens (JWT) for signing in, say what one is, and revoke one, also while the chat is open.

issue WHO prints a token for a person, who stays the same one with their next token. show reads a token, from a file or
from what comes in, and says whether the chat takes it. revoke takes a token's id, or reads the token. The key is that
of --jwt-key: to issue, a secret or a private key. The exit code of show is 0 for a valid token, and 1 for another."""


_INVITE = """Invite people to a chat that this computer hosts, while it is open, and let in who waits.

Without a word it makes an invitation and prints its link, which is shown once; with new NAME, for somebody who is
called so. The others: list, revoke ID, waiting, accept [NAME], decline NAME."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Print one sentence instead of argparse's usage text, and exit."""
        sentence = message[:1].upper() + message[1:].rstrip(".")
        self.exit(EXIT_USAGE, f"{sentence}; see {self.prog} --help.\n")


def run(arguments: Sequence[str]) -> int:
    """Run the program and return its exit code. A ``chatdesk://`` link instead of a command joins."""
    link = bool(arguments) and arguments[0].lower().startswith(f"{OWN_SCHEME}://")
    asked = _parser().parse_args(["join", *arguments] if link else arguments)
    try:
        if asked.command == "paths":  # before options are resolved: it helps with a broken configuration file
            return show_paths(asked)
        return _start(asked.command, resolve_options(vars(asked), os.environ))
    except (ConfigError, start.StartError, ArchiveError, WriteError) as error:
        print_stderr(str(error))
        if asked.command in _WITH_WINDOW and started_from_icon():
            app.show_failure(str(error))
        return EXIT_USAGE


def _start(command: str, resolved: ResolvedOptions) -> int:
    options = argparse.Namespace(**resolved.values)
    if command in archive.COMMANDS:
        return archive.run(options)
    if command == "doctor":
        return app.run_doctor(options)
    if command == "hook":
        return hook_command.run(options)
    if command == "token":
        return app.run_token(options)
    if command in (*_IN_TERMINAL, "people", "invite", "room"):
        return app.run_terminal(options)
    if command == "hosts":
        resolved.check_discovery()
        return app.run_hosts(options.seconds, as_json=options.json)
    config = resolved.server_config()
    if options.log_json:
        logging_setup.use_json()
    check_home()
    logger.info(
        "ChatDesk %s, Python %s, %s %s %s: %s",
        __version__,
        platform.python_version(),
        *(platform.system(), platform.release(), platform.machine()),  # platform.platform() starts a program for this
        command or "start",
    )
    if command == "serve":
        return headless.run_headless(config)
    if command == "host":
        return app.run_desktop(start.Host(options.nickname), config)
    if command == "join":
        return app.run_desktop(start.Join(options.url, options.nickname), config)
    return app.run_desktop(start.StartScreen(options.nickname), config)


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = _Parser(
        prog="chatdesk",
        description="A chat for a room full of people, out of one computer.",
        epilog=_EXAMPLES,
        formatter_class=raw,
    )
    parser.add_argument("--version", action="version", version=f"chatdesk {__version__}")
    add_options(parser, START_SCREEN)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    parser.set_defaults(command=START_SCREEN)

    def add(name: str, summary: str, description: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=summary, description=description, formatter_class=raw)
        add_options(command, name)
        return command

    add("host", "open the window and host a chat", "Host a chat.")
    join = add("join", "open the window and join a chat", "Join a chat.")
    join.add_argument("url", metavar="URL", help="the address that the host shows, such as 192.168.4.20:8080")
    add("serve", "host a chat without a window", "Serve without a window.")
    send = add("send", "say something from a script", _SEND)
    send.add_argument("text", metavar="TEXT", nargs="?", help="the message; without it, what comes in")
    add("tail", "follow what is said in a room", _TAIL)
    add("stats", "watch how busy a chat is", _STATS)
    hook = add("hook", "let other programs speak in a chat that you host", _HOOK)
    hook.add_argument("action", choices=hook_command.ACTIONS, help="what to do")
    hook.add_argument("hook", metavar="HOOK", nargs="?", help="the name of the hook, under which it speaks")
    people = add("people", "keep order in a chat that you host", _PEOPLE)
    people.add_argument("action", choices=PEOPLE_ACTIONS, help="what to do")
    people.add_argument("who", metavar="WHO", nargs="?", help="a nickname, or @ and an author as list shows it")
    people.add_argument("to", metavar="TO", nargs="?", help="role: moderator, member or guest; rename: the new name")
    room = add("room", "list, slow down, lock and delete the rooms of a chat that you host", _ROOMS)
    room.add_argument("action", choices=("list", "delete", *room_acts_command.ACTIONS), help="what to do")
    room.add_argument("which", metavar="ROOM", nargs="?", help="which room")
    room.add_argument("value", metavar="VALUE", nargs="?", help="slow: seconds, or off; hold, announce: off to end it")
    token = add("token", "issue, explain and revoke tokens for signing in", _TOKENS)
    token.add_argument("action", choices=("issue", "show", "revoke"), help="what to do")
    token.add_argument(
        "subject", metavar="WHO", nargs="?", help="issue: for whom; show: a file with the token; revoke: the token's id"
    )
    invite = add("invite", "invite people to a chat that you host, and let them in", _INVITE)
    invite.add_argument("action", choices=_INVITING, nargs="?", default="new", help="what to do; by default new")
    invite.add_argument("which", metavar="WHICH", nargs="?", help="which invitation, or who")
    archive.add_export_arguments(add("export", "write what was said to a file", archive.EXPORT))
    archive.add_backup_arguments(add("backup", "copy a chat's history", archive.BACKUP))
    archive.add_import_arguments(add("import", "bring what was said elsewhere into a new chat", archive.IMPORT))
    doctor = add("doctor", "find out why others cannot join", _DOCTOR)
    doctor.add_argument(
        "url", metavar="URL", nargs="?", help="the chat that cannot be joined, such as 192.168.4.20:8080"
    )
    add("hosts", "list the chats around", "List the chats that announce themselves on the networks of this computer.")
    add("paths", "show where everything lies", "Show where settings, histories and the log lie, and what is there.")
    return parser
