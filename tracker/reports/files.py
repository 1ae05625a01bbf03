"""How does a period become a file for a reader? Rows, document and rendering in one go."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tracker.accounts.reader import EVERYTHING
from tracker.audit import reads
from tracker.decisions.single import get_persons
from tracker.frozen.quarters import locked_cutoffs
from tracker.memory import collector_resting
from tracker.records.queries import committee_name
from tracker.records.scope import Scope
from tracker.reports.audiences import PURPOSES, Audience, Document, Lock, document
from tracker.reports.place import place_of
from tracker.reports.quarter import Figures, ReportRow, quarter_rows
from tracker.reports.queries import find_template_in_use
from tracker.reports.rendering import ReportFormat, render
from tracker.reports.trends import quarter_trend, trend_for
from tracker.rules.closing import NAMING
from tracker.rules.quarters import Quarter
from tracker.rules.trail import ReadKind

PAPERS_AT_ONCE = 2
# These show the last eight quarters.
TRENDING = frozenset({ReportFormat.XLSX, ReportFormat.DOCX, ReportFormat.PDF})


def report_file(
    figures: Figures,
    scope: Scope,
    audience: Audience,
    report_format: ReportFormat,
) -> bytes:
    """The file of a report whose figures are worked out; its rows are read now, and that it leaves is noted.

    Word is filled in with the municipality's own template where there is one. Raises WordError when that cannot be.
    """
    with collector_resting():
        made, named = reader_document(figures, scope, audience)
        template = find_template_in_use(audience) if report_format is ReportFormat.DOCX else None
        committee = "" if audience in NAMING else committee_name()
        trend = None
        if report_format in TRENDING:
            trend = trend_for(audience, quarter_trend(figures.period, scope.reach, locked_cutoffs()))
        data = render(made, report_format, committee, trend=trend, template=template)
    note_report(figures, audience, len(made["rows"]), report_format.value)
    reads.note_reads(ReadKind.IDENTITY, named)
    return data


def reader_document(figures: Figures, scope: Scope, audience: Audience) -> tuple[Document, list[int]]:
    """What a reader's draft says, and the records whose persons it names."""
    rows = [] if audience is Audience.COUNCIL else quarter_rows(figures.period, scope)
    persons = _persons(rows, audience)
    return document(figures, rows, audience, place_of(scope.reach), persons), sorted(persons)


def subject_of(made: Document) -> bytes:
    """What a sekretessprövning is bound to: the SHA-256 of the document as JSON."""
    return hashlib.sha256(render(made, ReportFormat.JSON)).digest()


def every_file(figures: Figures, rows: list[ReportRow], lock: Lock) -> dict[tuple[str, str], bytes]:
    """(audience, format) → the file of each reader in each format, from figures and rows that are worked out.

    Raises WordError when a template cannot be filled in.
    """
    trend = quarter_trend(figures.period, EVERYTHING, locked_cutoffs())
    head = committee_name()
    asked: dict[tuple[str, str], Callable[[], bytes]] = {}
    for audience in Audience:
        made = document(figures, rows, audience, persons=_persons(rows, audience), lock=lock)
        template = find_template_in_use(audience)
        of_reader = partial(
            render, made, committee="" if audience in NAMING else head, trend=trend_for(audience, trend)
        )
        for report_format in ReportFormat:
            word = {"template": template} if report_format is ReportFormat.DOCX else {}
            asked[audience.value, report_format.value] = partial(of_reader, report_format, **word)
    with collector_resting(), ThreadPoolExecutor(PAPERS_AT_ONCE) as threads:  # papers are other processes' work
        return dict(zip(asked, threads.map(lambda make: make(), asked.values()), strict=True))


def _persons(rows: list[ReportRow], audience: Audience) -> dict[int, str]:
    return get_persons({row.record_id for row in rows if not row.hidden}) if audience is Audience.IVO else {}


def note_report(figures: Figures, audience: Audience, rows: int, shape: str) -> None:
    """Writes down that a report's rows have been read: which, how many, and for whom."""
    period = figures.period
    selection = f"{period.quarter.year}-K{period.quarter.number} {period.cutoff_on} {period.previous_on} {shape}"
    reads.note_read(ReadKind.REPORT, what="kvartal", selection=selection, row_count=rows, purpose=PURPOSES[audience])


def note_looked_at(quarter: Quarter, which: str, audience: Audience, rows: int, all_read: bool = False) -> None:
    """Writes down that what a reader gets, or has got, has been looked at: of which version, and how many rows.

    `all_read`: as in `reads.note_read`.
    """
    selection = f"{quarter.year}-K{quarter.number} {which}"
    reads.note_read(
        ReadKind.REPORT, what="kvartal", selection=selection, row_count=rows, purpose=PURPOSES[audience],
        all_read=all_read,
    )  # fmt: skip
