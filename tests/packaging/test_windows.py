"""The version resource, which Windows shows in the program's properties."""

import ast
import re

import windows
from project import PACKAGING


def test_the_version_resource_has_four_numbers_and_the_version() -> None:
    text = windows.version_resource("7.8.9")
    (call,) = ast.parse(text).body
    assert isinstance(call, ast.Expr)
    assert "filevers=(7, 8, 9, 0)" in text
    assert 'StringStruct("ProductVersion", "7.8.9")' in text


def test_the_installer_takes_what_there_is() -> None:
    folder = PACKAGING / "windows"
    sources = re.findall(r'^Source: "([^"]+)"', (folder / "chatdesk.iss").read_text(), re.MULTILINE)
    assert sources == [r"..\..\dist\chatdesk\*", "firewall.cmd"]
    assert (folder / "firewall.cmd").is_file()


def test_the_firewall_lets_only_this_program_in_and_only_on_networks_one_trusts() -> None:
    script = (PACKAGING / "windows" / "firewall.cmd").read_text()
    (rule,) = re.findall(r"add rule .*", script)
    assert 'program="%PROGRAM%"' in rule
    assert "profile=private,domain" in rule
    assert r"set PROGRAM=%~dp0chatdesk.exe" in script
