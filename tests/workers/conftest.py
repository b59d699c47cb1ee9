"""Makes the disk fixtures available to the tests of workers."""

from tests.log.disk_fixtures import disk, pytest_pyfunc_call

__all__ = ["disk", "pytest_pyfunc_call"]
