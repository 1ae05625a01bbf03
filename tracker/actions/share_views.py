"""The page on which an action is let to belong to something more, or no longer to something."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.actions.importing import SOURCES
from tracker.actions.pages import source_links
from tracker.actions.queries import ActionRow, SourceRow, find_numbered_source, sources_of
from tracker.actions.sharing import attach, detach
from tracker.actions.step_forms import ShareForm
from tracker.actions.views import ONE, blueprint, found_action, saved, source_scopes
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.web.access import requires
from tracker.web.typed import keeps_typed

UNKNOWN = "Det finns inte, eller ligger utanför det du har tillgång till. Rätta numret."


@blueprint.route(f"{ONE}/hor-till", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_ACTIONS)
def share(record_id: int) -> ResponseReturnValue:
    """Let an action belong to a record that the reader sees as well, or no longer to one."""
    row, version = found_action(record_id, Permission.MANAGE_ACTIONS)
    sources = sources_of([record_id], source_scopes()).get(record_id, [])
    form = ShareForm(data={"version": version})
    if form.is_submitted() and "bort" in request.form:
        gone = next((source for source in sources if str(source.record_id) == request.form["bort"]), None)
        if gone is None:
            form.refuse(RuleViolation("gone", UNKNOWN, "-"))
        elif _saved(form, row, version, gone, added=False):
            flash("Åtgärden hör inte längre dit.")
            return redirect(url_for("actions.share", record_id=record_id), 303)
    elif form.validate_on_submit():
        found = find_numbered_source(SOURCES[form.slag.data], form.nummer.data, source_scopes())
        if found is None:
            form.refuse(RuleViolation("unknown", UNKNOWN, "nummer"))
        elif _saved(form, row, version, found, added=True):
            flash("Åtgärden hör nu dit också.")
            return redirect(url_for("actions.action", record_id=record_id), 303)
    shown = list(zip(sources, (words for words, _ in source_links(sources)), strict=True))
    page = render_template("actions/share.html", form=form, row=row, sources=shown)
    return page, 422 if form.is_submitted() else 200


def _saved(form: ShareForm, row: ActionRow, version: int, source: SourceRow, *, added: bool) -> bool:
    now, act = clock.now(), attach if added else detach
    return saved(form, row, version, lambda seen: act(row.record_id, seen, source, now))
