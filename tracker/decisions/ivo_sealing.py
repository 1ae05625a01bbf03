"""How are the words to and from IVO kept? Sealed, as they tell of a person's life, several fields as one."""

import json
from collections.abc import Mapping

from tracker.vault import SealedColumn, vault

TEXTS, SENT_AS, OUTCOME = "individual_report.texts", "individual_report.sent_as", "ivo_matter.outcome"
AFTERWARDS = "efterhand"  # among the texts: why it is sent although no locked report held it
for _field in (TEXTS, SENT_AS, OUTCOME):
    _table, _, _column = _field.partition(".")
    vault.register(SealedColumn(_table, "id", _column, _field))


def seal_fields(fields: Mapping[str, str], report_id: int, field: str) -> bytes:
    """Texts by field, sealed for their individrapport."""
    return vault.encrypt(json.dumps(fields, ensure_ascii=False, sort_keys=True), report_id, field)


def open_fields(sealed: bytes | None, report_id: int, field: str) -> dict[str, str] | None:
    """The texts behind a column, None where there are none."""
    if sealed is None:
        return None
    found: dict[str, str] = json.loads(vault.decrypt(sealed, report_id, field))
    return found


def seal_outcome(text: str, matter_id: int) -> bytes | None:
    """What came of a matter, sealed for it; None for no words."""
    return vault.encrypt(text, matter_id, OUTCOME) if text else None


def open_outcome(sealed: bytes | None, matter_id: int) -> str:
    """The words behind a matter's column, empty where there are none."""
    return "" if sealed is None else vault.decrypt(sealed, matter_id, OUTCOME)
