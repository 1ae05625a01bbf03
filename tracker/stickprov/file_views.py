"""Pages of one item of a stickprov: its files, added, taken out and removed."""

import io

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.audit import reads
from tracker.database import db
from tracker.log_review.check_pages import moment as at_moment
from tracker.log_review.names import people
from tracker.records.attachments import FILE_KIND_LABELS, AttachmentRow, open_content
from tracker.records.scope import scope_of
from tracker.rules.errors import RuleViolation
from tracker.rules.file_kinds import LARGEST_ATTACHMENT
from tracker.rules.permissions import Permission
from tracker.rules.sample_work import AT_WORK
from tracker.rules.trail import ReadKind
from tracker.stickprov import attaching
from tracker.stickprov.forms import AttachForm, DetachForm
from tracker.stickprov.models import SampleDraw
from tracker.stickprov.pages import item_lines
from tracker.stickprov.queries import ItemRow, SampleRow, find_read, find_sample
from tracker.stickprov.views import SAMPLE, blueprint
from tracker.web.access import requires
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed
from tracker.web.uploads import takes_file

ITEM = f"{SAMPLE}/post/<int(max={LARGEST_ID}):item_id>"
FILE = f"{ITEM}/underlag/<int(max={LARGEST_ID}):attachment_id>"


@blueprint.get(ITEM)
@requires(Permission.READ_CONTROL)
def item(sample_id: int, item_id: int) -> ResponseReturnValue:
    """One item: what it came to, and the files that show it."""
    row, found, made = _item(sample_id, item_id, Permission.READ_CONTROL)
    return _page(row, found, made, AttachForm())


@blueprint.post(f"{ITEM}/underlag")
@takes_file(LARGEST_ATTACHMENT)
@requires(Permission.CARRY_OUT_CONTROL)
def attach(sample_id: int, item_id: int) -> ResponseReturnValue:
    """Add a file to an item."""
    row, found, made = _item(sample_id, item_id, Permission.CARRY_OUT_CONTROL)
    form = AttachForm()
    upload = request.files.get("file")
    if form.validate_on_submit() and upload is not None:
        try:
            attaching.attach(
                sample_id, item_id, upload.read(), upload.filename or "", current_user.user_id, clock.now()
            )
        except RuleViolation as violation:
            db.session.rollback()
            form.refuse(violation)
            row, found, made = _item(sample_id, item_id, Permission.CARRY_OUT_CONTROL)
        else:
            flash("Underlaget är sparat, krypterat.")
            return redirect(url_for("stickprov.item", sample_id=sample_id, item_id=item_id), 303)
    return _page(row, found, made, form), 422


@blueprint.get(FILE)
@requires(Permission.READ_CONTROL)
def attachment(sample_id: int, item_id: int, attachment_id: int) -> ResponseReturnValue:
    """A file of an item as it came in; it is saved, never shown by the browser. The reading is noted first."""
    row, _, _ = _item(sample_id, item_id, Permission.READ_CONTROL)
    file = _file(item_id, attachment_id)
    data = open_content(file)
    reads.note_read(
        ReadKind.RECORD, record_id=row.moment.record_id, selection=f"stickprov={row.sample.ref}&underlag={file.id}",
        row_count=1,
    )  # fmt: skip
    return send_file(
        io.BytesIO(data), mimetype="application/octet-stream", as_attachment=True, download_name=file.name, max_age=0,
        etag=False,
    )  # fmt: skip


@blueprint.route(f"{FILE}/ta-bort", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CARRY_OUT_CONTROL)
def detach(sample_id: int, item_id: int, attachment_id: int) -> ResponseReturnValue:
    """Remove a file from an item, with the reason."""
    row, found, made = _item(sample_id, item_id, Permission.CARRY_OUT_CONTROL)
    file, form = _file(item_id, attachment_id), DetachForm()
    if form.validate_on_submit():
        try:
            attaching.detach(sample_id, item_id, attachment_id, form.reason.data or "")
        except RuleViolation as violation:
            db.session.rollback()
            form.refuse(violation)
            row, found, made = _item(sample_id, item_id, Permission.CARRY_OUT_CONTROL)
        else:
            flash("Underlaget är borttaget.")
            return redirect(url_for("stickprov.item", sample_id=sample_id, item_id=item_id), 303)
    page = render_template(
        "stickprov/detach.html", row=row, item=item_lines([found])[0], file=file, form=form,
        at_work=row.state in AT_WORK and _counts(row, made), earlier=not _counts(row, made),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _item(sample_id: int, item_id: int, permission: Permission) -> tuple[SampleRow, ItemRow, SampleDraw]:
    """An item of any draw with its stickprov and draw; those of an earlier draw are read alone."""
    row = find_sample(sample_id, scope_of(current_user, permission))
    found = find_read(sample_id, item_id) if row else None
    if row is None or found is None:
        abort(404)
    return row, *found


def _counts(row: SampleRow, made: SampleDraw) -> bool:
    """Whether it is the latest draw, which alone is worked with."""
    return made.number == row.drawn.draws


def _file(item_id: int, attachment_id: int) -> AttachmentRow:
    file = next((found for found in attaching.attachments_of(item_id) if found.id == attachment_id), None)
    if file is None:
        abort(404)
    return file


def _page(row: SampleRow, found: ItemRow, made: SampleDraw, form: AttachForm) -> str:
    files = attaching.attachments_of(found.item.id)
    works = find_sample(row.sample.id, scope_of(current_user, Permission.CARRY_OUT_CONTROL)) is not None
    page = render_template(
        "stickprov/item.html", row=row, item=item_lines([found])[0], files=files, form=form, kinds=FILE_KIND_LABELS,
        names={one.id: one.name for one in people([file.added_by for file in files]).values()}, moment=at_moment,
        works=works and row.state in AT_WORK and _counts(row, made), earlier=0 if _counts(row, made) else made.number,
    )  # fmt: skip
    selection = f"stickprov={row.sample.ref}"
    reads.note_read(ReadKind.RECORD, record_id=row.moment.record_id, selection=selection, row_count=1)
    return page
