"""The figures as one table, with ChatDesk's targets beside them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.bench.contenders import Contender
from tests.bench.log import MEMORY_AT
from tests.bench.plan import ROOMS, Figures
from tests.bench.queries import PAGES, SEARCHES

Results = Mapping[str, Figures]
"""The figures of a row by the contender's name."""

_PEERS = ("websockets", "Node ws")
_UWS = "uWebSockets"
_ASYNCIO = "asyncio"


@dataclass(frozen=True)
class Row:
    """A row of the table.

    ``met`` decides from all figures of the row whether the named server of ours reaches the target. It is called only
    if the row has a figure of one of ``against``.
    """

    key: str
    title: str
    show: str = "{:.1f}"
    target: str = ""
    met: Callable[[str, Mapping[str, float]], bool] | None = None
    against: tuple[str, ...] = ()


def render(contenders: Sequence[Contender], results: Results, rooms: Sequence[int] = ROOMS) -> str:
    """Return the whole table as text, without rows that have no figures. ``rooms`` are the sizes of large rooms."""
    header = ["", *(contender.name for contender in contenders), "target", "met"]
    lines = [header]
    for row in [*_ROWS, *_large_rooms(rooms)]:
        figures = {name: values[row.key] for name, values in results.items() if row.key in values}
        if figures:
            cells = [_cell(row, contender, figures) for contender in contenders]
            lines.append([row.title, *cells, row.target, _verdict(row, contenders, figures)])
    return _align(lines)


def _cell(row: Row, contender: Contender, figures: Mapping[str, float]) -> str:
    if contender.name in figures:
        return row.show.format(figures[contender.name])
    return contender.missing or "-"


def _verdict(row: Row, contenders: Iterable[Contender], figures: Mapping[str, float]) -> str:
    met = row.met
    ours = [contender.name for contender in contenders if contender.ours and contender.name in figures]
    if met is None or not ours:
        return ""
    if row.against and not any(name in figures for name in row.against):
        return f"needs {' or '.join(row.against)}"
    missed = [name for name in ours if not met(name, figures)]
    return f"NOT MET: {', '.join(missed)}" if missed else "met"


