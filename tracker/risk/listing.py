"""Which columns does the risk register have, and what stands in them?"""

from tracker.risk.importing import HANDLING_LABELS
from tracker.risk.pages import RISK_LABELS
from tracker.risk.queries import Plan, RiskRow
from tracker.risk.register import BY_REF, HEAVIEST
from tracker.web.columns import ListColumn, WithNote
from tracker.web.marks import LevelMark

RiskColumn = ListColumn[RiskRow, Plan]  # the rows of a page share their year's plan


def _text(row: RiskRow, _: Plan) -> object:
    return row.text if row.in_net else WithNote(row.text, f"Inte på nettolistan: {row.net_reason}")


def _level(row: RiskRow, plan: Plan) -> LevelMark:
    level = plan.scale.level(row.likelihood, row.consequence)
    return LevelMark(level.label, level.colour)


def _more(name: str, of: str) -> RiskColumn:
    return ListColumn(name, RISK_LABELS[of], lambda row, _: getattr(row, of), usual=False)


def _number(name: str, of: str, *, usual: bool = True) -> RiskColumn:
    return ListColumn(name, RISK_LABELS[of], lambda row, _: getattr(row, of), usual=usual, css="num", kind="number")


RISK_COLUMNS: tuple[RiskColumn, ...] = (
    ListColumn("ref", "Ref", lambda row, _: row.ref, order=BY_REF.column, css="whole"),
    ListColumn("risk", "Risk", _text),
    ListColumn("omrade", "Område", lambda row, _: row.area),
    _more("process", "process"),
    _more("agare", "owner"),
    _more("orsak", "cause"),
    _more("leder-till", "effect"),
    _number("sannolikhet-fore", "gross_likelihood", usual=False),
    _number("konsekvens-fore", "gross_consequence", usual=False),
    _more("kontroller", "existing_controls"),
    _number("sannolikhet", "likelihood"),
    _number("konsekvens", "consequence"),
    ListColumn(
        "riskvarde", "Riskvärde", lambda row, _: row.score, order=HEAVIEST.column, falling=True, css="num strong",
        kind="number",
    ),
    ListColumn("niva", "Nivå", _level),
    ListColumn("hantering", "Hantering", lambda row, _: HANDLING_LABELS.get(row.handling or "")),
)  # fmt: skip
