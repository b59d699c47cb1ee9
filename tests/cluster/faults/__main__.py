"""``python -m tests.cluster.faults --rounds 200 --seed 1``: so many random faults, and what they have broken."""

import argparse
import sys

from tests.cluster.faults.rounds import run


def main() -> None:
    """Run what the arguments ask for; ends with 1 if something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, metavar="N", help="how many faults")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="decides which, and when")
    options = parser.parse_args()
    verdict = run(options.rounds, options.seed, lambda line: print(line, flush=True))
    print(verdict)
    sys.exit(1 if verdict.wrong else 0)


if __name__ == "__main__":
    main()
