"""The control file of the Debian package."""

from pathlib import Path

import deb

CONTROL = deb.control("1.2.3", kilobytes=1000, glibc=36)


def field(name: str) -> str:
    (value,) = [line.partition(": ")[2] for line in CONTROL.splitlines() if line.startswith(f"{name}: ")]
    return value


def test_name_version_and_size_are_said() -> None:
    assert (field("Package"), field("Version"), field("Installed-Size")) == ("chatdesk", "1.2.3", "1000")


def test_every_library_that_the_window_looks_for_is_depended_on() -> None:
    for library in ("libgl1", "libegl1", "libdbus-1-3", "libfontconfig1", "libxcb-cursor0", "libxkbcommon-x11-0"):
        assert library in field("Depends").split(", ")


def test_releases_with_64_bit_time_and_those_before_are_served() -> None:
    assert "libglib2.0-0t64 | libglib2.0-0" in field("Depends").split(", ")


def test_a_c_library_that_is_too_old_is_refused() -> None:
    assert field("Depends").startswith("libc6 (>= 2.36), ")


def test_no_line_of_the_description_is_cut() -> None:
    description = CONTROL.partition("Description: ")[2].splitlines()
    assert not description[0].endswith(".")
    assert all(line.startswith(" ") and len(line) <= 80 for line in description[1:])


def test_the_examples_for_proxies_are_in_it(tmp_path: Path) -> None:
    sbom = tmp_path / "sbom"
    sbom.touch()
    deb._write_documents(tmp_path / "doc", sbom)
    examples = {file.name for file in (tmp_path / "doc" / "examples" / "proxies").iterdir()}
    assert {"README.md", "nginx-https.conf", "haproxy-https.cfg", "caddy-https.Caddyfile"} <= examples
