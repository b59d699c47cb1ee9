"""Makes the disk fixtures available to the tests of the log."""

from tests.log.disk_fixtures import disk, hardware, pytest_pyfunc_call

__all__ = ["disk", "hardware", "pytest_pyfunc_call"]
