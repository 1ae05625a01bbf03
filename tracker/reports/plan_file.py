"""Which version of an internal control plan is on a paper, and what is it called there? The plan as Word and PDF."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tracker import clock
from tracker.control.plan_pages import DECIDED
from tracker.control.plan_queries import PlanPart, draft_part, find_version, list_events, list_versions
from tracker.records.scope import Scope
from tracker.reports.control_year import draft_cover
from tracker.reports.rendering.paper import Paper
from tracker.reports.rendering.plan import plan_docx, plan_paper, plan_pdf
from tracker.risk.queries import find_plan
from tracker.rules.calendar import in_words
from tracker.rules.plan_workflow import PlanState, PlanStep

PLAN_FORMATS: dict[str, Callable[[Paper], bytes]] = {"docx": plan_docx, "pdf": plan_pdf}
DECISIONS = frozenset({PlanStep.ADOPT, PlanStep.SEND_BACK})


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A version of a plan as its reader may see it (`part.number` 0: the draft as it stands), and its paper."""

    part: PlanPart
    paper: Paper

    @property
    def rows(self) -> int:
        """How many risks and kontrollmoment it holds."""
        return len(self.part.content["risks"]) + len(self.part.content["moments"])

    @property
    def told(self) -> str:
        """What a file of it holds, in a line."""
        return f"{self.paper['rubrik']}, {self.paper['lage'].lower()}, {self.rows} rader"

    @property
    def which(self) -> str:
        """The version in addresses, names of files and the log."""
        return f"version-{self.part.number}" if self.part.number else "utkast"


def find_plan_file(year: int, number: int | None, scope: Scope) -> PlanFile | None:
    """The plan's version, or without a number what stands: the draft, else what was proposed or adopted last.

    None when there is no such plan or version.
    """
    plan = find_plan(year)
    if plan is None:
        return None
    if number is None and plan.state != PlanState.DRAFT:
        number = next(row.number for row in list_versions(year) if row.decided in {None, "adopted"})
    part = draft_part(plan, scope) if number is None else find_version(year, number, scope)
    if part is None:
        return None
    standing, day, decision = _standing(year, part)
    cover = draft_cover()
    if standing:
        cover = cover._replace(standing=standing, day=day)
    return PlanFile(part, plan_paper(year, part, cover, decision))


def _standing(year: int, part: PlanPart) -> tuple[str, date, list[str]]:
    """What a version is called, its day, and the committee's decision about it; nothing of a draft."""
    if not part.number:
        return "", date.min, []
    events = [event for event in list_events(year) if event.version_number == part.number]
    proposed = next(event for event in events if event.step == PlanStep.PROPOSE)
    day, said = clock.day_of(proposed.at), []
    standing = DECIDED[part.decided]
    decided = next((event for event in events if event.step in DECISIONS), None)
    if decided is not None and decided.decided_on is not None:
        day = decided.decided_on
        said = [f"{standing} {in_words(day)}, {decided.paragraph}, diarienummer {decided.case_number}."]
    return f"{standing}, version {part.number}", day, said
