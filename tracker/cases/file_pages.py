"""What do the pages tell of a case's files? Who reported it is named to those alone who may know."""

from dataclasses import dataclass, field
from typing import NamedTuple

from tracker.accounts.queries import user_names
from tracker.cases.file_forms import CaseFileForm
from tracker.log_review.check_pages import moment
from tracker.records.attachments import FILE_KIND_LABELS, AttachmentRow

THE_REPORTER = "Den som rapporterade"


class FileLine(NamedTuple):
    """A file as a page lists it. `size`: kB, rounded up."""

    name: str
    kind: str
    size: int
    added: str
    who: str
    path: str


@dataclass(frozen=True, slots=True)
class FilesPart:
    """The files of a case on a page: where they lie, and the form by which one is added, where the reader may."""

    path: str
    lines: list[FileLine] = field(default_factory=list)
    form: CaseFileForm | None = None
    removes: bool = False


def file_lines(files: list[AttachmentRow], path: str, reporter_id: int | None, *, knows: bool) -> list[FileLine]:
    """The lines of some files at `path`; `knows`: the reader may know that user `reporter_id` has reported the case."""
    names = user_names({file.added_by for file in files})
    return [
        FileLine(
            file.name, FILE_KIND_LABELS[file.kind], -(-file.size // 1000), moment(file.added_at),
            THE_REPORTER if file.added_by == reporter_id and not knows else names.get(file.added_by, ""),
            f"{path}/{file.id}",
        )
        for file in files
    ]  # fmt: skip
