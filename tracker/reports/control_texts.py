"""The texts that somebody writes for the follow-up of the internal control plan: reading them, and writing them."""

from collections.abc import Mapping

from tracker.reports.models import ControlText
from tracker.reports.year_texts import Written, YearTexts
from tracker.risk.services import ensure_plans
from tracker.rules.control_texts import SUGGESTIONS, TextSection
from tracker.rules.trail import Action, TargetKind

TEXTS = YearTexts(ControlText, TextSection, Action.PLAN_TEXTS_CHANGED, TargetKind.PLAN, SUGGESTIONS, ensure_plans)


def read_texts(year: int) -> dict[TextSection, Written]:
    """Every section of a year, in the order of the paper."""
    return TEXTS.read(year)


def save_texts(year: int, typed: Mapping[TextSection, Written]) -> int:
    """Saves the sections that were typed, as `YearTexts.save` does; a year without a plan gets one."""
    return TEXTS.save(year, typed)
