"""What has been chosen so far of how a file is read?"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from tracker.exchange.foreign import Place

AS_IT_STANDS, LEFT_EMPTY = "=", ""


@dataclass(frozen=True, slots=True)
class Choices:
    """A file and its reading. `digest` is the file's SHA-256; `place` None until the table has been pointed out.

    `columns`: field → the column's index; `heads`: field → what the file calls it; `notes`: rows under the table that
    are left out; `dates`: field → a DateForm; `values`: field → cell → the code it stands for (`LEFT_EMPTY`: nothing,
    `AS_IT_STANDS`: itself), None until they have been chosen.
    """

    filename: str
    digest: str
    encoding: str = ""
    place: Place | None = None
    notes: tuple[int, ...] = ()
    columns: Mapping[str, int] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    dates: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] | None = None

    @property
    def table(self) -> Place:
        """Where the table stands; asked for only once that has been chosen."""
        if self.place is None:
            raise LookupError("no table has been chosen")
        return self.place

    def with_table(self, place: Place, encoding: str, notes: tuple[int, ...]) -> Self:
        """Another table: what was chosen of its columns is chosen anew."""
        if (place, encoding) == (self.place, self.encoding):
            return replace(self, notes=notes)
        return replace(
            self, place=place, encoding=encoding, notes=notes, columns={}, heads={}, skipped=(), dates={}, values=None
        )

    def with_columns(self, columns: Mapping[str, int], heads: Mapping[str, str], skipped: tuple[str, ...]) -> Self:
        """Other columns; what was chosen of values stays where the column is the same."""
        same = {name for name, index in columns.items() if self.columns.get(name) == index}
        dates = {name: form for name, form in self.dates.items() if name in same}
        return replace(self, columns=columns, heads=heads, skipped=skipped, dates=dates, values=None)

    def text(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def of_text(cls, text: str) -> Self:
        """As it was kept."""
        found: dict[str, Any] = json.loads(text)
        place = found.pop("place")
        found |= {"notes": tuple(found["notes"]), "skipped": tuple(found["skipped"])}
        return cls(place=Place(**place) if place else None, **found)
