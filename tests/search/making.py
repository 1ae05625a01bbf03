"""Fills the registers for the tests of the search, and looks at its index."""

from datetime import date

from sqlalchemy import text

from tests.actions.making import make_action
from tests.activity.making import make_activity
from tests.control.making import record_of
from tests.decisions.lists import number_of
from tests.factories import make_decisions, make_unit
from tracker.accounts.reader import Reader, reader_by_email
from tracker.database import db, is_sqlite, writer
from tracker.search.definition import CURRENT
from tracker.search.installing import rebuild
from tracker.search.queries import Hits, search
from tracker.search.scopes import findable
from tracker.search.words import asked

TODAY = date(2022, 2, 15)
HELD = "SELECT id, record_id, kind, unit_id, day, ref, number, case_number, words, marks FROM search_text ORDER BY id"


def one_of_each(office) -> None:
    """A record in each register that is read in from files, an action of the decision, and an activity."""
    for name in ("Vuxen 2", "Vuxen 3"):
        make_unit(name)
    office.imports("risks", "ar;ref;risk;sannolikhet;konsekvens\n2021;R1;Sen handläggning av älg;3;4\n")
    office.imports("controls", "ar;ref;kontrollmoment\n2021;K1;Delegation av själ\n")
    office.imports("deviations", "ref;enhet;rapporterad;kategori\nA-1;Vuxen 2;2021-03-02;Brist i bemötande\n")
    office.imports("lex-sarah", "ref;enhet;mottagen\n1948;Vuxen 2;2021-03-03\n")
    office.imports("complaints", "ref;enhet;mottagen;typ\nS-1;Vuxen 3;2021-03-04;beröm\n")
    make_decisions(
        [{"ref": "B-17", "enhet": "Vuxen 3", "beslutsdatum": "2021-03-05", "diarienummer": "SN-2021/77"},
         {"ref": "B-18", "enhet": "Vuxen 2", "insats": "Ledsagning", "beslutsdatum": "2021-03-06"}],
        today=TODAY,
    )  # fmt: skip
    make_action(number_of("B-17"), text="Rutinen för kontaktperson ses över", decided_on=date(2022, 2, 1))
    make_activity()


def risk() -> int:
    """The record of the risk."""
    return record_of("risk", 2021, "R1")


def held() -> list[tuple[object, ...]]:
    """What stands in the index."""
    db.session.rollback()
    rows = [tuple(row) for row in db.session.execute(text(HELD))]
    db.session.rollback()
    return rows


def in_step() -> bool:
    """Whether the index is what a rebuild makes of the registers; on SQLite FTS5 compares itself with it, too."""
    before = held()
    if is_sqlite():
        db.session.execute(text("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)"))
        db.session.rollback()
    with writer():
        rebuild(db.session.connection(), CURRENT)
        db.session.commit()
    return held() == before


def reader(email: str, today: date = TODAY) -> Reader:
    """The reader of this address."""
    found = reader_by_email(email, today)
    assert found is not None
    return found


def found(words: str, email: str, after: int | None = None) -> Hits:
    """What a reader finds."""
    db.session.rollback()
    hits = search(asked(words), findable(reader(email)), after)
    db.session.rollback()
    return hits


def numbers(words: str, email: str) -> list[str]:
    """The numbers of what a reader finds, in order."""
    return [hit.number for hit in found(words, email).rows]


def all_pages(words: str, email: str) -> list[list[str]]:
    """The numbers of every page, one list a page."""
    pages: list[list[str]] = []
    after = None
    while not pages or after is not None:
        page = found(words, email, after)
        pages.append([hit.number for hit in page.rows])
        after = page.after
    return pages
