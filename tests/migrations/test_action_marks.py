"""Actions of protected decisions come out of the older schema protected, with those who are named to see them."""

from datetime import date

from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from tests.actions.making import make_action
from tests.actions.stored import record_id
from tests.factories import make_decisions, make_user
from tests.migrations.test_marks import app
from tests.records.granting import protect
from tracker.database import db
from tracker.rules.permissions import Role

__all__ = ["app"]
OLDER = "0043_mas"


def _rows(statement: str, kept: int = 0) -> list[tuple[object, ...]]:
    db.session.rollback()
    found = [tuple(row) for row in db.session.execute(text(statement), {"kept": kept} if kept else {})]
    db.session.rollback()
    return found


def test_what_belongs_to_protected_decisions_alone_is_protected(app):
    make_decisions([{"ref": "open"}, {"ref": "kept"}], today=date(2022, 1, 31))
    eva = make_user("eva@kommun.example", Role.CASE_OFFICER).id
    protect("kept", "eva@kommun.example")
    ordinary = make_action(record_id("decision", "open"))
    kept = make_action(record_id("decision", "kept"))
    db.session.remove()
    downgrade(revision=OLDER)
    for statement in (
        "UPDATE action SET mark = 0, stage = 1, done_on = '2022-02-01' WHERE record_id = :kept",
        "UPDATE record SET access = 'ordinary' WHERE kind = 'action' AND id = :kept",
        "DELETE FROM record_grant WHERE record_id = :kept",
    ):
        db.session.execute(text(statement), {"kept": kept})
    db.session.commit()
    db.session.remove()
    upgrade()
    assert _rows("SELECT record_id, mark FROM action ORDER BY record_id") == [(ordinary, 0), (kept, 1)]
    assert _rows("SELECT id, access FROM record WHERE kind = 'action' ORDER BY id") == [
        (ordinary, "ordinary"), (kept, "protected"),
    ]  # fmt: skip
    assert _rows("SELECT user_id, kind FROM record_grant WHERE record_id = :kept", kept) == [(eva, "named")]
    days = _rows("SELECT check_on, listed_on FROM action WHERE record_id = :kept", kept)[0]
    assert [str(day) for day in days] == ["2022-02-01", "2022-02-01"]
