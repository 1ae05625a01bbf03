"""Ordering exports as the page of a list does, and making them as a worker does."""

import re
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker import clock
from tracker.audit.models import AuditRead
from tracker.database import db
from tracker.exports.models import ExportJob
from tracker.exports.working import work
from tracker.rules.trail import ReadKind

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BESLUT = "/beslut/export"


class House:
    """The program, and what is asked of it again and again."""

    def __init__(self, app, root: Path) -> None:
        self.app, self.root = app, root

    def visitor(self, email="anna@kommun.example", role="handlaggare", **more):
        """Somebody who has signed in, and their number."""
        user = make_user(email, role, **more)
        visitor = PageClient(self.app)
        visitor.sign_in(user.email, PASSWORD)
        return visitor, user.id

    def order(self, visitor, address=BESLUT, query="", made_as="csv", **more):
        """Orders an export; gives where the visitor is led."""
        visitor.get("/konto")
        fields = {"adress": address, "fraga": query, "format": made_as}
        page = visitor.post("/exporter", fields, follow=False, status=more.pop("status", 303))
        return page.response.location

    def make(self) -> int:
        """What a worker does until nothing is left; gives how many files it made."""
        db.session.remove()
        return work(self.app)

    def files(self) -> list[Path]:
        """The files on disk."""
        return sorted(self.root.rglob("*.sealed"))

    def job(self, place: str) -> ExportJob:
        """The row of the export at an address, as it stands now."""
        db.session.rollback()
        public_id = re.fullmatch(r"/exporter/([\w-]{22})", place).group(1)
        return db.session.scalars(select(ExportJob).filter_by(public_id=public_id)).one()


def reads_of_files() -> list[AuditRead]:
    """The files that have been taken out, as the log has them."""
    db.session.rollback()
    return list(db.session.scalars(select(AuditRead).filter_by(kind=ReadKind.EXPORT.value).order_by(AuditRead.id)))


def count_jobs() -> int:
    """How many exports there are."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(ExportJob))


def later(monkeypatch, by: timedelta) -> None:
    """It is that much later."""
    moment = clock.now() + by
    monkeypatch.setattr(clock, "now", lambda: moment)
