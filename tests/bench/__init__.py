"""How fast ChatDesk is, beside other servers on the same machine: ``python -m tests.bench`` prints one table."""
