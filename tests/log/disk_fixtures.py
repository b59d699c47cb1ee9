"""Fixtures for tests that need a disk of their own.

A conftest.py imports them. Where the process may not mount, it runs such a test as root of a namespace.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.log.disks import MAY_MOUNT, Disk, FailingDisk, failing_disk, small_disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk | None]:
    """A small disk; None in the process that only starts another one for the test."""
    if MAY_MOUNT:
        with small_disk(tmp_path / "disk") as disk:
            yield disk
    else:
        yield None


@pytest.fixture
def hardware(tmp_path: Path) -> Iterator[FailingDisk | None]:
    """A disk that can fail."""
    if MAY_MOUNT:
        with failing_disk(tmp_path / "hardware") as disk:
            yield disk
    else:
        yield None


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that mounts in a namespace of its own if this process may not mount."""
    if MAY_MOUNT or "disk" not in pyfuncitem.fixturenames:
        return None
    command = ["unshare", "-rm", sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", pyfuncitem.nodeid]
    run = subprocess.run(command, cwd=pyfuncitem.config.rootpath, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return True
