"""The lines in which ``chatdesk stats`` shows what a chat tells of itself."""

from collections.abc import Iterable, Iterator

import msgspec

from chatdesk.protocol.text import clean_text

_BARS = "▁▂▃▄▅▆▇█"
_LABEL_CHARS = 12


class LoopLag(msgspec.Struct):
    """How late timers run, in milliseconds."""

    p50: float
    p99: float


class Figures(msgspec.Struct):
    """What ``/stats`` tells, as far as it is shown."""

    name: str
    host: str
    connections: int
    users: int
    rooms: int
    messages_total: int
    messages_per_second: float
    deliveries_total: int
    bytes_in: int
    bytes_out: int
    slow_clients: int
    storage: str
    max_connections: int
    uptime_seconds: float
    memory_bytes: int
    loop_lag_ms: LoopLag
    limits: dict[str, int]


def screen(figures: Figures, before: Figures, seconds: float, rates: Iterable[float]) -> list[str]:
    """The figures of ``/stats`` as lines of text; ``before`` are those of so many seconds ago.

    ``rates`` are the messages of each of the last seconds, for a curve.
    """
    return [*_lines(figures, before, seconds, [*rates])]


def _lines(figures: Figures, before: Figures, seconds: float, rates: list[float]) -> Iterator[str]:
    def rate(name: str) -> float:
        return (getattr(figures, name) - getattr(before, name)) / seconds if seconds > 0 else 0.0

    lag, storage = figures.loop_lag_ms, figures.storage
    host = f", hosted by {_shown(figures.host)}" if figures.host else ""
    yield f"{_shown(figures.name)}{host}, open for {duration(figures.uptime_seconds)}"
    yield ""
    yield _row("People", f"{figures.users:,}; rooms that are open: {figures.rooms:,}")
    slow = f", {figures.slow_clients:,} of them read too slowly" if figures.slow_clients else ""
    yield _row("Connections", f"{figures.connections:,} of at most {figures.max_connections:,}{slow}")
    yield _row("Messages", f"{rates[-1]:,.1f} a second, {figures.messages_total:,} since the start")
    if len(rates) > 1:
        yield _row("", curve(rates))
    yield _row("Deliveries", f"{rate('deliveries_total'):,.0f} a second")
    yield _row("Traffic", f"{size(rate('bytes_out'))} out, {size(rate('bytes_in'))} in, a second")
    yield _row("Delay", f"{lag.p50:.1f} ms as a rule, in one of a hundred cases {lag.p99:.1f} ms or more")
    yield _row("Memory", size(figures.memory_bytes))
    yield _row("Storage", "ok" if storage == "ok" else f"{_shown(storage)}: what is said waits")
    limits = figures.limits
    yield _row("Limits", "none had an effect" if not limits else "")
    for name, count in sorted(limits.items()):
        more = count - before.limits.get(name, 0)
        yield _row("", f"{_shown(name)} {count:,}{f', {more:,} just now' if more > 0 else ''}")


def _shown(text: str) -> str:
    return clean_text(text).replace("\n", " ")


def _row(label: str, text: str) -> str:
    return f"{label:<{_LABEL_CHARS}}{text}".rstrip()


def curve(rates: list[float]) -> str:
    """A bar for each rate, the highest of them at full height."""
    most = max(rates, default=0.0)
    return "".join(_BARS[round(rate / most * (len(_BARS) - 1))] if most else _BARS[0] for rate in rates)


def size(count: float) -> str:
    """Bytes in the largest unit of which there is one."""
    for unit in ("B", "KB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def duration(seconds: float) -> str:
    """Days, hours and minutes, or seconds for less than a minute."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{days} d" if days else "", f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]
    return " ".join(filter(None, parts)) or f"{rest} s"