def _align(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    last = len(widths) - 2
    return "\n".join(
        "  ".join(
            cell.rjust(width) if 0 < index < last else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _at_most(limit: float, **of: float) -> Callable[[str, Mapping[str, float]], bool]:
    """Return a check that our figure is at most ``limit``, or at most what ``of`` has for this server."""
    return lambda name, figures: figures[name] <= of.get(name, limit)


def _at_least(limit: float) -> Callable[[str, Mapping[str, float]], bool]:
    return lambda name, figures: figures[name] >= limit


def _complete(name: str, figures: Mapping[str, float]) -> bool:
    return figures[name] == 100


def _peers(figures: Mapping[str, float]) -> list[float]:
    return [figures[name] for name in _PEERS if name in figures]


def _ten_times_the_peers(name: str, figures: Mapping[str, float]) -> bool:
    return figures[name] >= 10 * max(_peers(figures))


def _twice_asyncio(name: str, figures: Mapping[str, float]) -> bool:
    return figures[name] <= 2 * figures[_ASYNCIO]


def _of_uwebsockets(times: float) -> Callable[[str, Mapping[str, float]], bool]:
    """Return a check of the server without a window, since one with a window has two things to do on its core."""
    return lambda name, figures: name != "headless" or figures[name] <= times * figures[_UWS]


def _headless_in_window(name: str, figures: Mapping[str, float]) -> bool:
    return name != "window" or figures[name] <= 1.5 * figures["headless"]


def _at_rate(rate: int) -> list[Row]:
    return [
        Row(f"complete at {rate}", f"{rate} msg/s: arrived, %", "{:.2f}", "all", _complete),
        Row(f"p50 at {rate}", f"{rate} msg/s: latency p50, ms", "{:.1f}", *_P50[rate], (_UWS,)),
        Row(f"p99 at {rate}", f"{rate} msg/s: latency p99, ms", "{:.1f}", "≤ 1.2 x uWS", _of_uwebsockets(1.2), (_UWS,)),
        Row(f"cpu at {rate}", f"{rate} msg/s: CPU per delivery, µs", "{:.2f}", *_CPU),
        Row(f"load at {rate}", f"{rate} msg/s: the load's own core, %", "{:.0f}"),
        Row(f"frame gap p99 at {rate}", f"{rate} msg/s: gap between frames p99, ms", target="≤ 20", met=_at_most(20)),
        Row(f"health p99 at {rate}", f"{rate} msg/s: /health p99, ms", target="< 100", met=_at_most(100)),
    ]


_CPU = ("≤ 0.7 x uWS", _of_uwebsockets(0.7), (_UWS,))
_P50 = {100: ("≤ 2 x uWS", _of_uwebsockets(2)), 400: ("≤ 1.2 x uWS", _of_uwebsockets(1.2))}


def _large_rooms(sizes: Iterable[int]) -> list[Row]:
    window = ("≤ 1.5 x headless", _headless_in_window, ("headless",))
    rows = []
    for size in sizes:
        rows += [
            Row(f"joins {size}", f"{size:,} people come: until all are in the room, s", "{:.2f}"),
            Row(f"joins cpu {size}", f"{size:,} people come: CPU, s", "{:.2f}", *window),
            Row(f"joins bytes {size}", f"{size:,} people come: sent to them, MB"),
            Row(f"joins delay {size}", f"{size:,} people come: a message meanwhile, longest delay, ms"),
            Row(
                f"joins frame gap {size}",
                f"{size:,} people come: gap between frames p99, ms",
                "{:.1f}",
                "< 33",
                _at_most(33),
            ),
        ]
    rows.append(Row("joins growth", "CPU of 10,000 who come, of 5,000", "{:.2f} x", "≤ 2.2", _at_most(2.2)))
    for size in sizes:
        rows += [
            Row(f"room complete {size}", f"{size:,} people, 20 msg/s: arrived, %", "{:.2f}", "all", _complete),
            Row(f"room p50 {size}", f"{size:,} people, 20 msg/s: latency p50, ms"),
            Row(f"room p99 {size}", f"{size:,} people, 20 msg/s: latency p99, ms"),
            Row(f"room cpu {size}", f"{size:,} people, 20 msg/s: CPU per delivery, µs", "{:.2f}"),
            Row(f"room load {size}", f"{size:,} people, 20 msg/s: the load's own core, %", "{:.0f}"),
            Row(f"room memory {size}", f"{size:,} people: the server's memory, MB", "{:.0f}"),
        ]
    return rows


_LOG = [
    Row("kept", "messages kept by the server per second", "{:,.0f}"),
    Row("kept alone", "messages kept by the store, a commit for each, per second", "{:,.0f}"),
    Row("kept together", "messages kept by the store, 2,000 under way, per second", "{:,.0f}"),
    Row("gain", "how many times as many that is", target="≥ 20", met=_at_least(20)),
    Row("join", "long history: a join, ms", target="< 50", met=_at_most(50)),
    *(
        Row(f"page {place}", f"long history: 200 messages {place}, ms", target="< 50", met=_at_most(50))
        for place in PAGES
    ),
    Row("moment", "long history: 200 messages around a moment, ms", target="< 50", met=_at_most(50)),
    *(
        Row(f"search {name}", f"long history: a search for {name}, ms", target="< 50", met=_at_most(50))
        for name in SEARCHES
    ),
    Row("restart", "long history: until a restarted server is open, s", "{:.2f}"),
    *(Row(f"memory at {part}", f"memory after {part} % of a long history is said, MB") for part in MEMORY_AT),
    Row("memory growth", "growth between these, MB", target="≤ 2", met=_at_most(2)),
    Row("memory empty", "memory after all queries in an empty room, MB"),
    Row("memory full", "memory after all queries in a long history, MB"),
    Row("memory of history", "difference, MB", target="≤ 8", met=_at_most(8)),
]

_ROWS = [
    *_at_rate(100),
    *_at_rate(400),
    Row("saturation", "saturation: deliveries/s", "{:,.0f}", "≥ 10 x best peer", _ten_times_the_peers, _PEERS),
    Row("saturation complete", "saturation: arrived, %", "{:.2f}", "all", _complete),
    Row("saturation p99", "saturation: latency p99, ms"),
    Row("saturation cpu", "saturation: CPU per delivery, µs", "{:.2f}"),
    Row("saturation load", "saturation: the load's own core, %", "{:.0f}"),
    Row("memory", "memory per idle connection, KB", target="≤ 8, window ≤ 9", met=_at_most(8, window=9)),
    Row("accept", "connections accepted, s", "{:.2f}", "≤ 2 x asyncio", _twice_asyncio, (_ASYNCIO,)),
    Row("accept cpu", "connections accepted: CPU, s", "{:.2f}"),
    *_LOG,
]
