"""Which columns of a list are shown, and in which order do its rows stand? As the address says it.

`kolumner` names columns (`kolumner=nummer,status`, or once for each), `ordning` the one the list goes by, with `-`
before it for the largest first. The first column is always shown; the columns stand as the register has them. A name
that the list does not have is told of and otherwise left out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Generic, Literal, NamedTuple, Protocol, TypeVar
from urllib.parse import urlencode

from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict

from tracker.web.marks import LevelMark, StateMark
from tracker.web.pagination import Order
from tracker.web.parameters import printable

COLUMNS, ORDER = "kolumner", "ordning"
LONGEST_NAME = 40
MOST_UNKNOWN = 5
NOTHING = "–"


class Listed(Protocol):
    """A row of a register: its record's page is the register's address and this number."""

    @property
    def record_id(self) -> int:
        """The number of the record."""
        ...


Row = TypeVar("Row", bound=Listed)
About = TypeVar("About")


class WithNote(NamedTuple):
    """A text with a word about it beneath."""

    text: str
    note: str


class DayWithNote(NamedTuple):
    """A day with a word about it; a file has the day alone, as a day."""

    day: date
    note: str


@dataclass(frozen=True, slots=True)
class ListColumn(Generic[Row, About]):
    """A column that a list can show: `name` in the address, `label` at its head. `value` gives what a row has there: a
    text, day, number, mark, WithNote or DayWithNote, None for nothing; the second argument is what the page shares.

    `usual`: shown where the address chooses none. `order`: the column of the table that an index has in order, for a
    list that can go by it; `falling`: the largest first to begin with. `css` is the class of its cells.
    """

    name: str
    label: str
    value: Callable[[Row, About], object]
    usual: bool = True
    order: str = ""
    falling: bool = False
    css: str = ""
    kind: Literal["text", "date", "number"] = "text"


class Head(NamedTuple):
    """The head of a column: `sort` as `aria-sort` has it, empty where the list does not go by it; `to` is the address
    of the list in this order, or the other way round, empty where it cannot be ordered so.
    """

    label: str
    css: str
    sort: str
    to: str


@dataclass(frozen=True, slots=True)
class Arranged(Generic[Row, About]):
    """A list as an address wants it: `columns` are shown, `offered` could be; `order` is the one asked for, or `own`,
    the list's. `filters` are the other parameters of its address, which is `path`. The pages of its records lie below
    `records`.
    """

    path: str
    filters: Mapping[str, str]
    offered: Sequence[ListColumn[Row, About]]
    columns: Sequence[ListColumn[Row, About]]
    chosen: bool
    order: Order
    own: Order
    unknown_columns: Sequence[str]
    unknown_order: str
    records: str

    @property
    def parameters(self) -> dict[str, str]:
        """The choice as parameters of an address, only what is not as usual."""
        columns = {COLUMNS: self.names} if self.chosen else {}
        return columns | ({ORDER: self.order_name(self.order)} if self.order != self.own else {})

    @property
    def names(self) -> str:
        """The columns shown, as an address has them."""
        return ",".join(column.name for column in self.columns)

    def order_name(self, order: Order) -> str:
        """An order as an address has it; empty when no column of the list bears it."""
        name = next((column.name for column in self.offered if column.order == order.column), "")
        return f"-{name}" if name and order.falling else name

    def address(self, **more: object) -> str:
        """The address of the list as it is, and what more is said; what is None is left out."""
        told = {**self.filters, **self.parameters, **more}
        parameters = {name: value for name, value in told.items() if value is not None}
        return f"{self.path}?{urlencode(parameters)}" if parameters else self.path

    def ordered(self, order: Order) -> str:
        """The address of the list in another order."""
        return self.address(**{ORDER: None if order == self.own else self.order_name(order)})

    @property
    def unfiltered(self) -> str:
        """The address of the whole list, arranged as it is."""
        return f"{self.path}?{urlencode(self.parameters)}" if self.parameters else self.path

    @property
    def wanted(self) -> dict[str, str]:
        """Filters and choice together, as a saved view keeps them."""
        return {**self.filters, **self.parameters}

    def query(self, *, shown: bool = False) -> str:
        """The same for the address of a file; `shown`: always as the list is shown, columns named."""
        return urlencode(self.wanted | ({COLUMNS: self.names} if shown else {}))

    @property
    def whole_query(self) -> str:
        """The filters alone: the address of a file with all columns, which can be read in again."""
        return urlencode(self.filters)

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """(name, label, whether it is shown) of each column but the first, which always is."""
        return [(column.name, column.label, column in self.columns) for column in self.offered[1:]]

    @property
    def orders(self) -> list[tuple[str, str, bool]]:
        """(name, words, whether it is so) of each order, the list's own first."""
        found = []
        for column in self.offered:
            for falling in (column.falling, not column.falling) if column.order else ():
                order = Order(column.order, falling)
                name = "" if order == self.own else self.order_name(order)
                words = f"{column.label}, {_way(column.kind, falling)}"
                found.append((name, words, order == self.order))
        return sorted(found, key=lambda one: one[0] != "")

    def heads(self, order: Order | None = None) -> list[Head]:
        """The heads of the columns shown; `order`: the one the list stands in, where it could not be as asked for."""
        return [self._head(column, order or self.order) for column in self.columns]

    def _head(self, column: ListColumn[Row, About], order: Order) -> Head:
        css = "num" if column.css.startswith("num") else ""
        if not column.order:
            return Head(column.label, css, "", "")
        if column.order != order.column:
            return Head(column.label, css, "", self.ordered(Order(column.order, column.falling)))
        sort = "descending" if order.falling else "ascending"
        return Head(column.label, css, sort, self.ordered(Order(column.order, not order.falling)))

    def lines(self, rows: Iterable[Row], about: About) -> list[Markup]:
        """The cells of each row, the first one with the way to its record."""
        first, *further = self.columns
        opened = [(_opening(column.label, column.css), column.value) for column in further]
        start, path = _opening(first.label, first.css), self.records
        found = []
        for row in rows:
            line = f'{start}<a href="{path}/{row.record_id}">{_shown(first.value(row, about))}</a></td>'
            for opening, value in opened:
                line += f"{opening}{_shown(value(row, about))}</td>"
            found.append(Markup(line))  # noqa: S704 - `_shown` has made each part safe
        return found

    def told(self, rows: Iterable[Row], about: About) -> Iterator[tuple[object, ...]]:
        """The same for a file: days and numbers as such, marks by their word."""
        for row in rows:
            yield tuple(_plain(column.value(row, about)) for column in self.columns)


