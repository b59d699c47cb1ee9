"""``chatdesk hook``: makes, lists and removes the incoming webhooks of a chat that this machine hosts."""

import argparse
import json
from pathlib import Path

from chatdesk.config import ConfigError
from chatdesk.console import print_line, print_stderr
from chatdesk.discovery.addresses import shown_address, web_url
from chatdesk.log.hook_file import Hook, HookFile
from chatdesk.paths import chat_folder, make_private
from chatdesk.protocol import times
from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.names import LOBBY, clean_nickname, clean_room

ACTIONS = ("add", "list", "remove")


def run(options: argparse.Namespace) -> int:
    """Run what is asked for and return the exit code. Raises ConfigError."""
    folder: Path = options.data_dir or chat_folder(options.name)
    try:
        if options.action == "list":
            return _list(HookFile(folder), as_json=options.json)
        if not options.hook:
            raise ConfigError(f"Name the hook, as in: chatdesk hook {options.action} CI.")
        if options.action == "add":
            make_private(folder)
            return _add(HookFile(folder), options)
        return _remove(HookFile(folder), options.hook)
    except ProtocolError as error:
        raise ConfigError(str(error)) from None
    except ValueError:
        raise ConfigError(f"The hooks in {folder} cannot be read: remove the file hooks.json there.") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"The hooks in {folder} cannot be kept ({reason}): make that possible.") from None


def _add(file: HookFile, options: argparse.Namespace) -> int:
    name, room = clean_nickname(options.hook), clean_room(options.room or LOBBY)
    if file.named(name):
        raise ConfigError(f"There is a hook {name} already: remove it first, or choose another name.")
    encrypted = options.tls or options.tls_cert is not None
    url = options.public_url or web_url(shown_address(options.bind), options.port, encrypted=encrypted)
    address = f"{url.rstrip('/')}/hooks/{file.add(name, room)}"
    if options.json:
        print_line(json.dumps({"name": name, "room": room, "url": address}))
        return 0
    print_line(address)
    print_stderr(
        f"Anybody who knows this address can speak in {room} as {name}. It is shown only now; try it with:\n"
        f'curl --json \'{{"text": "Hello"}}\' {address}'
    )
    return 0


def _list(file: HookFile, *, as_json: bool) -> int:
    if as_json:
        print_line(json.dumps([_described(hook) for hook in file.hooks()]))
        return 0
    for hook in file.hooks():
        print_line(f"{hook.name}  {hook.room}  {times.timestamp(hook.created)}")
    if not file.hooks():
        print_stderr("There are no hooks: chatdesk hook add CI --room build makes one.")
    return 0


def _remove(file: HookFile, name: str) -> int:
    hook = file.named(name)
    if hook is None:
        raise ConfigError(f"There is no hook {name}: chatdesk hook list shows those that there are.")
    file.remove(hook)
    return 0


def _described(hook: Hook) -> dict[str, str]:
    return {"name": hook.name, "room": hook.room, "created": times.timestamp(hook.created)}
