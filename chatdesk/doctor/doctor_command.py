"""``chatdesk doctor``: runs an examination and prints it."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

from chatdesk.discovery.networks import own_networks
from chatdesk.doctor.examine import examine_address, examine_host, hosted_chat
from chatdesk.doctor.report import Report
from chatdesk.doctor.text_report import TextReport

EXIT_PROBLEM = 1
"""The exit code when the diagnosis is a problem."""

FindToken = Callable[[str, Path | None], str]
"""Returns the token that authorizes the doctor, by the name of a chat or by its data folder."""


class DoctorError(Exception):
    """Nothing can be examined; the text is a sentence that says what to do."""


def run_doctor(options: argparse.Namespace, find_token: FindToken) -> int:
    """Examine and print the report; return the exit code.

    ``find_token`` returns the token with which the doctor may ask the chat's people to call back. Raises
    DoctorError.
    """
    if not 0 < options.port < 65536:
        raise DoctorError("Say with --port on which port the chat is hosted: a number from 1 to 65535.")
    output = TextReport(sys.stdout, colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    try:
        report = asyncio.run(_examine(options, output, find_token))
    except ValueError as error:
        raise DoctorError(str(error)) from None
    output.write_diagnosis(report)
    return 0 if report.fine else EXIT_PROBLEM


async def _examine(options: argparse.Namespace, output: TextReport, find_token: FindToken) -> Report:
    networks = own_networks()
    if options.url is not None:
        return await examine_address(options.url, networks, output.write_finding)
    chat = await hosted_chat(options.port, networks)
    if chat.public_url:  # people use the proxy: what happens without it does not matter
        return await examine_address(chat.public_url, networks, output.write_finding)
    return await examine_host(options.port, networks, output.write_finding, find_token(chat.name, options.data_dir))
