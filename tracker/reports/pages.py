"""What does the quarter's page show? Sections, bars and words ready for the templates."""

from dataclasses import dataclass

from tracker.decisions.pages import CLOSED, EXECUTED
from tracker.reports.audiences import Audience
from tracker.reports.headings import CLASS_HEADINGS, FOUR_HEADINGS
from tracker.reports.quarter import Figures, ReportRow
from tracker.rules.unexecuted import BINS, ReportClass
from tracker.web.marks import StateMark

AUDIENCE_LABELS = {
    Audience.INTERNAL: "Eget arbete",
    Audience.IVO: "IVO, med identiteter",
    Audience.COMMITTEE: "Nämnden",
    Audience.AUDITORS: "Revisorerna",
    Audience.COUNCIL: "Kommunfullmäktige",
}


@dataclass(frozen=True, slots=True)
class ClassText:
    """A class as a heading of its section, as the words under its figure, and as a state."""

    heading: str
    figure: str
    mark: StateMark
    counted: str


CLASS_TEXTS = {
    ReportClass.EXECUTED: ClassText(CLASS_HEADINGS[ReportClass.EXECUTED], "verkställda sedan förra rapporten", EXECUTED,
                                    "till verkställighet"),
    ReportClass.CLOSED: ClassText(CLASS_HEADINGS[ReportClass.CLOSED], "avslutade utan verkställighet",
                                  CLOSED, "till avslut"),
    ReportClass.STILL_UNEXECUTED: ClassText(CLASS_HEADINGS[ReportClass.STILL_UNEXECUTED], "ännu inte verkställda",
                                            StateMark("Ej verkställt", "■", "late"), "till avstämningsdatum"),
    ReportClass.NEW: ClassText(CLASS_HEADINGS[ReportClass.NEW], "nya att rapportera",
                               StateMark("Ej verkställt", "■", "late"), "till avstämningsdatum"),
    ReportClass.LATE_EXECUTED: ClassText(CLASS_HEADINGS[ReportClass.LATE_EXECUTED],
                                         "sent verkställda, ej tidigare rapporterade", EXECUTED, "till verkställighet"),
    ReportClass.LATE_CLOSED: ClassText(CLASS_HEADINGS[ReportClass.LATE_CLOSED],
                                       "sent avslutade, ej tidigare rapporterade", CLOSED, "till avslut"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """One class on the page: its words, how many stand in it, and the first of its rows."""

    report_class: ReportClass
    text: ClassText
    count: int
    listed: int
    rows: list[ReportRow]

    @property
    def shown(self) -> bool:
        """The four headings of the report always, the two late classes when they hold something."""
        return self.count > 0 or self.report_class in FOUR_HEADINGS

    @property
    def more(self) -> bool:
        """Whether there are more rows than the page shows."""
        return self.listed > len(self.rows)


def sections(figures: Figures, rows: list[ReportRow], limit: int) -> list[Section]:
    """The classes in the report's order, each with its first rows."""
    by_class: dict[ReportClass, list[ReportRow]] = {report_class: [] for report_class in ReportClass}
    for row in rows:
        by_class[row.report_class].append(row)
    return [
        Section(report_class, CLASS_TEXTS[report_class], count, len(found), found[:limit])
        for (report_class, found), count in zip(by_class.items(), figures.counts, strict=True)
    ]


BAR_WIDTH, BAR_STEP, CHART_HEIGHT, CHART_TOP = 96, 132, 150, 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the waiting times' picture, in its own coordinates; its text stands over it and its bin below."""

    bin: str
    count: int
    x: int
    y: int
    height: int

    @property
    def lines(self) -> tuple[str, ...]:
        """The bin in lines short enough for the width of a bar."""
        head, fewer, rest = self.bin.partition(" fler")
        return (head, fewer.strip() + rest) if fewer else (head,)


def bars(counts: tuple[int, ...]) -> list[Bar]:
    """The picture's bars; the tallest fills the height, and every bar of one or more is at least 2 high."""
    largest = max(counts, default=0) or 1
    found = []
    for index, (name, count) in enumerate(zip(BINS, counts, strict=True)):
        height = max(round(count / largest * CHART_HEIGHT), 2) if count else 0
        label = "18 eller fler" if name == "18+" else name.replace("-", "–")
        found.append(Bar(label, count, index * BAR_STEP + 8, CHART_TOP + CHART_HEIGHT - height, height))
    return found
