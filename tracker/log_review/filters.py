"""What does an address ask the log for? Its parameters as typed, what they mean, and what is wrong with them."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from tracker.log_review.queries import Tab
from tracker.rules.trail import Action, ReadKind

DAYS_BACK = 30
LONGEST_TEXT = 120
WRONG_DAY = "Datumet går inte att läsa. Skriv det som 2026-03-31."
WRONG_ORDER = "Slutdagen ligger före startdagen. Byt plats på dem."
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A search of the log. `person` and `record` are as typed; `errors` by the fields of the search form."""

    first_on: date
    last_on: date
    tab: Tab = Tab.ALL
    person: str = ""
    record: str = ""
    action: Action | None = None
    read_kind: ReadKind | None = None
    unit_id: int | None = None
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def parameters(self, **others: object) -> dict[str, str]:
        """The parameters of an address with this search, only those in use; `others` replace or add."""
        given = self.typed | {name: str(value) for name, value in others.items()}
        return {name: value for name, value in given.items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether more than the days narrows the search."""
        return any(self.typed.get(name) for name in ("person", "post", "vad", "enhet"))

    def selection(self, actor_ids: tuple[int, ...] | None, record_ids: tuple[int, ...] | None) -> str:
        """The search as the log keeps it: numbers and known words, never what was typed."""
        parts = [f"{self.first_on}--{self.last_on}", f"flik={self.tab.value}"]
        if actor_ids is not None:
            parts.append("person=" + ",".join(map(str, actor_ids)))
        if record_ids is not None:
            parts.append("post=" + ",".join(map(str, record_ids)))
        if self.action or self.read_kind:
            parts.append(f"vad={(self.action or self.read_kind or '')}")
        if self.unit_id is not None:
            parts.append(f"enhet={self.unit_id}")
        return " ".join(parts)[:300]


def asked_for(parameters: MultiDict[str, str], today: date, tabs: tuple[Tab, ...]) -> AskedFor:
    """The search in an address's parameters: fran, till, flik, person, post, vad, enhet. Days that are not given are
    the last thirty; a choice that is not among ours is left out.
    """
    typed = {
        name: _printable(parameters.get(name, ""))
        for name in ("fran", "till", "flik", "person", "post", "vad", "enhet")
    }
    if typed["flik"] not in {tab.value for tab in tabs[1:]}:
        typed["flik"] = ""
    source, _, value = typed["vad"].partition(":")
    action = Action(value) if source == "handelse" and value in set(Action) else None
    read_kind = ReadKind(value) if source == "lasning" and value in set(ReadKind) else None
    if action is None and read_kind is None:
        typed["vad"] = ""
    if not (typed["enhet"].isascii() and typed["enhet"].isdigit() and len(typed["enhet"]) < 10):
        typed["enhet"] = ""
    errors: dict[str, str] = {}
    last_on = _day(typed["till"], "till", errors) or today
    first_on = _day(typed["fran"], "fran", errors) or last_on - timedelta(days=DAYS_BACK)
    if not errors and first_on > last_on:
        errors["till"] = WRONG_ORDER
    return AskedFor(
        first_on,
        last_on,
        Tab(typed["flik"]) if typed["flik"] else tabs[0],
        typed["person"],
        typed["post"],
        action,
        read_kind,
        int(typed["enhet"]) if typed["enhet"] else None,
        typed,
        errors,
    )


def _day(text: str, name: str, errors: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not FIRST_DAY <= found <= LAST_DAY:
        errors[name] = WRONG_DAY
    return found


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable()).strip()[:LONGEST_TEXT]
