"""Writing one kontrollmoment of a plan from a page, by the writer that files use."""

from collections.abc import Mapping
from datetime import datetime

from tracker.audit import trail
from tracker.control.bringing_in import REGISTER, import_controls
from tracker.exchange.errors import Collector
from tracker.records.yearly import Importer, Line, record_of, take_one
from tracker.rules.control_parties import controlling_themselves
from tracker.rules.errors import RuleViolation
from tracker.rules.sample_work import read_criteria
from tracker.rules.trail import Action

SAME = "{who} är den som kontrolleras. Välj någon annan, eller kryssa i att det ska vara så."
WHO = {"utforare": "Utföraren", "ansvarig": "Den ansvariga"}


def save_moment(
    year: int,
    ref: str,
    said: Mapping[str, object],
    known: tuple[int, int] | None,
    importer: Importer,
    now: datetime,
    *,
    same_is_meant: bool = False,
) -> int:
    """Saves one kontrollmoment within the caller's transaction; gives its record. `known`: the record and the version
    that was seen, None for a new one. `same_is_meant`: somebody has said that whoever is controlled may control.

    Raises RuleViolation when the ref is taken, the criteria cannot be, or somebody controls themselves and nobody has
    said that it is meant; StaleVersion when somebody has changed it since; ImportRefused as a file's row does.
    """
    take_one(REGISTER, year, ref, known)
    parties = (said.get(name) for name in ("controlled_party", "performer", "responsible"))
    same = controlling_themselves(*(name if isinstance(name, str) else None for name in parties))
    if same and not same_is_meant:
        raise RuleViolation("same_party", SAME.format(who=WHO[same[0]]), same[0])
    criteria = _criteria(said.get("criteria"))
    import_controls([Line(1, year, ref, {**said, "criteria": criteria})], importer, Collector(), now)
    record_id = record_of(REGISTER, year, ref)
    if record_id is None:
        raise LookupError(ref)
    if same:
        trail.record(Action.RECORD_CHANGED, record_id=record_id, changes={"same_party_meant": (None, ", ".join(same))})
    return record_id


def _criteria(text: object) -> str | None:
    """The criteria one a line, as a stickprov takes them; None for none."""
    try:
        found = read_criteria(text) if isinstance(text, str) else []
    except RuleViolation as violation:
        raise RuleViolation(violation.code, violation.message, "kriterier") from None
    return "\n".join(found) or None
