"""The demonstration's guarantees: most are kept, each missed one is an avvikelse, one is late and waits."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from tracker.cases.missed_models import MissedPromise
from tracker.cases.models import Deviation
from tracker.database import db, writer
from tracker.demo.loading import load_demonstration
from tracker.guarantees.figures import months_of, year_figures
from tracker.guarantees.models import GuaranteeOccasion
from tracker.guarantees.queries import find_guarantee, list_guarantees
from tracker.guarantees.work import list_unregistered
from tracker.records.scope import EVERY_RECORD


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2028, 2, 29)])
def test_they_hang_together_on_any_day(app, day):
    with writer():
        load_demonstration(day, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    o = GuaranteeOccasion
    late = set(db.session.scalars(select(o.record_id).where(o.excess > 0)))
    registered = dict(db.session.execute(select(MissedPromise.record_id, MissedPromise.deviation_id)).all())
    assert late == set(registered)
    # By hand: contacts 8 and 23, förhandsbedömningar 6, 17 and 28, barnutredningar 5, 13 and 21 of each course.
    assert len(late) == 8
    told = {row.slug: row for row in list_guarantees()}
    assert set(db.session.scalars(select(o.guarantee_id).distinct())) == {
        told[slug].id for slug in ("kontakt", "forhandsbedomning", "barnutredning")
    }
    closed = select(Deviation.state, func.count()).where(Deviation.record_id.in_(registered.values()))
    states = dict(db.session.execute(closed.group_by(Deviation.state)).all())
    assert states["closed"] >= len(late) - 2
    year = year_figures(day.year, day, EVERY_RECORD)
    assert year[told["forhandsbedomning"].id].overdue >= 1
    assert year[told["barnutredning"].id].prolonged == 1
    assert [row for row in list_unregistered(EVERY_RECORD, None, day) if row.ended_on is None]
    last = months_of(find_guarantee("kontakt"), day.year - 1, EVERY_RECORD)
    assert 8 <= sum(month.ended for month in last) <= 11
    db.session.rollback()
