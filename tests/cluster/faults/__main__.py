"""``python -m tests.cluster.faults --rounds 200 --seed 1``: so many random faults, and what they have broken."""

from tests.cluster.faults.faults import ALL
from tests.cluster.faults.rounds import main
from tests.cluster.faults.world import world

if __name__ == "__main__":
    main(world, ALL, __doc__)
