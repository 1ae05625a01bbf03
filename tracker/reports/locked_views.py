"""A locked report on screen and as the files that were locked."""

import json
from io import BytesIO
from urllib.parse import urlencode

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.audit import reads
from tracker.database import read_one_snapshot
from tracker.decisions.single import records_by_ref
from tracker.frozen.quarters import key_of
from tracker.frozen.queries import (
    EmptiedError,
    LockedVersion,
    get_file,
    is_released,
    list_reviews,
    list_stood,
    list_versions,
)
from tracker.printing.faults import WordError
from tracker.records.grants import hidden_among
from tracker.records.queries import committee_name
from tracker.records.scope import Scope, scope_of
from tracker.reports.audiences import Document
from tracker.reports.blueprint import blueprint, quarter_or_404
from tracker.reports.closing import closing_of
from tracker.reports.comparing import compare
from tracker.reports.files import note_looked_at, subject_of
from tracker.reports.headings import FOUR_HEADINGS
from tracker.reports.leaving import Asked, locked_or_draft
from tracker.reports.locking import records_in
from tracker.reports.pages import AUDIENCE_LABELS, CLASS_TEXTS, Bar, bars
from tracker.reports.rendering import FORMAT_LABELS, MIME, ReportFormat
from tracker.rules.closing import NAMING, REVIEWED, Audience, audiences_of
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.quarters import Quarter
from tracker.rules.trail import ReadKind
from tracker.rules.unexecuted import BINS, ReportClass
from tracker.web.access import requires

KEPT_FROM_YOU = "Filen innehåller uppgifter om någon som du inte får se. Be en kollega som får det att hämta den."
EMPTIED = "Filen är tömd, eftersom en person som stod i den har glömts. Kontrollsumman finns kvar."


def readable_audiences() -> tuple[Audience, ...]:
    """The readers' files that the reader may open when they are locked: by the roles held for the whole house."""
    return audiences_of(held.role for held in current_user.held if held.everything)


def locked_page(quarter: Quarter, asked: Asked, version: LockedVersion) -> ResponseReturnValue:
    """A locked report as one of its readers sees it."""
    mine = [audience for audience in readable_audiences() if audience is not Audience.IVO]
    wanted = request.args.get("mottagare", "")
    audience = Audience(wanted) if wanted in {a.value for a in mine} else next(iter(mine), None)
    if audience is None or (wanted and wanted != audience.value):
        abort(404)
    read_one_snapshot()
    document, emptied = _document(version, audience)
    if document is None or not may_see(document, audience):
        return _not_yet(quarter, version, audience, emptied), 200
    hidden = 0
    if audience in NAMING:
        document, hidden = _seen_of(document, version)
    note_looked_at(quarter, f"version {version.version} {audience.value} sida", audience, len(document["rows"]))
    closing = closing_of(quarter)
    return render_template(
        "reports/locked.html",
        quarter=quarter,
        version=version,
        closing=closing,
        document=document,
        left_out=hidden + document.get("rows_left_out", 0),
        audience=audience,
        audiences={value: AUDIENCE_LABELS[value] for value in mine},
        sections=_sections(document),
        bars=_bars(document),
        formats=FORMAT_LABELS,
        reviews=list_reviews(key_of(quarter)),
        reviewed={audience.value for audience in REVIEWED},
        labels=AUDIENCE_LABELS,
        committee=committee_name(),
        differs=_differs(asked, version) if audience is Audience.INTERNAL else None,
        records=_records(version, document) if audience is Audience.INTERNAL else {},
        ivo=Audience.IVO in readable_audiences(),
    )


@blueprint.get("/rapporter/kvartal/<int:year>/<int:number>/version/<int:version>/export.<extension>")
@requires(Permission.PREPARE_QUARTER, Permission.READ_LOCKED_REPORTS)
def locked_file(year: int, number: int, version: int, extension: str) -> ResponseReturnValue:
    """The bytes that were locked, for a reader who may have them; what leaves the house has been reviewed."""
    mine = readable_audiences()
    wanted = request.args.get("mottagare") or next(iter(mine), "")
    quarter = quarter_or_404(year, number)
    found = next((one for one in list_versions(key_of(quarter)) if one.version == version), None)
    if found is None or extension not in set(ReportFormat) or wanted not in set(Audience):
        abort(404)
    audience, report_format = Audience(wanted), ReportFormat(extension)
    if audience not in mine:
        abort(403)
    return give_locked(quarter, found, audience, report_format)


