"""What do the pages of risks show? The matrix with its links, the rows, and the words of levels and handlings."""

from collections.abc import Callable
from typing import NamedTuple

from tracker.risk.importing import REGISTER_NAMES
from tracker.risk.queries import Plan, RiskRow
from tracker.rules.plan_workflow import PlanState
from tracker.rules.risk_assessment import RiskList
from tracker.rules.risk_scoring import Level, Scale

STATE_LABELS: dict[str, str] = {
    PlanState.DRAFT: "Utkast", PlanState.PROPOSED: "Föreslagen", PlanState.ADOPTED: "Fastställd",
    PlanState.FOLLOWED_UP: "Uppföljd", PlanState.APPROVED: "Godkänd",
}  # fmt: skip
RISK_LABELS = {
    "text": "Risk", "area": "Område", "process": "Process", "level": "Nivå", "cause": "Orsak", "effect": "Leder till",
    "gross_likelihood": "Sannolikhet före kontroller", "gross_consequence": "Konsekvens före kontroller",
    "existing_controls": "Befintliga kontroller", "likelihood": "Sannolikhet",
    "likelihood_motivation": "Motivering av sannolikheten", "consequence": "Konsekvens",
    "consequence_motivation": "Motivering av konsekvensen", "motivation": "Motivering", "owner": "Riskägare",
    "handling": "Hantering", "in_net": "Med på nettolistan", "net_reason": "Skäl för nettolistan",
}  # fmt: skip
LIST_LABELS = {
    RiskList.GROSS: "Bruttolista, alla", RiskList.NET: "Nettolista", RiskList.LEFT_OUT: "Inte på nettolistan",
}  # fmt: skip


class MatrixCell(NamedTuple):
    """A cell as it is shown: how many, the value, the level's colour and word, and the list that holds them."""

    number: int
    score: int
    colour: str
    level: str
    address: str
    chosen: bool


class MatrixLine(NamedTuple):
    """A row of the matrix: the step of likelihood and its cells by consequence."""

    likelihood: int
    label: str
    cells: list[MatrixCell]


def exported_row(year: int, risk: RiskRow) -> tuple[object, ...]:
    """A risk as a file holds it, in the order of the import's columns."""
    cells = (getattr(risk, column) for column in REGISTER_NAMES.values())
    shown = ({True: "ja", False: "nej"}[cell] if isinstance(cell, bool) else cell for cell in cells)
    return (year, risk.ref, *("" if cell is None else cell for cell in shown))


def gross_level(scale: Scale, risk: RiskRow) -> Level | None:
    """The level before existing controls; None where that is not assessed."""
    if risk.gross_likelihood is None or risk.gross_consequence is None:
        return None
    return scale.level(risk.gross_likelihood, risk.gross_consequence)


def motivation_of(risk: RiskRow) -> str:
    """Why a risk is assessed as it is, in one text; empty where nobody has said."""
    told = (
        ("", risk.motivation), ("Sannolikhet: ", risk.likelihood_motivation),
        ("Konsekvens: ", risk.consequence_motivation),
    )  # fmt: skip
    texts = [f"{of}{text}" for of, text in told if text]
    return " ".join([f"{text.rstrip('.')}." for text in texts[:-1]] + texts[-1:])


def step_words(steps: tuple[str, ...], value: int | None) -> str:
    """`3, möjlig`; a dash where nothing is assessed."""
    return "–" if value is None else f"{value}, {steps[value - 1].lower()}"


def matrix_lines(
    plan: Plan, counts: list[list[int]], address: Callable[[int, int], str],
    chosen: tuple[int | None, int | None] = (None, None),
) -> list[MatrixLine]:  # fmt: skip
    """The matrix from the most likely down, as it is drawn; `chosen`: a step of likelihood and one of consequence."""
    scale = plan.scale
    lines = []
    for s in range(scale.size, 0, -1):
        cells = []
        for k in range(1, scale.size + 1):
            level = scale.level(s, k)
            here = chosen != (None, None) and chosen[0] in {None, s} and chosen[1] in {None, k}
            cells.append(MatrixCell(counts[s - 1][k - 1], s * k, level.colour, level.label, address(s, k), here))
        lines.append(MatrixLine(s, scale.likelihoods[s - 1], cells))
    return lines