def arranged(
    parameters: MultiDict[str, str],
    path: str,
    filters: Mapping[str, str],
    offered: Sequence[ListColumn[Row, About]],
    own: Order,
    records: str = "",
) -> Arranged[Row, About]:
    """The list that an address asks for; `offered`: the columns that the reader may see, `own`: its order otherwise,
    `records`: the address that its records lie below, where it is not the list's.
    """
    asked = [name.strip() for given in parameters.getlist(COLUMNS) for name in given.split(",") if name.strip()]
    known = {column.name: column for column in offered}
    chosen = known.keys() & set(asked)
    columns = [column for column in offered if (column.name in chosen if chosen else column.usual)]
    if offered[0] not in columns:
        columns.insert(0, offered[0])
    given = parameters.get(ORDER, "").strip()
    by = known.get(given.removeprefix("-"))
    order = Order(by.order, given.startswith("-")) if by is not None and by.order else None
    unknown = [printable(name)[:LONGEST_NAME] for name in dict.fromkeys(asked) if name not in known]
    return Arranged(
        path, filters, offered, columns, bool(chosen), order or own, own, tuple(unknown[:MOST_UNKNOWN]),
        "" if order or not given else printable(given)[:LONGEST_NAME], records or path,
    )  # fmt: skip


def _way(kind: str, falling: bool) -> str:
    """How an order is said of a column of days, numbers or texts."""
    words = {"date": ("tidigast först", "senast först"), "number": ("lägst först", "högst först")}
    rising, down = words.get(kind, ("stigande", "fallande"))
    return down if falling else rising


@lru_cache(maxsize=500)
def _opening(label: str, css: str) -> str:
    name = f' class="{css}"' if css else ""
    return f'<td data-label="{escape(label)}"{name}>'


def _shown(value: object) -> str:
    """What stands in a cell of a page, safe to put there."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StateMark):
        return _state(value)
    if isinstance(value, LevelMark):
        return f'<span class="mark level-{value.colour}">{escape(value.word)}</span>'
    if isinstance(value, WithNote):
        return f'<div>{escape(value.text)}<br><span class="quiet">{escape(value.note)}</span></div>'
    if isinstance(value, DayWithNote):
        return f'<span><span class="whole">{value.day.isoformat()}</span> ({escape(value.note)})</span>'
    return NOTHING if value is None or value == "" else escape(value)


@lru_cache(maxsize=2_000)
def _state(mark: StateMark) -> str:
    shape = f'<span aria-hidden="true">{escape(mark.shape)}</span>'
    return f'<span class="mark mark-{mark.css}">{shape} {escape(mark.word)}</span>'


def _plain(value: Any) -> object:  # noqa: ANN401 - what a column may hold
    """What stands in a cell of a file."""
    if isinstance(value, StateMark | LevelMark):
        return value.word
    if isinstance(value, DayWithNote):
        return value.day
    return f"{value.text} ({value.note})" if isinstance(value, WithNote) else value
