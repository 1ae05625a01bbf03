"""Writes docs/case-workflow.md from the table in the code. `python -m scripts.case_workflow_page`; a test compares."""

from pathlib import Path

from tracker.cases.words import KIND_LABELS, STATE_LABELS, STEP_LABELS
from tracker.permission_labels import PERMISSION_LABELS
from tracker.rules.case_workflow import TABLE, CaseKind, CaseState, StepRow

PAGE = Path(__file__).resolve().parent.parent / "docs" / "case-workflow.md"
HEAD = """# What may be done with a case

Made from `tracker/rules/case_workflow.py` by `python -m scripts.case_workflow_page`; do not edit by hand.
The same table decides the buttons of a case, what the server takes, and what is written here. What a step looks at
beside the state (actions, IVO, who investigated) stands in `check_step`.
"""
TABLE_HEAD = "\n## {}\n\n| step | from | by whoever | to | needs |\n|---|---|---|---|---|\n"
NEEDS = {"comment": "why", "decision": "an assessment and its motivation", "investigator": "who", "day": "the day"}
NEEDS |= {"receiver": "to whom, and how it was sent", "answer": "which answer"}


def page() -> str:
    """The whole page."""
    return HEAD + "".join(
        TABLE_HEAD.format(KIND_LABELS[kind]) + "".join(_line(row) for row in TABLE if row.kind is kind)
        for kind in CaseKind
    )


def _line(row: StepRow) -> str:
    starts = ", ".join(STATE_LABELS[state] for state in CaseState if state in row.starts)
    end = STATE_LABELS[row.end] if row.end else "stays"
    needs = ", ".join(words for name, words in NEEDS.items() if getattr(row, name)) or "–"
    may = PERMISSION_LABELS[row.permission]
    return f"| {STEP_LABELS[row.step]} (`{row.step}`) | {starts} | {may} | {end} | {needs} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
