"""The page on what holds for the whole installation."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts import approving
from tracker.accounts.authority import changing
from tracker.accounts.lists import get_installation
from tracker.administration.forms import SettingsForm
from tracker.administration.shared import blueprint, done, everything_only, reach, tell
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.web.access import requires

MANAGE = Permission.MANAGE_INSTALLATION


@blueprint.route("/admin/installningar", methods=["GET", "POST"])
@requires(MANAGE, confirmed="POST")
def settings() -> ResponseReturnValue:
    """The committee's name, and whether roles with identities need two administrators."""
    held = get_installation()
    form = SettingsForm(
        data={
            "committee_name": held.committee_name or "",
            "administrators": "tva" if held.second_administrator else "en",
        }
    )
    if form.validate_on_submit():
        now, today = clock.now(), clock.today()
        try:
            with changing():
                everything_only(MANAGE)
                approving.name_committee(form.committee_name.data or "", today)
                wanted, is_two = form.administrators.data == "tva", get_installation().second_administrator
                if wanted and not is_two:
                    approving.ask_for_two(today)
                elif is_two and not wanted:
                    approving.ask_for_one(current_user.user_id, now)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            tell("installation_changed", 1)
            if is_two and not wanted:
                done("Det andra är sparat. Att en administratör räcker gäller först när en annan har godkänt det.")
            else:
                done("Inställningarna är sparade.")
            return redirect(url_for("administration.settings"), 303)
    page = render_template("administration/settings.html", form=form, may_change=reach(MANAGE).everything)
    return page, 422 if form.is_submitted() else 200
