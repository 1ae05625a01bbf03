"""What is found, against what a few lines of Python find in the registers: registers, readers and searches by chance,
over small constants, so that every way of looking is taken. No hit is lost, doubled, out of order or another's.
"""

import re
from datetime import date
from itertools import chain
from random import Random

from sqlalchemy import insert, select, update

from tests.actions.making import make_action
from tests.cases.making import reported
from tests.cases.provider_making import told_by_provider
from tests.factories import LONG_AGO, make_decisions, make_unit, make_user
from tests.search.making import TODAY, all_pages
from tracker import clock
from tracker.accounts.models import Unit
from tracker.accounts.services import ensure_top_unit, give_role
from tracker.actions.models import ActionItem
from tracker.cases.mas import set_mas
from tracker.cases.models import Complaint, Deviation, LexSarahReport
from tracker.cases.provider_models import ProviderReport
from tracker.database import db, writer
from tracker.decisions.models import Decision
from tracker.records.models import CodeItem, Mark, Record, RecordGrant
from tracker.rules.permissions import Permission, Role, allows
from tracker.search import asking, queries
from tracker.search.definition import KINDS

P, CODES = Permission, ("intervention_id", "category_id", "cause_id")
# Each register: its table, by which permission a unit's rows are read and by which what is given is, its day, and what
# of it is searched beside number, diarienummer and unit.
REGISTERS = {
    "decision": (Decision, P.READ_DECISIONS, {P.READ_DECISIONS}, "decided_on", ("provider", "area")),
    "deviation": (Deviation, P.READ_DEVIATIONS, {P.READ_DEVIATIONS}, "listed_on", ()),
    "lex_sarah": (LexSarahReport, P.SEE_LEX_SARAH, {P.SEE_LEX_SARAH, P.INVESTIGATE_LEX_SARAH}, "listed_on", ()),
    "complaint": (Complaint, P.READ_COMPLAINTS, {P.READ_COMPLAINTS}, "listed_on", ("kind",)),
    "action": (ActionItem, P.READ_ACTIONS, {P.READ_ACTIONS}, "decided_on", ("text",)),
    "provider_report": (ProviderReport, P.READ_LEX_SARAH, {P.READ_LEX_SARAH}, "came_on", ("provider", "number")),
}
TREE = {"Område vuxna": None, "Område barn": None, "Vuxen 1": "Område vuxna", "Vuxen 2": "Område vuxna",
        "Barn 1": "Område barn", "Ledsagning 2": "Vuxen 1", "Vuxen 1 natt": "Vuxen 1",
        "Barn 1 natt": "Barn 1"}  # fmt: skip
HOLD = ([("medarbetare", "Vuxen 1")], [("chef", "Vuxen 1")], [("chef", "Område barn")], [("kvalitet", None)],
        [("utredare", "Barn 1"), ("handlaggare", "Vuxen 1 natt")], [("chef", "Vuxen 2"), ("ansvarig", "Barn 1")],
        [("ansvarig", None)], [("admin", None)], [("chef", "Barn 1 natt"), ("internkontroll", None)])  # fmt: skip
TEXTS = ("ro", "ro mall", "Rutin för mall", "rutinbok natt", "Ledsagning", "älg", "1 natt")
SEARCHES = ("ro", "rutin", "rut", "rutinb", "vuxen", "vux", "barn 1", "natt", "nat mall", "1", "mall ro", "ledsag",
            "kontaktperson", "kon", "vuxen kon", "vux ro 1", "d", "d 7", "D-7", "2022", "å", "a 2022", "klagomål ba",
            "område", "sg", "D-1 D-1", "ro finnsinte", "fall vux")  # fmt: skip
SEED, ROUNDS = 7, 45
SMALL = {(queries, "WINDOW"): (0, 9, 600), (queries, "LEAST_WINDOW"): (1, 15), (queries, "PLACES"): (0, 3, 1_000),
         (queries, "FEW_UNITS"): (0, 8), (queries, "MANY_UNITS"): (0, 64), (queries, "LOOKED_THROUGH"): (0, 9, 20_000),
         (asking, "MOST_UNITS"): (0, 2, 8), (asking, "MOST_MARKS"): (0, 3, 200), (asking, "FEW_TERMS"): (0, 2, 8),
         (asking, "MANY_LABELS"): (0, 50), (asking, "MOST_TERMS"): (1, 60)}  # fmt: skip


def _fill(chance):
    for name, under in TREE.items():
        make_unit(name, under)
    units = list(TREE)
    make_decisions(
        [{"ref": f"D-{n}", "enhet": chance.choice(units), "utforare": chance.choice(TEXTS),
          "insats": chance.choice(["Kontaktperson", "Ledsagning", "Kontaktfamilj"]),
          "beslutsdatum": f"2021-0{1 + n % 3}-1{n % 7}", "diarienummer": chance.choice(["", f"SN-{n}"])}
         for n in range(90)],
        today=TODAY,
    )  # fmt: skip
    of = list(db.session.scalars(select(Decision.record_id)))
    for _ in range(30):
        made = date(2021, chance.randint(1, 3), 11)
        make_action(chance.choice(of), text=chance.choice(TEXTS), decided_on=made)
        reported("deviations", chance.choice(units), law_area=chance.choice(["HSL", "SoL"]))
    for _ in range(6):
        reported("complaints", chance.choice(units))
        reported("lex-sarah", chance.choice(units))
        told_by_provider(chance.choice(units), number=f"SG-{chance.randint(1, 9)}")


