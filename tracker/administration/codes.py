"""Pages on the code lists: what can be chosen, in which order, on which days, and what counts as the same."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from tracker import clock
from tracker.accounts.authority import changing
from tracker.administration.forms import CodeForm, MergeForm, NewCodesForm
from tracker.administration.shared import STALE, blueprint, done, everything_only, reach, tell
from tracker.records import codes
from tracker.records.models import CodeItem, CodeList
from tracker.records.queries import find_code_item, list_code_rows
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.web.access import requires
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed

MANAGE = Permission.MANAGE_CODES
LIST = "/admin/kodlistor/<name>"
ITEM = f"{LIST}/<int(max={LARGEST_ID}):item_id>"
PATHS = {
    "insatser": CodeList.INTERVENTION,
    "skal": CodeList.DELAY_REASON,
    "avslutsorsaker": CodeList.CLOSE_REASON,
    "kategorier": CodeList.DEVIATION_CATEGORY,
    "orsaker": CodeList.DEVIATION_CAUSE,
}
CODE_LIST_LABELS = {
    CodeList.INTERVENTION: "Insatser",
    CodeList.DELAY_REASON: "Skäl till dröjsmålet",
    CodeList.CLOSE_REASON: "Avslutsorsaker",
    CodeList.DEVIATION_CATEGORY: "Kategorier av avvikelser",
    CodeList.DEVIATION_CAUSE: "Orsaksområden för avvikelser",
}


def _list(name: str) -> CodeList:
    found = PATHS.get(name)
    if found is None:
        abort(404)
    return found


def _item(name: str, item_id: int) -> CodeItem:
    """The entry, 404 when it is not in the list or is another's name."""
    found = find_code_item(_list(name), item_id)
    if found is None:
        abort(404)
    return found


@blueprint.get("/admin/kodlistor")
@requires(MANAGE)
def code_lists() -> ResponseReturnValue:
    """The lists, with how many can be chosen from each."""
    today = clock.today()
    lists = [
        (path, CODE_LIST_LABELS[code_list], sum(row.offered(today) for row in list_code_rows(code_list)))
        for path, code_list in PATHS.items()
    ]
    return render_template("administration/code_lists.html", lists=lists)


@blueprint.route(LIST, methods=["GET", "POST"])
@keeps_typed
@requires(MANAGE)
def code_list(name: str) -> ResponseReturnValue:
    """One list, and new entries for it."""
    of = _list(name)
    form = NewCodesForm()
    if form.validate_on_submit():
        try:
            with changing():
                everything_only(MANAGE)
                ids = codes.add_by_hand(of, form.labels.data.splitlines())
        except RuleViolation as violation:
            form.labels.errors = [*form.labels.errors, violation.message]
        else:
            for item_id in ids:
                tell("code_added", item_id)
            done("Listan är sparad.")
            return redirect(url_for("administration.code_list", name=name), 303)
    page = render_template(
        "administration/code_list.html",
        form=form,
        name=name,
        title=CODE_LIST_LABELS[of],
        rows=list_code_rows(of),
        today=clock.today(),
        may_change=reach(MANAGE).everything,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route(ITEM, methods=["GET", "POST"])
@keeps_typed
@requires(MANAGE)
def code(name: str, item_id: int) -> ResponseReturnValue:
    """One entry: its text and its days."""
    item = _item(name, item_id)
    form = CodeForm(data={"label": item.label, "valid_from": item.valid_from, "valid_until": item.valid_until})
    if form.validate_on_submit():
        try:
            with changing():
                everything_only(MANAGE)
                item = _item(name, item_id)
                if form.seen.data != _seen(item):
                    now = _seen(item).replace("|", ", ").strip(", ")
                    raise RuleViolation("stale", f"{STALE} Nu står {now}. Kontrollera och spara igen.", "label")
                codes.change_code(item, form.label.data, form.valid_from.data, form.valid_until.data)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            tell("code_changed", item_id)
            done("Texten är sparad.")
            return redirect(url_for("administration.code_list", name=name), 303)
    item = _item(name, item_id)
    page = render_template(
        "administration/code.html", form=form, name=name, item=item, seen=_seen(item), uses=codes.count_uses(item)
    )
    return page, 422 if form.is_submitted() else 200


def _seen(item: CodeItem) -> str:
    """What stood there when the page was opened."""
    return f"{item.label}|{item.valid_from or ''}|{item.valid_until or ''}"


@blueprint.post(f"{ITEM}/<any(upp, ned):step>")
@requires(MANAGE)
def move_code(name: str, item_id: int, step: str) -> ResponseReturnValue:
    """One place up or down."""
    with changing():
        everything_only(MANAGE)
        if codes.move_code(_item(name, item_id), up=step == "upp"):
            tell("code_moved", item_id)
    return redirect(url_for("administration.code_list", name=name), 303)


@blueprint.route(f"{ITEM}/sla-ihop", methods=["GET", "POST"])
@keeps_typed
@requires(MANAGE)
def merge_code(name: str, item_id: int) -> ResponseReturnValue:
    """Chooses what the entry counts as, says how many rows that touches, and does it."""
    item = _item(name, item_id)
    form = MergeForm()
    form.into.choices = [SelectChoice(row.id, row.label) for row in list_code_rows(_list(name)) if row.id != item.id]
    if form.validate_on_submit():
        try:
            with changing():
                everything_only(MANAGE)
                item, into = _item(name, item_id), _item(name, form.into.data)
                label, rows = item.label, codes.merge_codes(item, into)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            tell("codes_merged", item_id)
            done(f"{label} räknas nu som {into.label}. {rows} {'rad är ändrad' if rows == 1 else 'rader är ändrade'}.")
            return redirect(url_for("administration.code_list", name=name), 303)
    page = render_template(
        "administration/merge_code.html", form=form, name=name, item=item, uses=codes.count_uses(item)
    )
    return page, 422 if form.is_submitted() else 200
