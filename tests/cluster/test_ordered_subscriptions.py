"""Subscriptions that a node has others know of: what is left of those whose room is deleted meanwhile."""

from chatdesk.cluster.ordered_subscriptions import SubscriptionsInOrder
from chatdesk.log.memory import MemoryStore
from chatdesk.log.ordered_log import ProposedChange
from chatdesk.log.room_log import LogError, StorageProblem
from chatdesk.log.rooms import StoredSubscription, Subscription

AWAY = LogError(StorageProblem("away", "Nobody orders."))


async def test_nothing_is_kept_of_a_room_that_is_deleted_before_its_subscriptions_could_be_ordered() -> None:
    proposed: list[ProposedChange] = []
    lobby = Subscription()
    store = MemoryStore()
    subscriptions = SubscriptionsInOrder(lambda _operation, change: proposed.append(change), store, store.extent, ())
    for number in range(3):
        subscriptions.changed(StoredSubscription("kit", f"made-{number}", Subscription()))
        subscriptions.changed(StoredSubscription("kit", "lobby", lobby))
        subscriptions.propose_changed()
        subscriptions.room_deleted(f"made-{number}")
        proposed.pop().reply(AWAY)
    assert not subscriptions._orphaned
    assert subscriptions._changed == {("kit", "lobby"): StoredSubscription("kit", "lobby", lobby)}
    await subscriptions.settle()
