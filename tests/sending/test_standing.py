"""The work as SQL tells it is the work as it is told here, row by row, over random rows, for every kind of reader."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, insert, select

from tests.decisions.lists import number_of
from tests.decisions.running import clock
from tests.factories import make_decisions, make_unit, make_user
from tests.records.granting import close, name, protect, user_id_of, void
from tests.sending.conftest import BO, EVA, QUARTER, TODAY
from tests.sending.locking import lock
from tracker.accounts.reader import reader_by_email
from tracker.database import db, writer
from tracker.decisions.ivo_models import IndividualReport
from tracker.decisions.models import Decision, DecisionClock
from tracker.frozen.models import FrozenRow
from tracker.records.models import Access, Mark, Record
from tracker.records.scope import scope_of
from tracker.rules.permissions import Permission, Role
from tracker.rules.quarters import Quarter
from tracker.rules.sending import IvoType, types_of
from tracker.rules.unexecuted import ReportClass
from tracker.sending.filtering import MINE, NOW, Asked, Standing
from tracker.sending.queries import Work, work_of

UNIT = "enhet@kommun.example"
DECISIONS = 60
EARLIER = Quarter(2021, 3)


@pytest.fixture(params=[1, 2])
def readers(app, frozen_day, request):
    """A register in which everything meets everything; its readers: of all, named and closed, and of one unit."""
    frozen_day(TODAY)
    make_unit("Barn")
    rng = random.Random(request.param)  # noqa: S311 - the same rows every time
    refs = [f"R-{n:02}" for n in range(DECISIONS)]
    make_decisions([_decision(rng, ref) for ref in refs], today=TODAY)
    for email, unit in ((EVA, None), (BO, None), (UNIT, "Barn")):
        make_user(email, Role.CASE_OFFICER, unit=unit)
    stood = rng.sample(refs, DECISIONS * 2 // 3)
    lock(QUARTER, {ref: rng.choice(list(ReportClass)) for ref in stood})
    _keep_some(rng, refs)
    for ref in rng.sample(refs, 8):
        protect(ref, BO)
    for ref in rng.sample(refs, 4):
        close(ref, EVA)
    for ref in rng.sample(refs, 8):
        void(ref)
    for ref in rng.sample(stood, 5):
        with writer():
            db.session.execute(delete(DecisionClock).where(DecisionClock.decision_id == number_of(ref)))
            db.session.commit()
    return [EVA, BO, UNIT]


def _decision(rng: random.Random, ref: str) -> dict[str, object]:
    started = date(2021, 5, 1) + timedelta(days=rng.randrange(90))
    row: dict[str, object] = {
        "ref": ref, "beslutsdatum": started, "enhet": rng.choice(["Vuxen", "Barn"]),
        "insats": rng.choice(["Kontaktperson", "Boendestöd"]), "handlaggare": rng.choice(["Eva Ek", "Bo Berg", ""]),
    }  # fmt: skip
    if rng.random() < 0.7:
        row["forst_rapporterad"] = "2021-12-31"
    if rng.random() < 0.6:
        row["verkstalld" if rng.random() < 0.5 else "avslutad"] = date(2021, 12, 1) + timedelta(days=rng.randrange(70))
    return row


def _keep_some(rng: random.Random, refs: list[str]) -> None:
    """Individrapporter of every type, of this quarter and the one before, sent or not, also two of the same end."""
    rows = []
    for ref in refs:
        for ivo_type in IvoType:
            for quarter in (QUARTER, EARLIER):
                if rng.random() < 0.3:
                    by = user_id_of(rng.choice([EVA, BO]))
                    sent_on = rng.choice([None, date(2022, 1, 20)])
                    rows.append(
                        {
                            "clock_id": clock(ref).id, "record_id": number_of(ref), "year": quarter.year,
                            "number": quarter.number, "ivo_type": ivo_type.value, "afterwards": rng.random() < 0.3,
                            "taken_by": rng.choice([None, by]), "sent_on": sent_on, "sent_by": by if sent_on else None,
                        }
                    )  # fmt: skip
    with writer():
        db.session.execute(insert(IndividualReport), rows)
        db.session.commit()


class Here:
    """The work as it is told here, from whole tables, as (clock, type, standing, quarter, sent, taken by)."""

    def __init__(self, email: str) -> None:
        self.decisions = {row.record_id: row for row in db.session.scalars(select(Decision))}
        self.clocks = {row.id: row for row in db.session.scalars(select(DecisionClock))}
        self.stood = list(db.session.scalars(select(FrozenRow)))
        self.kept: dict[tuple[int, str], list[IndividualReport]] = {}
        for row in db.session.scalars(select(IndividualReport).order_by(IndividualReport.id)):
            self.kept.setdefault((row.clock_id, row.ivo_type), []).append(row)
        barn = make_unit("Barn").id
        self.reach = {row.record_id for row in self.decisions.values() if email != UNIT or row.unit_id == barn}
        self.seen = self.reach - (_closed_to_eva() if email == EVA else set())
        if email != BO:
            self.seen -= set(db.session.scalars(select(Record.id).where(Record.access == Access.PROTECTED.value)))
        self.asked_for = {
            (row.item_id, ivo_type)
            for row in self.stood
            if row.record_id in self.reach
            for ivo_type in types_of(ReportClass(row.stood_as))
        }

    def rows(self) -> set[tuple[object, ...]]:
        """Of the quarter."""
        found = set()
        for row in self.stood:
            if row.record_id in self.seen:
                for ivo_type in types_of(ReportClass(row.stood_as)):
                    found.add(self._told(row.item_id, ivo_type, self._after(row, ivo_type), QUARTER))
        for (clock_id, name_of_type), ones in self.kept.items():
            ivo_type, here = IvoType(name_of_type), [one for one in ones if self._is_here(one)]
            if here and self._lives(clock_id) and (clock_id, ivo_type) not in self.asked_for:
                if here[0].afterwards:
                    found.add(self._told(clock_id, ivo_type, None, QUARTER))
                elif here[0].sent_on and not ivo_type.is_final:
                    found.add(self._told(clock_id, ivo_type, Standing.CORRECT, QUARTER))
        return found

    def ends(self, records: set[int]) -> set[tuple[object, ...]]:
        """To send now, of these records."""
        found = set()
        for row in self.clocks.values():
            ended_on = row.executed_on or row.closed_on
            ivo_type = IvoType.EXECUTED if row.executed_on else IvoType.CLOSED
            voided = self.decisions[row.decision_id].mark == Mark.VOIDED
            asked_for = (row.id, ivo_type) in self.asked_for
            if ended_on and row.first_reported_on and not (voided or asked_for) and row.decision_id in records:
                found.add(self._told(row.id, ivo_type, None, Quarter.holding(ended_on)))
        return found

    def hidden(self) -> int:
        """How many clocks lie within reach and are kept from the reader."""
        stood = {row.item_id for row in self.stood if row.record_id in self.reach - self.seen}
        return len(stood | {row[0] for row in self.ends(self.reach - self.seen)})

    def _is_here(self, one: IndividualReport) -> bool:
        return (one.year, one.number) == (QUARTER.year, QUARTER.number)

    def _lives(self, clock_id: int) -> bool:
        found = self.clocks.get(clock_id)
        return (
            found is not None
            and found.decision_id in self.seen
            and self.decisions[found.decision_id].mark != Mark.VOIDED
        )

    def _kept(self, clock_id: int, ivo_type: IvoType) -> IndividualReport | None:
        ones = self.kept.get((clock_id, ivo_type), [])
        here = [one for one in ones if self._is_here(one)]
        return next(iter(here or (ones if ivo_type.is_final else [])), None)

    def _after(self, row: FrozenRow, ivo_type: IvoType) -> Standing | None:
        if row.item_id in self.clocks and self.decisions[row.record_id].mark != Mark.VOIDED:
            return None
        one = self._kept(row.item_id, ivo_type)
        unsent = ivo_type is IvoType.NEW and not (one and one.sent_on)
        return Standing.DROPPED if unsent else Standing.CORRECT

    def _told(self, clock_id: int, ivo_type: IvoType, standing: Standing | None, own: Quarter) -> tuple[object, ...]:
        one = self._kept(clock_id, ivo_type)
        sent = one.sent_on if one else None
        quarter = Quarter(one.year, one.number) if one else own
        standing = standing or (Standing.SENT if sent else Standing.LEFT)
        return clock_id, ivo_type, standing, quarter, sent, one.taken_by if one else None


def _closed_to_eva() -> set[int]:
    from tracker.records.models import GrantKind, RecordGrant

    mine = (RecordGrant.user_id == user_id_of(EVA), RecordGrant.kind == GrantKind.CLOSED.value)
    return set(db.session.scalars(select(RecordGrant.record_id).where(*mine)))


def ask(email: str, **asked: object) -> Work:
    scope = scope_of(reader_by_email(email, TODAY), Permission.READ_IDENTITIES)
    return work_of(QUARTER, scope.within(scope.reach), Asked(**asked), user_id_of(email))


def walked(email: str, **asked: object) -> list[tuple[object, ...]]:
    """Every row that the filter holds, page by page."""
    found, count = [], ask(email, **asked).count
    while len(found) < count:
        found += ask(email, **asked, first=len(found)).rows
    return [(row.clock_id, row.ivo_type, row.standing, row.quarter, row.sent_on, row.taken_by) for row in found]


def test_what_sql_tells_is_what_is_told_here(readers):
    for email in readers:
        here, work = Here(email), ask(email)
        rows, now = here.rows(), here.ends(here.seen)
        assert set(walked(email)) == rows
        assert len(walked(email)) == len(rows) == work.count
        assert set(walked(email, shown=NOW)) == now
        assert (work.now_count, work.hidden) == (len(now), here.hidden())
        assert work.standings == {one: sum(1 for row in rows if row[2] is one) for one in Standing}
        for standing in (Standing.LEFT, Standing.SENT, Standing.CORRECT):
            assert set(walked(email, shown=standing.value)) == {row for row in rows if row[2] is standing}
        mine = {row for row in rows if row[2] is Standing.LEFT and row[5] == user_id_of(email)}
        assert set(walked(email, shown=MINE)) == mine


def test_the_filters_offer_what_is_there_and_leave_what_fits(readers):
    decisions = {row.record_id: row for row in db.session.scalars(select(Decision))}
    for email in readers:
        everything = ask(email)
        found = [*_all(email), *_all(email, shown=NOW)]
        assert everything.handlers == sorted({row.handler for row in found if row.handler})
        assert set(everything.interventions) == {row.intervention_id for row in found}
        assert all(row.handler == (decisions[row.record_id].handler_name or "") for row in found)
        of_eva = [row for row in _all(email) if row.handler == "Eva Ek"]
        assert _all(email, handler="Eva Ek") == of_eva
        one = everything.interventions[0]
        assert _all(email, intervention_id=one) == [row for row in _all(email) if row.intervention_id == one]


def test_they_stand_in_their_order(readers):
    standings, types = list(Standing), list(IvoType)
    for email in readers:
        for shown in ("", NOW):
            places = [
                (standings.index(row.standing), types.index(row.ivo_type), row.started_on, row.ref, row.clock_id)
                for row in _all(email, shown=shown)
            ]
            assert places == sorted(places)
        assert ask(email).now == _all(email, shown=NOW)[:10]


def test_a_name_given_opens_it_and_nothing_else(readers):
    before = ask(EVA).hidden
    ref = db.session.scalar(
        select(Decision.ref)
        .join(FrozenRow, FrozenRow.record_id == Decision.record_id)
        .where(Decision.mark == Mark.PROTECTED.value, Decision.record_id.not_in(_closed_to_eva()))
    )
    name(ref, EVA)
    assert ask(EVA).hidden == before - 1


def _all(email: str, **asked: object) -> list[object]:
    found: list[object] = []
    count = ask(email, **asked).count
    while len(found) < count:
        found += ask(email, **asked, first=len(found)).rows
    return found
