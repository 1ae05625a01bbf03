"""Forms of a case's files."""

from flask_wtf.file import FileField, FileRequired
from wtforms import StringField

from tracker.records.forms import at_most
from tracker.rules.file_kinds import KINDS_IN_WORDS, LARGEST_ATTACHMENT
from tracker.web.forms import Form, trimmed

LONGEST_REASON = 500


class CaseFileForm(Form):
    """A file that belongs to a case."""

    file = FileField(
        "Lägg till en fil",
        [FileRequired("Välj en fil.")],
        description=f"{KINDS_IN_WORDS}, högst {LARGEST_ATTACHMENT // 1_000_000} MB. Den sparas krypterad. Inga namn och"
        " inga personnummer i filens namn.",
    )


class RemoveFileForm(Form):
    """Why a file is taken away."""

    reason = StringField(
        "Varför tas filen bort?", [at_most(LONGEST_REASON)], filters=[trimmed], description="Inga personnummer."
    )
