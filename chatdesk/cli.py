"""Arguments to configuration to app. What is wrong is said in one sentence, with exit code 2."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from chatdesk import __version__, app
from chatdesk.config import MESSAGE_RATE, NAME, ConfigError, ServerConfig
from chatdesk.export.whole_file import WriteError
from chatdesk.takeout import arguments as takeout
from chatdesk.takeout.source import TakeoutError

EXIT_USAGE = 2

_EXAMPLES = """examples:
  chatdesk                                  open the start screen
  chatdesk host --nickname Mara             host a chat, and be in it as Mara
  chatdesk join 192.168.4.20:8080           join the chat at this address
  chatdesk serve --port 9000 --bind 127.0.0.1
                                            serve without a window, to this machine only
  chatdesk export evening.html              what was said, as a page that opens anywhere
  chatdesk backup evening.db                a copy of the whole history
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence instead of argparse's usage text."""
        sentence = message[:1].upper() + message[1:].rstrip(".")
        self.exit(EXIT_USAGE, f"{sentence}; see {self.prog} --help.\n")


def run(arguments: Sequence[str]) -> int:
    """Run the program; the result is its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return _start(options)
    except (ConfigError, app.StartError, TakeoutError, WriteError) as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE


def _start(options: argparse.Namespace) -> int:
    if options.command == "serve":
        return app.run_headless(_config(options))
    if options.command == "host":
        return app.run_desktop(app.Host(_config(options), options.nickname))
    if options.command == "join":
        return app.run_desktop(app.Join(options.url, options.nickname))
    if options.command in takeout.COMMANDS:
        return takeout.carry_out(options)
    return app.run_desktop(None)


def _config(options: argparse.Namespace) -> ServerConfig:
    return ServerConfig(
        port=options.port,
        bind=options.bind,
        data_dir=options.data_dir,
        in_memory=options.in_memory,
        keep_days=options.keep_days,
        keep_messages=options.keep_messages,
        max_connections=options.max_connections,
        message_rate=options.message_rate,
        name=options.name,
        discovery=options.discovery,
    )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="chatdesk",
        description="A chat for a room full of people, out of one computer.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"chatdesk {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    host = commands.add_parser("host", help="open the window and host a chat", description="Host a chat.")
    _add_nickname(host)
    _add_server_options(host)
    join = commands.add_parser("join", help="open the window and join a chat", description="Join a chat.")
    join.add_argument("url", metavar="URL", help="the address that the host shows, such as 192.168.4.20:8080")
    _add_nickname(join)
    serve = commands.add_parser("serve", help="host a chat without a window", description="Serve without a window.")
    _add_server_options(serve)
    _add_takeout(commands)
    return parser


def _add_takeout(commands: "argparse._SubParsersAction[_Parser]") -> None:
    raw = argparse.RawDescriptionHelpFormatter
    export = commands.add_parser(
        "export", help="write what was said to a file", description=takeout.EXPORT, formatter_class=raw
    )
    takeout.add_export_options(export)
    backup = commands.add_parser(
        "backup", help="copy a chat's history", description=takeout.BACKUP, formatter_class=raw
    )
    takeout.add_backup_options(backup)


def _add_nickname(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--nickname", metavar="NAME", help="what the others call you (default: the last one used)")


def _add_server_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8080, help="port to listen on; 0 takes a free one (default: 8080)")
    parser.add_argument("--bind", default="0.0.0.0", metavar="ADDRESS", help="address to listen on (default: all)")  # noqa: S104
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="folder for the chat's history (default: one for each --name)"
    )
    parser.add_argument("--in-memory", action="store_true", help="keep nothing on disk: all is gone at the end")
    parser.add_argument(
        "--keep-days", type=float, default=0.0, metavar="N", help="forget messages after N days; 0: never (default: 0)"
    )
    parser.add_argument(
        "--keep-messages",
        type=int,
        default=0,
        metavar="N",
        help="keep the latest N messages of a room; 0: all (default: 0)",
    )
    parser.add_argument(
        "--max-connections", type=int, default=1000, metavar="N", help="people at once, at most (default: 1000)"
    )
    parser.add_argument(
        "--message-rate",
        type=float,
        default=MESSAGE_RATE,
        metavar="N",
        help=f"messages per second and person, with a burst of twice that; 0: no limit (default: {MESSAGE_RATE:g})",
    )
    parser.add_argument("--name", default=NAME, help=f"what the chat is called (default: {NAME})")
    parser.add_argument(
        "--no-discovery", dest="discovery", action="store_false", help="others do not find this chat by themselves"
    )
