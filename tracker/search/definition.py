"""What stands in the index of the search, and how does the database keep it in step?

Only what lies open in the registers: never what is sealed, never a person's name. A record that is protected or voided
does not stand in it at all. Beside its words each record has marks: its register, its unit, and what it points at. A
unit's or a code's name is looked up when somebody searches, so that a new name needs nothing done here.

The migrations install this. One that changes it takes a Definition of its own, and leaves the older ones as they are.
"""

from dataclasses import dataclass

SIGN = "\ue000"  # before a mark; no reader can type a word that begins so (`words.split`)
TEXT, INDEX, TERMS = "search_text", "search_index", "search_terms"
LONGEST = 20_000
BEGINNINGS = (3, 4)  # how long the beginnings are that FTS5 keeps a list of
DAY_ZERO = 2_451_545  # the Julian day of 1 January 2000, so that a key is the same on either engine
# A key goes by day, register and record: a record may stand in two registers, as an avvikelse that has become a lex
# Sarah-rapport does.
KINDS = (
    "decision", "risk", "control", "activity", "deviation", "lex_sarah", "complaint", "action", "provider_report",
    "guarantee",
)  # fmt: skip
KINDS_A_DAY, RECORDS_A_KIND = 16, 2**31
OF_KIND, OF_UNIT, OF_CODE, OF_GUARANTEE, OF_OWNER, OF_RECORD, OF_HSL = "k", "u", "c", "g", "p", "r", "hsl"


@dataclass(frozen=True, slots=True)
class Source:
    """A register: its table and kind (`records.models.RecordKind`), the day its hits go by, the columns whose words are
    searched, and those whose numbers are marks, by the mark's letter. `created`: without a day, the record's.
    """

    table: str
    kind: str
    day: tuple[str, ...]
    words: tuple[str, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    year: str | None = None
    created: bool = False
    hsl: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the index is made from: a change of any other needs nothing done."""
        held = (*self.day, *self.words, *(column for _, column in self.marks))
        more = (*((self.year,) if self.year else ()), *(("law_area",) if self.hsl else ()))
        return ("unit_id", "mark", "ref", *dict.fromkeys((*held, *more)))


FIRST = (
    Source("decision", "decision", ("decided_on",), ("provider", "area"), ((OF_CODE, "intervention_id"),)),
    Source("risk", "risk", (), ("text", "area", "process", "cause", "effect"), year="year"),
    Source("control_moment", "control", (), ("name", "subject", "criteria", "method"), year="year"),
    Source("activity", "activity", ("due_on",), ("text",)),
    Source("deviation", "deviation", ("listed_on",), (), ((OF_CODE, "category_id"), (OF_CODE, "cause_id")), hsl=True),
    Source("lex_sarah_report", "lex_sarah", ("listed_on",)),
    Source("complaint", "complaint", ("listed_on",), ("kind",)),
    Source("action", "action", ("decided_on", "due_on"), ("text",), ((OF_OWNER, "responsible_id"),), created=True),
    Source("provider_report", "provider_report", ("came_on",), ("provider", "number", "ivo_number")),
    Source("guarantee_occasion", "guarantee", ("started_on",), ("ref",), ((OF_GUARANTEE, "guarantee_id"),)),
)
CURRENT = FIRST
# What a lex Sarah-rapport is searched by is what its managers see in short, so its diary number is left out.
WITHOUT_CASE_NUMBER = frozenset({"lex_sarah"})


def mark_of(letter: str, of: object = "") -> str:
    """A mark: of a register by its kind, of a unit, a code, a guarantee, an owner or a record by its number."""
    return f"{SIGN}{letter}{of}".replace("_", "")


def selected(source: Source, rows: str, *, sqlite: bool) -> str:
    """SELECT of what the index holds of `rows`: the source's table, or what a trigger has of it."""
    marks = [f"'{mark_of(OF_KIND, source.kind)} {mark_of(OF_UNIT)}' || r.unit_id"]
    marks.append(f"' {mark_of(OF_RECORD)}' || r.record_id")
    marks += [f"coalesce(' {mark_of(letter)}' || r.{column}, '')" for letter, column in source.marks]
    if source.hsl:
        marks.append(f"CASE WHEN r.law_area = 'HSL' THEN ' {mark_of(OF_HSL)}' ELSE '' END")
    words = " || ".join(f"coalesce(r.{column} || '\n', '')" for column in source.words) or "''"
    case_number = "NULL" if source.kind in WITHOUT_CASE_NUMBER else "record.case_number"
    day = _day(source, sqlite=sqlite)
    number = f"CAST(julianday({day}) + 0.5 AS INTEGER)" if sqlite else f"CAST({day} - DATE '2000-01-01' AS BIGINT)"
    julian = number if sqlite else f"({number} + {DAY_ZERO})"
    key = f"({julian} * {KINDS_A_DAY} + {KINDS.index(source.kind)}) * {RECORDS_A_KIND}"
    return (
        f"SELECT {key} + r.record_id, r.record_id, '{source.kind}', r.unit_id, {day}, r.ref, record.number, "
        f"{case_number}, {words}, {' || '.join(marks)} "
        f"FROM {rows} AS r JOIN record ON record.id = r.record_id WHERE r.mark = 0"
    )


def _day(source: Source, *, sqlite: bool) -> str:
    if source.year:
        return f"r.{source.year} || '-01-01'" if sqlite else f"make_date(r.{source.year}, 1, 1)"
    days = [f"r.{column}" for column in source.day]
    if source.created:
        days.append("date(record.created_at)" if sqlite else "CAST(record.created_at AT TIME ZONE 'UTC' AS DATE)")
    return f"coalesce({', '.join(days)})" if len(days) > 1 else days[0]
