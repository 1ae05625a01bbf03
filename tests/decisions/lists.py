"""What a page or a file of the register lists, and a small register in Python to compare it with."""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta

from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from tests.factories import make_decisions
from tests.support.checks import text_of
from tests.support.pages import Page, PageClient
from tracker.database import db
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.queries import RegisterFilter, RegisterRow, list_register
from tracker.records.models import Mark
from tracker.records.scope import Scope

CAPTION = "Beslut och avbrott"
MOST_PAGES = 60


def refs_on(page: Page) -> list[str]:
    """The refs of the page's list, in its order; empty when there is no list."""
    return page.table(CAPTION).column("Beslut") if CAPTION in page.text else []


def count_line(page: Page) -> str:
    """What stands under the heading."""
    return next(text_of(element) for element in page.tree.iter("p") if element.get("class") == "lead-line")


def choice(page: Page, select_name: str, text: str) -> str:
    """The value behind one of a select's texts."""
    (found,) = (element for element in page.tree.iter("select") if element.get("name") == select_name)
    return next(option.get("value") for option in found.iter("option") if text_of(option) == text)


def value_of(page: Page, name: str) -> str:
    """What stands in a field of the page."""
    return next(element.get("value") or "" for element in page.tree.iter("input") if element.get("name") == name)


def walk(client: PageClient, address: str) -> list[list[str]]:
    """The refs of every page from an address on, following the link to the next."""
    page = client.get(address)
    pages = [refs_on(page)]
    while "Nästa sida" in page.links:
        assert len(pages) < MOST_PAGES, "the list never ends"
        page = client.click("Nästa sida")
        pages.append(refs_on(page))
    return pages


def walk_back(client: PageClient) -> list[list[str]]:
    """The refs of every page from the one that is open back to the first, the first page first."""
    pages = [refs_on(client.page)]
    while "Föregående sida" in client.page.links:
        assert len(pages) < MOST_PAGES, "the list never ends"
        pages.insert(0, refs_on(client.click("Föregående sida")))
    return pages


def walk_query(wanted: RegisterFilter, reach, today: date) -> list[RegisterRow]:
    """Every row that the pages of a filter hold for a reach or a scope, one page after the other."""
    scope = reach if isinstance(reach, Scope) else Scope(reach)
    page = list_register(wanted, scope, today)
    rows = list(page.rows)
    while page.after is not None:
        page = list_register(wanted, scope, today, after=page.after)
        assert page.rows, "a page that another leads to is not empty"
        rows += page.rows
    return rows


def csv_rows(page: Page) -> list[dict[str, str]]:
    """The rows of an exported CSV file by its column names."""
    return list(csv.DictReader(io.StringIO(page.data.decode("utf-8-sig")), delimiter=";"))


def xlsx_rows(page: Page) -> list[dict[str, object]]:
    """The rows of an exported workbook's first sheet by its column names."""
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(page.data)).get_sheet_by_index(0).to_python()
    return [dict(zip(head, row, strict=False)) for row in rows]


def number_of(ref: str) -> int:
    """The number in the address of a decision's page."""
    return db.session.scalars(select(Decision.record_id).where(Decision.ref == ref)).one()


def protect(*refs: str) -> None:
    """Closes decisions to everybody, as those of persons with protected identity are."""
    for model in (Decision, DecisionClock):
        db.session.execute(update(model).where(model.ref.in_(refs)).values(mark=Mark.PROTECTED))
    db.session.commit()


def three_months_after(start: date) -> date:
    """The same day three months later, for days that every month has."""
    assert start.day <= 28, "an example for a day that some month lacks is worked out by hand"
    months = start.year * 12 + start.month - 1 + 3
    return date(months // 12, months % 12 + 1, start.day)


@dataclass(frozen=True)
class Example:
    """One clock of a register that is kept in Python."""

    place: int
    ref: str
    insats: str
    unit: str
    started_on: date
    interruption: bool = False
    ended: str = ""  # the column that tells how it ended

    @property
    def due_on(self) -> date:
        return three_months_after(self.started_on)

    @property
    def row(self) -> dict[str, object]:
        """The clock as a row of the import."""
        days = {"beslutsdatum": self.started_on}
        if self.interruption:
            days = {"beslutsdatum": self.started_on - timedelta(days=40), "avbrottsdatum": self.started_on}
        ends = {self.ended: self.started_on + timedelta(days=20)} if self.ended else {}
        return {"ref": self.ref, "insats": self.insats, "enhet": self.unit} | days | ends


def select_by_hand(
    examples: list[Example], today: date, *, status: str = "", insats: str = "", klocka: str = "",
    units: set[str] | None = None, ref: str = "", tidigast: str = "", senast: str = "",
) -> list[str]:  # fmt: skip
    """The refs that a filter should list, in the list's order: the definition, written out once more."""
    last_soon, last_close = today + timedelta(days=30), today + timedelta(days=7)
    fits = {
        "": lambda clock: True,
        "ej-verkstallda": lambda clock: not clock.ended,
        "over-tre-manader": lambda clock: not clock.ended and clock.due_on < today,
        "rapporteringspliktiga": lambda clock: not clock.ended and clock.due_on < today,  # none of them is a judgment's
        "sju-dagar": lambda clock: not clock.ended and today <= clock.due_on <= last_close,
        "snart-tre-manader": lambda clock: not clock.ended and today <= clock.due_on <= last_soon,
        "verkstallda": lambda clock: clock.ended == "verkstalld",
        "avslutade": lambda clock: clock.ended == "avslutad",
    }[status]
    found = [
        clock
        for clock in examples
        if fits(clock)
        and (not insats or clock.insats == insats)
        and (not klocka or clock.interruption == (klocka == "avbrott"))
        and (units is None or clock.unit in units)
        and clock.ref.startswith(ref)
        and (tidigast or "0001-01-01") <= clock.due_on.isoformat() <= (senast or "9999-12-31")
    ]
    waiting = status not in {"", "verkstallda", "avslutade"}
    found.sort(key=lambda clock: (clock.due_on, clock.place), reverse=not waiting)
    return [clock.ref for clock in found]


def store(examples: list[Example], today: date) -> None:
    """Imports the clocks, in their order."""
    result = make_decisions([example.row for example in examples], today=today)
    assert result.new == len(examples)
