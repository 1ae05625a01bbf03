"""What the pages of exports say."""

from datetime import datetime
from typing import NamedTuple

from tracker.clock import STOCKHOLM
from tracker.exports.making import REGISTERS
from tracker.exports.models import JobState, Trouble
from tracker.exports.queries import JobRow
from tracker.web.filters import counted, day_in_words, whole_number

HEADINGS = {
    JobState.WAITING: "Exporten väntar",
    JobState.RUNNING: "Exporten görs",
    JobState.READY: "Exporten är klar",
    JobState.FAILED: "Det blev ingen fil",
    JobState.LAPSED: "Filen finns inte längre",
}
STATE_LABELS = {
    JobState.WAITING: "Väntar",
    JobState.RUNNING: "Görs",
    JobState.READY: "Klar",
    JobState.FAILED: "Ingen fil",
    JobState.LAPSED: "Borttagen",
}
TROUBLE_LABELS = {
    Trouble.RIGHTS: "Dina rättigheter har ändrats. Gör en ny export.",
    Trouble.SPACE: "Det finns inte plats för filen på servern. Säg till den som sköter programmet, och gör sedan en ny"
    " export.",
    Trouble.ROWS: "Listan har fler rader än Excel kan ta emot. Filtrera listan, eller välj CSV.",
    Trouble.STOPPED: "Arbetet avbröts tre gånger innan filen var klar. Filtrera listan och gör en ny export.",
    Trouble.DAMAGED: "Filen är inte hel och lämnas inte ut. Gör en ny export.",
    Trouble.ERROR: "Något gick fel när filen gjordes. Gör en ny export, och säg till den som sköter programmet om det"
    " händer igen.",
}
FORMAT_LABELS = {"csv": "CSV", "xlsx": "Excel"}
_KB = 1_000


class JobLine(NamedTuple):
    """An export in words; `state` as it is at the moment that the page is made."""

    public_id: str
    what: str
    heading: str
    state: JobState
    state_label: str
    rows_done: int
    rows_total: int
    progress: str
    trouble: str
    made: str
    until: str
    taken: str
    name: str
    size: str


def state_of(job: JobRow, now: datetime) -> JobState:
    """A file that has served its time is gone, also before it has been swept away."""
    lapsed = job.state is JobState.READY and job.lapses_at is not None and job.lapses_at <= now
    return JobState.LAPSED if lapsed else job.state


def job_line(job: JobRow, now: datetime) -> JobLine:
    """An export as its page and the list tell it."""
    state = state_of(job, now)
    return JobLine(
        job.public_id, f"{REGISTERS.get(job.register, '')}, {FORMAT_LABELS[job.format]}", HEADINGS[state], state,
        STATE_LABELS[state], min(job.rows_done, job.rows_total), job.rows_total, progress_words(job),
        TROUBLE_LABELS[job.trouble] if job.trouble else "", _moment(job.made_at), _moment(job.lapses_at),
        _moment(job.taken_at), job.name or "", f"{whole_number(-(-(job.size or 0) // _KB))} kB",
    )  # fmt: skip


def progress_words(job: JobRow) -> str:
    """12 000 av 80 000 rader; while it waits how many are before it."""
    if job.state is JobState.WAITING:
        return f"{counted(job.ahead, 'export', 'exporter')} före i kön" if job.ahead else "Först i kön"
    return f"{whole_number(min(job.rows_done, job.rows_total))} av {counted(job.rows_total, 'rad', 'rader')}"


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return ""
    here = moment.astimezone(STOCKHOLM)
    return f"{day_in_words(here.date())} kl. {here:%H.%M}"