def _people(chance):
    """Who reads: each with what they hold, whether they are MAS, and what has been given and closed to them."""
    people, records = {}, list(db.session.scalars(select(Record.id)))
    actions = list(db.session.scalars(select(ActionItem.record_id)))
    for number, held in reversed(list(enumerate(HOLD))):  # who reads least has what is theirs last
        email = f"p{number}@kommun.example"
        user = make_user(email)
        with writer():
            for role, unit in held:
                give_role(user, Role(role), make_unit(unit) if unit else ensure_top_unit(), clock.now(), LONG_AGO)
            granted = list({*chance.sample(actions, 9), *chance.sample(records, 12)}) if number % 3 != 2 else []
            chance.shuffle(granted)
            for place, record_id in enumerate(granted):
                kind = "closed" if place % 3 == 0 else "named"
                row = {"record_id": record_id, "user_id": user.id, "kind": kind, "given_at": clock.now()}
                db.session.execute(insert(RecordGrant).values(row))
            mine = [*chance.sample(actions, 5), *granted[: len(granted) // 2]]
            own = update(ActionItem).where(ActionItem.record_id.in_(mine))
            db.session.execute(own.values(responsible_id=user.id))
            db.session.commit()
        people[email] = (user.id, held, number % 2 == 1, set(granted[1::3] + granted[2::3]), set(granted[0::3]))
    with writer():
        mas = {user_id for user_id, _, is_mas, *_ in people.values() if is_mas}
        set_mas(mas, people["p0@kommun.example"][0], clock.now())
        for table, *_ in REGISTERS.values():
            ids = list(db.session.scalars(select(table.record_id)))
            for one in chance.sample(ids, len(ids) // 5):
                mark = chance.choice([Mark.PROTECTED, Mark.VOIDED])
                said = {"access": "protected"} if mark == Mark.PROTECTED else {"voided_at": clock.now()}
                db.session.execute(update(Record).where(Record.id == one).values(**said))
                db.session.execute(update(table).where(table.record_id == one).values(mark=mark.value))
        db.session.commit()
    return people


def _rows():
    """Every ordinary row: its key, register, unit's names from the top, text to search in, and itself."""
    units = {unit.id: unit for unit in db.session.scalars(select(Unit))}
    labels = dict(db.session.execute(select(CodeItem.id, CodeItem.label)).all())

    def above(unit):
        return [*(above(units[unit.parent_id]) if unit.parent_id else []), unit.name]

    for kind, (table, _, _, day, columns) in REGISTERS.items():
        for row, record in db.session.execute(select(table, Record).join(Record, Record.id == table.record_id)):
            if row.mark == Mark.ORDINARY:
                codes = (labels.get(getattr(row, name, None)) for name in CODES)
                diary = record.case_number if kind != "lex_sarah" else None
                texts = [record.number, diary, units[row.unit_id].name, *codes, *(getattr(row, one) for one in columns)]
                key = (getattr(row, day), KINDS.index(kind), row.record_id)
                yield key, kind, above(units[row.unit_id]), "\n".join(filter(None, texts)), record.number, row


def _words(text):
    return re.findall("[a-zåäö0-9]+", text.lower())


def _sees(person, kind, above, row):
    user_id, held, mas, given, closed = person
    _, read, given_by, *_ = REGISTERS[kind]

    def holds(permission, unit=None):
        return any(allows([Role(role)], permission) and (unit is None or of is None or of in unit) for role, of in held)

    named = row.record_id in given and any(map(holds, given_by))
    of_hsl = kind == "deviation" and mas and row.law_area == "HSL" and holds(P.HANDLE_DEVIATIONS)
    own = kind == "action" and row.responsible_id == user_id and holds(P.CARRY_OUT_ACTIONS)
    return row.record_id not in closed and (holds(read, above) or named or of_hsl or own)


def _expected(rows, words, person):
    wanted, hits = _words(words), []
    begins = len(wanted[-1]) >= 3 and not wanted[-1].isdigit()
    for key, kind, above, text, number, row in rows:
        held = _words(text)
        last = wanted[-1] in held or (begins and any(one.startswith(wanted[-1]) for one in held))
        if last and set(wanted) - set(wanted[-1:]) <= set(held) and _sees(person, kind, above, row):
            hits.append((number == words, key, number))
    return [number for *_, number in sorted(hits, reverse=True)]


def test_all_pages_hold_what_the_registers_show(app, frozen_day, monkeypatch):
    frozen_day(TODAY)
    chance = Random(SEED)  # noqa: S311 - the same each time
    _fill(chance)
    people = _people(chance)
    rows = list(_rows())
    db.session.expunge_all()
    for _ in range(ROUNDS):
        for (module, name), values in SMALL.items():
            monkeypatch.setattr(module, name, chance.choice(values))
        for email in chance.sample(sorted(people), 2):
            for words in chance.sample(SEARCHES, 4):
                ways = {name: getattr(module, name) for module, name in SMALL}
                pages = all_pages(words, email)
                assert list(chain(*pages)) == _expected(rows, words, people[email]), (words, email, ways)
                assert all(pages) or len(pages) == 1
