"""How does a report become a workbook? A sheet for each part, and one that explains every column and class."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO

from tracker.exchange.writing import Column, Sheet, write_xlsx
from tracker.labels import CLASS_LABELS
from tracker.reports.audiences import Audience, Document
from tracker.reports.rendering.paper import TrendFigures, quarter_label
from tracker.reports.rendering.tables import GROUP_COLUMNS, HIDDEN, group_cells, row_cells, row_columns
from tracker.reports.rendering.words import (
    CLASS_WORDS,
    CLOCK,
    MISSED,
    MONTHS,
    REASON_OF_OTHERS,
    SUPPRESSION_NOTE,
    THREE_MONTHS,
    WAITING,
    introduction,
    left_out,
    protected_note,
)
from tracker.rules.closing import NAMING
from tracker.rules.unexecuted import ReportClass

SUMMARY, GROUPS, ROWS, TREND, EXPLAINED = "Sammanställning", "Per insats", "Beslut", "Kvartal för kvartal", "Förklaring"
_SUMMARY_COLUMNS = (Column("uppgift", "uppgift", 46), Column("varde", "värde", 34, "number"))
_EXPLAINED_COLUMNS = (
    Column("sheet", "blad", 20, "paragraph"),
    Column("word", "uppgift", 34, "paragraph"),
    Column("text", "förklaring", 100, "paragraph"),
)
COLUMN_WORDS = {
    "person": "Personnummer, samordningsnummer eller T-nummer. Lämnas bara till IVO.",
    "ref": "Beslutets beteckning i registret.",
    "insats": "Det som har beviljats, med nämndens ord.",
    "clock": CLOCK,
    "kon": "Kvinna, man eller ej angivet.",
    "class": "Var beslutet står i rapporten. Klasserna förklaras nedan.",
    "decided_on": "Den dag då beslutet fattades.",
    "interrupted_on": "Den dag då en insats som hade börjat upphörde. Tomt för ett beslut.",
    "due_on": THREE_MONTHS,
    "executed_on": "Den dag då hela insatsen hade börjat, senast avstämningsdatum.",
    "closed_on": "Den dag då beslutet avslutades utan att ha verkställts, senast avstämningsdatum.",
    "days": WAITING,
    "reason": "Varför det dröjer.",
    "sum": "Väntetiderna i gruppen, sammanlagt. " + WAITING,
    "median": "Den mittersta väntetiden i gruppen: hälften har väntat kortare, hälften längre.",
    "max": "Den längsta väntetiden i gruppen.",
}


def render_xlsx(document: Document, committee: str, trend: TrendFigures | None) -> bytes:
    """The report as a workbook; `committee` stands on top of what leaves the house."""
    council = document["audience"] == Audience.COUNCIL
    sheets = [
        Sheet(SUMMARY, _SUMMARY_COLUMNS, _summary_cells(document, committee)),
        Sheet(GROUPS, GROUP_COLUMNS, group_cells(document), (SUPPRESSION_NOTE,) if council else ()),
    ]
    if not council:
        hidden = document.get("rows_left_out")
        notes = (f"{protected_note(hidden)}.",) if hidden else ()
        sheets.append(Sheet(ROWS, row_columns(document), row_cells(document), notes))
    if trend is not None:
        columns = (
            Column("insats", "insats", 30),
            *(Column(quarter_label(q), quarter_label(q), 11, "number") for q in trend.quarters),
        )
        sheets.append(Sheet(TREND, columns, _trend_cells(trend)))
    sheets.append(Sheet(EXPLAINED, _EXPLAINED_COLUMNS, _explained_cells(document, trend is not None)))
    buffer = BytesIO()
    write_xlsx(buffer, sheets, title=document["title"], made_on=date.fromisoformat(document["cutoff"]))
    return buffer.getvalue()


def _summary_cells(document: Document, committee: str) -> Iterator[list[object]]:
    if committee:
        yield ["nämnd", committee]
    yield ["rubrik", document["title"]]
    yield ["avstämningsdatum", date.fromisoformat(document["cutoff"])]
    yield ["föregående avstämningsdatum", date.fromisoformat(document["previous_cutoff"])]
    for item in ReportClass:
        yield [CLASS_LABELS[item].casefold(), document["counts"][item.value]]
    yield ["saknas i rapporterna", document["counts"]["missed"]]
    for key, label in (("sum", "väntetid, dagar, summa"), ("median", "väntetid, dagar, median"),
                       ("max", "väntetid, dagar, längst")):  # fmt: skip
        value = document["days"][key]
        yield [label, HIDDEN if value is None else value]


def _trend_cells(trend: TrendFigures) -> Iterator[list[object]]:
    for name, counts in (*((series.insats, series.counts) for series in trend.series), ("Alla", trend.total)):
        yield [name, *(HIDDEN if count is None else count for count in counts)]


def _explained_cells(document: Document, with_trend: bool) -> Iterator[list[object]]:
    audience = document["audience"]
    for word, text in zip(("rapporten", "rapportens dagar"), introduction(document), strict=True):
        yield [SUMMARY, word, text]
    for item in ReportClass:
        yield [SUMMARY, CLASS_LABELS[item].casefold(), CLASS_WORDS[item]]
    yield [SUMMARY, "saknas i rapporterna", MISSED]
    for key in ("sum", "median", "max"):
        yield [SUMMARY, _label(GROUP_COLUMNS, key).replace("dagar", "väntetid, dagar"), COLUMN_WORDS[key]]
    for column in GROUP_COLUMNS:
        if column.key in COLUMN_WORDS:
            yield [GROUPS, column.label, COLUMN_WORDS[column.key]]
        elif column.key in set(ReportClass):
            yield [GROUPS, column.label, CLASS_WORDS[ReportClass(column.key)]]
        else:
            yield [GROUPS, column.label, MONTHS]
    if audience != Audience.COUNCIL:
        for column in row_columns(document):
            of_others = column.key == "reason" and audience not in NAMING
            yield [ROWS, column.label, COLUMN_WORDS[column.key] + (f" {REASON_OF_OTHERS}" if of_others else "")]
        for item in ReportClass:
            yield [ROWS, f"klass: {CLASS_LABELS[item].casefold()}", CLASS_WORDS[item]]
    if with_trend:
        yield [TREND, "kvartal", "Hur många klockor som stod i någon klass på kvartalets eget avstämningsdatum."]
    for text in left_out(document):
        yield ["Alla blad", "finns inte med", text]


def _label(columns: tuple[Column, ...], key: str) -> str:
    return next(column.label for column in columns if column.key == key)
