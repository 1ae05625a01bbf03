"""What the pages of saved views show, and the line of them over a register."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from tracker.accounts.reader import Reader
from tracker.rules.saved_views import CodeOf, kept_filter, viewed_register
from tracker.saved.queries import CodeNow, ViewRow, code_now, list_views
from tracker.web.parameters import number_of

REGISTER = "register"  # the parameter of the page that saves, and of no list
YEAR = "ar"  # of which a list always is
MEND = "Filtrera och spara den på nytt, eller ta bort den."
# What a filter can ask for in vain; what a list always has, and columns and order, are told by the list itself.
FILTER_LABELS = {
    "status": "status", "insats": "insats", "klocka": "klocka", "tidigast": "tre månader tidigast",
    "senast": "tre månader senast", "kategori": "kategori", "bedomning": "bedömning", "typ": "typ",
    "fran": "från och med", "till": "till och med", "orsak": "orsaksområde", "slag": "slag",
    "allvarlighet": "allvarlighet", "utan": "utan", "omrade": "område", "lexmaria": "lex Maria", "lage": "läge",
    "manad": "månad", "utfall": "utfall",
}  # fmt: skip
CODE_OF_LABELS = {CodeOf.INTERVENTION: "insats", CodeOf.CATEGORY: "kategori", CodeOf.CAUSE: "orsaksområde"}


@dataclass(frozen=True, slots=True)
class ViewLine:
    """The views over a register: (name, address, whether the list is that one, the unit it is shared with), and the
    address where the list as it is can be saved; empty where nothing is chosen, or it is saved already. `unknown` are
    the parts of the filter that was asked for that mean nothing, and that the list is shown without.
    """

    views: list[tuple[str, str, bool, str | None]]
    save: str
    unknown: list[str]


def view_line(path: str, parameters: Mapping[str, object], asked: Mapping[str, str], reader: Reader) -> ViewLine:
    """The views that a reader has of a register, whose list now has these parameters, of those that were asked for. One
    statement.
    """
    now = {name: str(value) for name, value in parameters.items() if value not in {None, ""}}
    rows = list_views(reader.user_id, places_of(reader), path)
    views = [(row.name, f"/vyer/{row.id}", row.parameters == now, row.unit) for row in rows]
    known = any(here for _, _, here, _ in views)
    unknown = [FILTER_LABELS[name] for name in kept_filter(path, asked.items()) if name in FILTER_LABELS.keys() - now]
    save = f"/vyer/ny?{urlencode({REGISTER: path} | now)}" if set(now) - {YEAR} and not known else ""
    return ViewLine(views, save, unknown)


def opened(row: ViewRow) -> tuple[str, list[str]]:
    """The address that a view leads to, and what is to be told of it: an entry of a code list that has become another
    is followed, one that is gone is left out.
    """
    parameters, told = kept_filter(row.path, row.parameters.items()), []
    for code_of, word in CODE_OF_LABELS.items():
        if code_of not in parameters:
            continue
        number = number_of(parameters[code_of])
        code = code_now(code_of, number) if number is not None else CodeNow(None)
        if code.item_id is None:
            del parameters[code_of.value]
            told.append(f"Vyn {row.name} valde en {word} som inte finns längre. Listan visas utan det valet. {MEND}")
        elif code.item_id != number:
            parameters[code_of.value] = str(code.item_id)
            told.append(f"{code.was} räknas numera som {code.label}. Vyn {row.name} följer med.")
    return f"{row.path}?{urlencode(parameters)}" if parameters else row.path, told


def places_of(reader: Reader) -> list[tuple[int, int]]:
    """The first and last place of each unit that the reader holds a role for, each once."""
    return sorted({(held.tree_from, held.tree_to) for held in reader.held})


def may_open(row: ViewRow, reader: Reader) -> bool:
    """Whether the reader may open the register that the view is of."""
    register = viewed_register(row.path)
    return register is not None and any(reader.allows(permission) for permission in register.opens)


def register_label(path: str) -> str:
    """What the register of a view is called."""
    register = viewed_register(path)
    return register.label if register else path
