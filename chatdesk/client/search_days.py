"""The days of a search, as the person who searches means them: in their own time zone, wherever the host is.

The page has the same in ``search-days.js``.
"""

import re
from datetime import UTC, datetime, timedelta

from chatdesk.protocol.limits import QUERY_CHARS

_DAY = re.compile(r"(?<!\S)(before|after)([:：])([0-9]{4})-([0-9]{2})-([0-9]{2})(?!\S)", re.IGNORECASE)


def with_own_days(query: str) -> str:
    """Return a query whose ``before:`` and ``after:`` a day say the moment at which it begins, or is over, here.

    What is no day stays, for the server to explain; so does all of a query that would become too long.
    """
    absolute = _DAY.sub(_moment, query)
    return absolute if len(absolute) <= QUERY_CHARS else query


def _moment(match: re.Match[str]) -> str:
    key, colon, year, month, number = match.groups()
    try:
        day = datetime(int(year), int(month), int(number))  # of this computer's time zone
        moment = day if key.lower() == "before" else day + timedelta(days=1)
        return f"{key}{colon}{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError, OSError):
        return match[0]