def give_locked(
    quarter: Quarter, found: LockedVersion, audience: Audience, report_format: ReportFormat
) -> ResponseReturnValue:
    """A locked version's bytes for one of the audiences that the reader may have."""
    year, number, version = quarter.year, quarter.number, found.version
    if audience is Audience.IVO:
        ask_for_identities()
    document, emptied = _document(found, audience)
    if document is None:
        abort(410 if emptied else 404)
    if not may_see(document, audience):
        if current_user.allows(Permission.PREPARE_QUARTER):
            return redirect(review_address(quarter, audience, {"version": str(version)}), 303)
        abort(403)
    named = records_in(document, list_stood(found.id)) if audience in NAMING else []
    if hidden_among(named, _scope()):
        flash(KEPT_FROM_YOU, "warning")
        return redirect(f"{url_for('reports.quarter', year=year, number=number)}?version={version}", 303)
    data = get_file(found.id, audience.value, report_format.value) or b""
    note_looked_at(
        quarter, f"version {version} {audience.value} {report_format.value}", audience, len(document["rows"])
    )
    if audience is Audience.IVO:
        reads.note_reads(ReadKind.IDENTITY, sorted(set(named)))
    name = f"ej-verkstallda-beslut-{year}-kvartal-{number}-{audience.value}-version-{version}.{report_format.value}"
    return send_file(BytesIO(data), mimetype=MIME[report_format], as_attachment=True, download_name=name, max_age=0)


def asked_for(quarter: Quarter) -> Asked:
    """The locked version or the draft in the address; 404 for an unknown version, 400 for unusable days."""
    try:
        return locked_or_draft(quarter, request.args)
    except RuleViolation as violation:
        abort(404 if violation.code == "no_version" else 400)


TOO_MUCH = "Filen tog för lång tid eller för mycket minne. Välj Excel eller CSV."


def word_told(error: WordError) -> str:
    """Why a Word file could not be made, and what to do."""
    return f"Wordfilen gick inte att göra. {error.faults[0]} Be en administratör byta mallen."


def ask_for_identities() -> None:
    """IVO's file names persons: only for those who may know them everywhere, and have given their password lately."""
    if not current_user.reach(Permission.READ_IDENTITIES).everything:
        abort(403)
    if not current_user.recently_confirmed(clock.now()):
        abort(redirect(url_for("accounts.confirm", next=request.full_path), 303))


def may_see(document: Document, audience: Audience) -> bool:
    """Whether the document has passed its sekretessprövning, or needs none; who prepares it sees it before."""
    if audience not in REVIEWED:
        return True
    return is_released(subject_of(document))


def review_address(quarter: Quarter, audience: Audience, more: dict[str, str]) -> str:
    """Where the sekretessprövning of a reader's document is made."""
    address = url_for("reports.review", year=quarter.year, number=quarter.number)
    return f"{address}?{urlencode({'mottagare': audience.value} | more)}"


def _document(version: LockedVersion, audience: Audience) -> tuple[Document | None, bool]:
    """The reader's document as it was locked (None: there is none), and whether it has been emptied."""
    try:
        data = get_file(version.id, audience.value, ReportFormat.JSON.value)
    except EmptiedError:
        return None, True
    return (None if data is None else json.loads(data)), False


def _seen_of(document: Document, version: LockedVersion) -> tuple[Document, int]:
    """The document without the rows that the reader may not see by now, and how many those are."""
    records = records_in(document, list_stood(version.id))
    hidden = hidden_among(records, _scope())
    shown = [row for row, record_id in zip(document["rows"], records, strict=True) if record_id not in hidden]
    return document | {"rows": shown}, len(records) - len(shown)


def _scope() -> Scope:
    return scope_of(current_user, Permission.READ_QUARTER_DRAFT)


def _not_yet(quarter: Quarter, version: LockedVersion, audience: Audience, emptied: bool) -> str:
    return render_template(
        "reports/not_yet.html", quarter=quarter, version=version, audience=audience, label=AUDIENCE_LABELS[audience],
        emptied=EMPTIED if emptied else "", review=review_address(quarter, audience, {"version": str(version.version)}),
        may_review=current_user.allows(Permission.PREPARE_QUARTER), versions=list_versions(key_of(quarter)),
        audiences={value: AUDIENCE_LABELS[value] for value in readable_audiences() if value is not Audience.IVO},
        drafts=current_user.allows(Permission.READ_QUARTER_DRAFT),
    )  # fmt: skip


def _sections(document: Document) -> list[tuple[ReportClass, object, int, list[Document]]]:
    by_class: dict[ReportClass, list[Document]] = {report_class: [] for report_class in ReportClass}
    for row in document["rows"]:
        by_class[ReportClass(row["class"])].append(row)
    return [
        (report_class, CLASS_TEXTS[report_class], count, by_class[report_class])
        for report_class in ReportClass
        if (count := document["counts"][report_class.value]) or report_class in FOUR_HEADINGS
    ]


def _bars(document: Document) -> list[Bar]:
    """The picture of waiting times; none where any of its numbers is hidden from the reader."""
    columns = [[group["bins"][name] for group in document["groups"]] for name in BINS]
    if any(value is None for column in columns for value in column):
        return []
    return bars(tuple(sum(column) for column in columns))


def _differs(asked: Asked, version: LockedVersion) -> bool:
    """Whether the register would say something else today, over the same days."""
    return compare(version, asked.period, _scope()).differs


def _records(version: LockedVersion, document: Document) -> dict[str, int]:
    """Ref as it was locked → the record whose page it leads to, for those that still bear it."""
    refs = {row["ref"] for row in document["rows"]}
    return {
        ref: number
        for ref, number in records_by_ref({row.record_id for row in list_stood(version.id)}).items()
        if ref in refs
    }
