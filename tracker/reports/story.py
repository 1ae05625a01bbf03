"""What does the kvalitetsberättelse of a year say? Its texts, and under them what the registers count.

It is public and tells of the whole house: a table that could give somebody away tells its small numbers together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.accounts.reader import EVERYTHING
from tracker.cases.figures import UNSAID, deviation_groups
from tracker.control.queries import grades_of, list_moments
from tracker.frozen.quarters import locked_cutoffs, previous_cutoff
from tracker.labels import GRADE_LABELS
from tracker.records.scope import EVERY_RECORD
from tracker.reports.quality import ALL_UNITS, QualityYear, for_the_public, quality_year
from tracker.reports.quarter import quarter_figures
from tracker.reports.rendering.quality import Part, parts_of
from tracker.reports.story_texts import words_of
from tracker.risk.queries import list_risks, plan_of
from tracker.rules.calendar import in_words
from tracker.rules.control_grading import Grade, sentence
from tracker.rules.folding import SMALLEST_TOLD, folded
from tracker.rules.quarters import Period, Quarter
from tracker.rules.story import STORY_LABELS, StorySection
from tracker.rules.unexecuted import ReportClass
from tracker.web.filters import whole_number

MOST_GROUPS = 10
FEW = f"färre än {SMALLEST_TOLD}"
OTHERS = "Övriga"
WAITING = (ReportClass.STILL_UNEXECUTED, ReportClass.NEW)


class StoryTable(NamedTuple):
    """Figures below a heading: what they are called (empty: nothing), the head of the first column, and the rows."""

    heading: str
    head: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class StoryPart:
    """What stands under one heading: what somebody wrote, and what the registers say by themselves."""

    section: StorySection
    text: str
    sentences: tuple[str, ...] = ()
    tables: tuple[StoryTable, ...] = ()

    @property
    def heading(self) -> str:
        """The heading."""
        return STORY_LABELS[self.section]

    @property
    def empty(self) -> bool:
        """Whether nothing stands there: then the heading is not on paper."""
        return not (self.text or self.sentences or self.tables)


@dataclass(frozen=True, slots=True)
class Story:
    """The kvalitetsberättelse of a year up to and with a cut-off day, heading by heading."""

    year: int
    cutoff_on: date
    parts: tuple[StoryPart, ...]

    @property
    def title(self) -> str:
        """What it is called."""
        return f"Kvalitetsberättelse {self.year}"

    @property
    def unwritten(self) -> list[str]:
        """The headings under which nobody has written."""
        return [part.heading for part in self.parts if not part.text]


Figures = tuple[tuple[str, ...], tuple[StoryTable, ...]]


def story_of(year: int, cutoff: date | None) -> Story:
    """The kvalitetsberättelse as it is now. Raises RuleViolation for a cut-off outside the year."""
    found = for_the_public(quality_year(year, cutoff, EVERY_RECORD))
    texts, figures = words_of(year), _figures(found)
    return Story(
        year,
        found.cutoff_on,
        tuple(StoryPart(section, texts[section], *figures.get(section, ((), ()))) for section in StorySection),
    )


def _figures(found: QualityYear) -> dict[StorySection, Figures]:
    year, day = found.year, found.cutoff_on
    parts = {part.heading: part for part in parts_of(found)}
    by_category, by_cause = (
        deviation_groups(year, day, EVERY_RECORD, column) for column in ("category_id", "cause_id")
    )
    lex_sarah = [parts[name] for name in ("Lex Sarah", "Lex Sarah, efter bedömning", "Lex Sarah, efter enhet")]
    grades = grades_of(list_moments(year, EVERY_RECORD))
    return {
        StorySection.RISK_ANALYSES: _risks(year),
        StorySection.SELF_CHECKS: _self_checks(grades),
        StorySection.DEVIATIONS: _told(
            _sentences(parts["Avvikelser"]),
            _table(parts["Avvikelser"]),
            _groups("Inkomna avvikelser, efter kategori", "Kategori", by_category),
            _groups("Inkomna avvikelser, efter orsaksområde", "Orsaksområde", by_cause),
        ),
        StorySection.LEX_SARAH: _told(
            _sentences(lex_sarah[0]),
            _table(lex_sarah[0]),
            _table(lex_sarah[1], "Beslutade, efter bedömning", "Bedömning"),
            _units(lex_sarah[2]),
        ),
        StorySection.COMPLAINTS: _told(
            _sentences(parts["Synpunkter och klagomål"]), _table(parts["Synpunkter och klagomål"])
        ),
        StorySection.UNEXECUTED: _unexecuted(year, day),
        StorySection.INTERNAL_CONTROL: _graded(grades),
        StorySection.ACTIONS: _told((), _table(parts["Åtgärder"])),
    }


def _told(sentences: tuple[str, ...], *tables: StoryTable) -> Figures:
    return sentences, tuple(table for table in tables if table.rows)


def _sentences(part: Part) -> tuple[str, ...]:
    return (part.sentence,) if part.sentence else ()


def _table(part: Part, heading: str = "", head: str = "Uppgift") -> StoryTable:
    return StoryTable(heading, head, tuple((line.words, line.shown) for line in part.lines))


def _units(part: Part) -> StoryTable:
    """The units, and no table where all of them are told as one."""
    made = _table(part, "Inkomna, efter enhet", "Enhet")
    return made._replace(rows=()) if [words for words, _ in made.rows] == [ALL_UNITS] else made


def _groups(heading: str, head: str, counted: list[tuple[str, int]]) -> StoryTable:
    """The largest, and the rest as one. It is no table where all of them are one, or of none it is said."""
    hidden = folded([count for _, count in counted]) | set(range(MOST_GROUPS, len(counted)))
    hidden = hidden if len(hidden) != 1 else frozenset(range(MOST_GROUPS - 1, len(counted)))
    rows = [(label, whole_number(count)) for place, (label, count) in enumerate(counted) if place not in hidden]
    if [label for label, _ in rows] == [UNSAID]:
        rows = []
    if rows and hidden:
        rows.append((OTHERS, whole_number(sum(counted[place][1] for place in hidden))))
    return StoryTable(heading, head, tuple(rows))


def _risks(year: int) -> Figures:
    plan, risks = plan_of(year), list_risks(year, EVERY_RECORD)
    if not risks:
        return (), ()
    levels = [plan.scale.level(risk.likelihood, risk.consequence).key for risk in risks]
    net = sum(risk.in_net for risk in risks)
    many = "1 risk är bedömd" if len(risks) == 1 else f"{whole_number(len(risks))} risker är bedömda"
    said = f"{many}. På nettolistan står {whole_number(net)}."
    rows = tuple((level.label, whole_number(levels.count(level.key))) for level in plan.scale.levels)
    return _told((said,), StoryTable("", "Risknivå", rows))


def _self_checks(grades: dict[Grade, int]) -> Figures:
    planned, left = sum(grades.values()), grades[Grade.NOT_DONE]
    if not planned:
        return (), ()
    said = f"{whole_number(planned - left)} av {whole_number(planned)} planerade kontrollmoment är genomförda."
    rows = _counted((("Planerade", planned), ("Genomförda", planned - left), ("Ej genomförda", left)))
    return _told((said,), StoryTable("", "Kontrollmoment", rows))


def _graded(grades: dict[Grade, int]) -> Figures:
    if not sum(grades.values()):
        return (), ()
    headline, rest = sentence(grades)
    rows = _counted((GRADE_LABELS[grade], count) for grade, count in grades.items())
    return _told((f"{headline}. {rest}",), StoryTable("", "Bedömning", rows))


def _unexecuted(year: int, day: date) -> Figures:
    """How many decisions wait at each quarter's cut-off: that of its locked report, else its last day."""
    cutoffs, rows = locked_cutoffs(), []
    for number in range(1, 5):
        quarter = Quarter(year, number)
        if quarter.first_day > day:
            break
        cutoff = cutoffs.get(quarter) or min(quarter.last_day, day)
        before = previous_cutoff(quarter, cutoff) if quarter in cutoffs else None
        counts = dict(
            zip(ReportClass, quarter_figures(Period.of(quarter, cutoff, before), EVERYTHING).counts, strict=True)
        )
        waiting = sum(counts[one] for one in WAITING)
        shown = FEW if 0 < waiting < SMALLEST_TOLD else whole_number(waiting)
        rows.append((f"Kvartal {number}, {in_words(cutoff)}", shown))
    return _told((), StoryTable("", "Rapporterade beslut som väntar", tuple(rows)))


def _counted(pairs: Iterable[tuple[str, int]]) -> tuple[tuple[str, str], ...]:
    return tuple((words, whole_number(count)) for words, count in pairs)
