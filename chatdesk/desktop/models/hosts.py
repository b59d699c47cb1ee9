"""The chats found on the network, in the order in which they were found, so that later ones move none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from chatdesk.desktop.text import tooltip_markup
from chatdesk.discovery.found_host import FoundHost
from chatdesk.protocol.text import isolated

HOST = Qt.ItemDataRole.UserRole
"""The role for the ``FoundHost`` itself."""

GONE = HOST + 1
"""The role for whether it has vanished and is only kept in its place."""

DETAIL = HOST + 2
"""The role for the text behind the host's name: the number of people, what newcomers are asked for, and the address if
the name is not unique."""

WARNING = HOST + 3
"""The role for words that say why it is not to be trusted by itself; empty for most."""

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class _Row:
    host: FoundHost
    gone: bool = False


class HostsModel(QAbstractListModel):
    """Rows of ``FoundHost``. While it is held, a host that vanishes keeps its row: none moves under a pointer."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[_Row] = []
        self._held = False
        self._warning: Callable[[FoundHost], str] = lambda _host: ""

    def set_warning(self, warning: Callable[[FoundHost], str]) -> None:
        """Let ``warning`` find words for hosts that promise another key than the known one."""
        self._warning = warning

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.host.name
            case Qt.ItemDataRole.ToolTipRole:
                return tooltip_markup(f"{isolated(row.host.name)}, {_host_and_addresses(row.host)}")
            case Qt.ItemDataRole.AccessibleTextRole:
                host = row.host
                detail = self._warning(host) or self._detail(row)
                parts = (host.name, host.host, detail)
                return ", ".join(isolated(part) for part in parts if part)
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return _host_and_addresses(row.host)
            case _ if role == DETAIL:
                return self._warning(row.host) or self._detail(row)
            case _ if role == WARNING:
                return self._warning(row.host)
        return {HOST: row.host, GONE: row.gone}.get(role)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Disable hosts that have vanished."""
        flags = super().flags(index)
        return flags & ~Qt.ItemFlag.ItemIsEnabled if index.isValid() and self._rows[index.row()].gone else flags

    def set_hosts(self, hosts: Sequence[FoundHost]) -> None:
        """Set the hosts that are found now."""
        present = list(hosts)
        for position in reversed(range(len(self._rows))):
            row = self._rows[position]
            host = next((host for host in present if _is_same(host, row.host)), None)
            if host:
                present.remove(host)
            if host is None and not self._held:
                self._remove(position)
            elif (new := _Row(host or row.host, gone=host is None)) != row:
                self._rows[position] = new
                self.dataChanged.emit(self.index(position), self.index(position))
        self._append(sorted(present, key=lambda host: (host.name.casefold(), host.addresses)))

    def set_held(self, held: bool) -> None:
        """Keep all rows in place, or release them and remove the hosts that have vanished."""
        self._held = held
        if not held:
            for position in reversed(range(len(self._rows))):
                if self._rows[position].gone:
                    self._remove(position)

    def _detail(self, row: _Row) -> str:
        now = ("no longer there",) if row.gone else (people_present_text(row.host), _entry_words(row.host))
        alone = sum(_names(other.host) == _names(row.host) for other in self._rows) == 1
        return ", ".join(filter(None, (*now, "" if alone else row.host.addresses[0])))

    def _append(self, hosts: Sequence[FoundHost]) -> None:
        if hosts:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(hosts) - 1)
            self._rows += map(_Row, hosts)
            self.endInsertRows()

    def _remove(self, position: int) -> None:
        self.beginRemoveRows(QModelIndex(), position, position)
        del self._rows[position]
        self.endRemoveRows()


def people_present_text(host: FoundHost) -> str:
    """Return the number of people, as text."""
    return f"{host.people} here"


def _is_same(one: FoundHost, other: FoundHost) -> bool:
    """Compare id and addresses: anybody can copy an id, but not an address."""
    return one.server_id == other.server_id and not set(one.addresses).isdisjoint(other.addresses)


def _names(host: FoundHost) -> tuple[str, str]:
    return host.name, host.host


def _host_and_addresses(host: FoundHost) -> str:
    """Return host name and addresses, which distinguish it from others of its name."""
    return ", ".join(isolated(part) for part in (host.host, *host.addresses) if part)


def _entry_words(host: FoundHost) -> str:
    """What a chat asks newcomers for, in words; empty for nothing, or for what is not known."""
    if "locked" in host.entry or (host.locked and not host.entry):
        return "nobody new"
    known = {"token": "asks for a token", "password": "asks for a password", "approval": "asks the host"}
    return ", ".join(words for word, words in known.items() if word in host.entry)
