"""The start page: what is late, what is next, and how the quarter stands."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.accounts.first_start import first_start_goes_on
from tracker.labels import WARNING_LABELS
from tracker.overview.control import control_overview
from tracker.overview.locked import locked_lines
from tracker.overview.pages import DecisionsOverview, decisions_overview
from tracker.overview.units import COLUMNS, unit_lines
from tracker.overview.waiting import count_news, waiting_parts
from tracker.records.questions import Part, nothing, together
from tracker.records.scope import scope_of
from tracker.rules.permissions import TABLE, Permission
from tracker.web.access import reader_now, signed_in
from tracker.web.navigation import MenuItem

blueprint = Blueprint("overview", __name__)
MENU = (MenuItem("Översikt", "/", "overview"),)


@blueprint.get("/")
@signed_in
def start() -> ResponseReturnValue:
    """The reader's own start page; those without a register see what their role is for."""
    reader, today = reader_now(), clock.today()
    decisions: Part[DecisionsOverview | None] = nothing()
    if reader.allows(Permission.READ_DECISIONS):
        decisions = decisions_overview(
            scope_of(reader, Permission.READ_DECISIONS),
            reader.reach(Permission.READ_QUARTER_DRAFT),
            reader.user_id,
            today,
        )
    overview, parts, lines, news = together(
        decisions, waiting_parts(reader, today), unit_lines(reader, today), count_news(reader)
    )
    return render_template(
        "overview/start.html",
        overview=overview,
        control=control_overview(reader, today),
        parts=parts,
        news=news,
        unit_heads=[label for label, _ in COLUMNS],
        unit_lines=lines,
        today=today,
        warning_labels=WARNING_LABELS,
        where=", ".join(dict.fromkeys(held.unit_name for held in reader.held)),
        roles=[TABLE[role] for role in reader.roles],
        may_import=reader.allows(Permission.IMPORT_DECISIONS),
        reads_locked=reader.allows(Permission.READ_LOCKED_REPORTS),
        locked=locked_lines(reader) if overview is None else [],
        day_of=clock.day_of,
        first_start=reader.allows(Permission.MANAGE_INSTALLATION) and first_start_goes_on(),
        municipality=current_app.config["MUNICIPALITY_NAME"],
    )
