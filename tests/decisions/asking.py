"""An update round in a small municipality, for the tests of those who ask and of those who are asked."""

from datetime import date

from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.support.pages import PageClient
from tracker import clock
from tracker.accounts.queries import find_user
from tracker.database import db, writer
from tracker.decisions.round_services import ask
from tracker.rules.quarters import Period, Quarter

TODAY = date(2022, 2, 15)
Q4 = Quarter(2021, 4)
OVERDUE, LATER = "2021-06-01", "2022-01-10"  # due 1 September 2021, and 10 April 2022
PREPARER = "eva.ek@kommun.example"


def make_municipality() -> None:
    """Vuxen with Vuxen 1 below it; Eva prepares for all, Ali and Bo handle cases in Vuxen 1, Chris is its manager and
    Doris of Vuxen.
    """
    make_unit("Vuxen")
    make_unit("Vuxen 1", "Vuxen")
    make_user(PREPARER, "kvalitet")
    for name, role, unit in (
        ("ali.alm", "handlaggare", "Vuxen 1"), ("bo.berg", "handlaggare", "Vuxen 1"),
        ("chris.carlsson", "chef", "Vuxen 1"), ("doris.dahl", "chef", "Vuxen"),
    ):  # fmt: skip
        make_user(f"{name}@kommun.example", role, unit=unit)


def make_rows(*rows: dict[str, str]) -> None:
    """Decisions of Vuxen 1 that have waited over three months, with the handler and days that a row gives."""
    given = [{"enhet": "Vuxen 1", "beslutsdatum": OVERDUE, "skal": "Enskild har tackat nej"} | row for row in rows]
    make_decisions(given, today=TODAY)


def begin(seen: int = 0, last_day: date = date(2022, 3, 1), quarter: Quarter = Q4) -> int:
    """Eva asks everybody about the quarter; gives the round's number."""
    with writer():
        number = ask(Period.of(quarter), last_day, find_user(PREPARER).id, seen, clock.today(), clock.now())
        db.session.commit()
    return number


def visit(app, who: str) -> PageClient:
    """Somebody signed in, by the first part of their address."""
    visitor = PageClient(app)
    visitor.sign_in(f"{who}@kommun.example", PASSWORD)
    return visitor


def listed(page) -> list[str]:
    """The refs that are left to look over."""
    caption = "Rader att titta igenom"
    return page.table(caption).column("Beslut") if caption in page.text else []


def ticks(page, *refs: str) -> list[str]:
    """What the ticks of some rows would send."""
    found = []
    for row in page.tree.iter("tr"):
        boxes = [box for box in row.iter("input") if box.get("name") == "rad"]
        if boxes and any((link.text or "") in refs for link in row.iter("a")):
            found.append(boxes[0].get("value"))
    assert len(found) == len(refs), (refs, found)
    return found


def say_right(visitor, page, *refs: str, status: int = 200):
    """Ticks the rows and sends them."""
    (number,) = (one.get("value") for one in page.tree.iter("input") if one.get("name") == "omgang")
    return visitor.post(page.path, {"omgang": number, "rad": ticks(page, *refs)}, status=status)
