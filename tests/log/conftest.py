"""Disks of their own for the tests that want some."""

from tests.log.disk_fixtures import disk, hardware, pytest_pyfunc_call

__all__ = ["disk", "hardware", "pytest_pyfunc_call"]
