"""Pages of the kvalitetsberättelse: as it stands, and where its texts are written."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.database import not_writing
from tracker.records.yearly import FIRST_YEAR, LAST_YEAR
from tracker.reports.blueprint import blueprint
from tracker.reports.story import StoryPart, story_of
from tracker.reports.story_forms import StoryTextsForm
from tracker.reports.story_texts import TEXTS, words_of
from tracker.reports.text_views import write_texts
from tracker.rules.permissions import Permission
from tracker.rules.story import StorySection
from tracker.web.access import requires
from tracker.web.typed import keeps_typed

ADDRESS = "/rapporter/kvalitet/<int:year>/berattelse"
BY_ITSELF = "Under rubriken skrivs siffrorna ut av sig själva."
NAMED = "Sparat. Titta en gång till: det här ser ut som namn, och berättelsen är offentlig. {}."


@blueprint.route(f"{ADDRESS}/text", methods=["GET", "POST"])
@requires(Permission.WRITE_QUALITY)
@keeps_typed
def story_texts(year: int) -> ResponseReturnValue:
    """The texts are written. With `forra=1` the empty ones begin with last year's, which are saved when one saves."""
    check_whole(year)
    form = StoryTextsForm()
    wrote = write_texts(form, TEXTS, year)
    if wrote.saved is not None:
        named = form.names()
        if named:
            flash(NAMED.format("; ".join(named)), "warning")
        else:
            flash("Texterna är sparade." if wrote.saved else "Inget var ändrat.")
        return redirect(url_for("reports.story", year=year, utkast=1), 303)
    with not_writing():
        last, parts = words_of(year - 1), story_of(year, None).parts
    copied = request.args.get("forra") == "1" and any(last.values()) and not (form.is_submitted() or form.restored)
    if copied:
        for section, text in last.items():
            form[section.value].data = form[section.value].data or text
    page = render_template(
        "reports/story_texts.html", year=year, form=form, stale=wrote.stale, generated=_generated(parts),
        last_year=year - 1 if any(last.values()) else None, copied=copied,
    )  # fmt: skip
    return page, wrote.status


def check_year(year: int) -> None:
    """404 for a year that no report is kept for."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)


def check_whole(year: int) -> None:
    """What tells of the whole house is written by those who work for all of it."""
    check_year(year)
    if not current_user.reach(Permission.WRITE_QUALITY).everything:
        abort(403)


def _generated(parts: tuple[StoryPart, ...]) -> dict[StorySection, str]:
    """What is said above a field of the figures that stand below its text."""
    return {part.section: " ".join((BY_ITSELF, *part.sentences)) for part in parts if part.sentences or part.tables}
