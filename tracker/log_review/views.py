"""Pages of the log: searching it, one record's and one person's part of it, and what a search holds as a file."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import (
    abort,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from tracker import clock
from tracker.accounts.queries import kept_units
from tracker.accounts.reader import Reach
from tracker.audit import reads
from tracker.exchange.writing import Sheet, write_csv, write_xlsx
from tracker.log_review.blueprint import blueprint
from tracker.log_review.filters import AskedFor, asked_for
from tracker.log_review.labels import TAB_LABELS
from tracker.log_review.names import find_person, find_record
from tracker.log_review.pages import EXPORT, Search, export_lines, kinds_offered, lines, search_for
from tracker.log_review.queries import LogPage, Place, Tab, export_log, list_log
from tracker.rules.permissions import Permission
from tracker.rules.trail import ReadKind
from tracker.web.access import requires
from tracker.web.files import csv_answer, xlsx_answer
from tracker.web.navigation import MenuItem
from tracker.web.pagination import LARGEST_ID

MENU = (MenuItem("Logg", "/logg", "log_review", frozenset({Permission.READ_LOG})),)
TABS = (Tab.ALL, Tab.CHANGES, Tab.READS)


@blueprint.get("/logg")
@requires(Permission.READ_LOG)
def search() -> ResponseReturnValue:
    """The log: 25 entries and reads a page, the newest first, filters in the address."""
    asked, reach = asked_for(request.args, clock.today(), TABS), _reach()
    units = kept_units(reach)
    found = search_for(asked, reach, units)
    return _listed(
        "log_review/search.html", asked, found, what="sok", tabs=TABS, ids={}, kinds=kinds_offered(), units=units
    )


@blueprint.get(f"/logg/post/<int(max={LARGEST_ID}):record_id>")
@requires(Permission.READ_LOG)
def record(record_id: int) -> ResponseReturnValue:
    """Who has changed and read this record, and which files may have held it."""
    reach = _reach()
    name = find_record(record_id, reach)
    if name is None:
        abort(404)
    tabs = (*TABS, Tab.EXPORTS) if reach.everything else TABS
    asked = asked_for(_days_and_tab(), clock.today(), tabs)
    found = search_for(asked, reach, [])
    found = replace(found, wanted=replace(found.wanted, record_ids=(record_id,)))
    export = {} if asked.tab is Tab.EXPORTS else asked.parameters(post=name.text)
    return _listed(
        "log_review/record.html", asked, found, what="post", tabs=tabs, ids={"record_id": record_id}, name=name,
        export=export, everything=reach.everything,
    )  # fmt: skip


@blueprint.get(f"/logg/person/<int(max={LARGEST_ID}):user_id>")
@requires(Permission.READ_LOG)
def person(user_id: int) -> ResponseReturnValue:
    """What this person has read and done; what they have reported stands nowhere here."""
    reach = _reach()
    found_person = find_person(user_id, reach)
    if found_person is None:
        abort(404)
    asked = asked_for(_days_and_tab(), clock.today(), TABS)
    found = search_for(asked, reach, [])
    found = replace(found, wanted=replace(found.wanted, actor_ids=(user_id,)))
    export = asked.parameters(person=found_person.email)
    return _listed(
        "log_review/person.html", asked, found, what="person", tabs=TABS, ids={"user_id": user_id},
        person=found_person, export=export,
    )  # fmt: skip


@blueprint.get("/logg/export.csv")
@requires(Permission.READ_LOG)
def export_csv() -> ResponseReturnValue:
    """All that a search holds, as CSV."""
    return csv_answer(write_csv(EXPORT, _export_rows()), f"logg-{clock.today()}.csv")


@blueprint.get("/logg/export.xlsx")
@requires(Permission.READ_LOG)
def export_xlsx() -> ResponseReturnValue:
    """All that a search holds, as XLSX."""
    rows = _export_rows()
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_xlsx(file, [Sheet("Logg", EXPORT, rows)])
    return xlsx_answer(file, f"logg-{clock.today()}.xlsx")


def _reach() -> Reach:
    reach: Reach = current_user.reach(Permission.READ_LOG)
    return reach


def _days_and_tab() -> MultiDict[str, str]:
    return MultiDict({name: request.args.get(name, "") for name in ("fran", "till", "flik")})


def _listed(
    template: str,
    asked: AskedFor,
    found: Search,
    *,
    what: str,
    tabs: tuple[Tab, ...],
    ids: dict[str, int],
    **more: object,
) -> ResponseReturnValue:
    """A page with a list of the log: looked up, noted, shown."""
    endpoint = request.endpoint or ""

    def address(**others: object) -> str:
        values: dict[str, Any] = {**ids, **asked.parameters(**others)}
        return url_for(endpoint, **values)

    page: LogPage | None = None
    if not found.errors:
        after, before = Place.parse(request.args.get("efter")), Place.parse(request.args.get("fore"))
        page = list_log(found.wanted, found.reach, after, before)
        if not page.rows and page.count:
            return redirect(address(), 303)  # a place past the end: back to the top rather than an empty page
        _note(what, asked, found, len(page.rows), ids.get("record_id"))
    html = render_template(
        template,
        asked=asked,
        errors=found.errors,
        page=page,
        lines=lines(page.rows, _reach()) if page else [],
        tabs=[(TAB_LABELS[tab], address(flik="" if tab is tabs[0] else tab.value), tab is asked.tab) for tab in tabs],
        address=address,
        **more,
    )
    return html, 422 if found.errors else 200


def _export_rows() -> Iterator[tuple[object, ...]]:
    """The rows of a file; that it is taken out is noted before the first of them is read."""
    asked, reach = asked_for(request.args, clock.today(), TABS), _reach()
    found = search_for(asked, reach, kept_units(reach))
    if found.errors:
        abort(400)
    count, events = export_log(found.wanted, found.reach)
    _note("export", asked, found, count)
    return export_lines(events, found.reach)


def _note(what: str, asked: AskedFor, found: Search, row_count: int, record_id: int | None = None) -> None:
    """Notes that the log is looked at: what cannot be noted is not shown."""
    selection = asked.selection(found.wanted.actor_ids, found.wanted.record_ids)
    reads.note_read(ReadKind.LOG, what=what, record_id=record_id, selection=selection, row_count=row_count)
