"""Asking who is there."""

from chatdesk.protocol import commands
from chatdesk.server.commands.row import Row
from chatdesk.server.membership import Membership
from chatdesk.server.permissions import Right
from chatdesk.server.rate_limits import Spending
from chatdesk.server.session import Session


def _users(session: Session, membership: Membership, users: commands.Users) -> None:
    session.send(membership.room.users_page(users))


ROWS = (Row(commands.Users, Right.LIST_PEOPLE, Spending.QUERIES, _users),)
