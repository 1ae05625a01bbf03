"""A house with a few decisions, where three rows are already a long list."""

from datetime import date

import pytest

from tests.exports.ordering import House
from tests.factories import make_decisions
from tracker.exports import making


@pytest.fixture
def house(app, client, frozen_day, tmp_path, monkeypatch):
    """Five decisions in two units, a signed-in handläggare, and a folder of one's own for the files."""
    frozen_day(date(2022, 2, 15))
    monkeypatch.setitem(app.config, "EXPORT_FOLDER", tmp_path / "exports")
    monkeypatch.setattr(making, "LONG", 2)
    rows = [("B-1", "Vuxen"), ("B-2", "Vuxen"), ("B-3", "Vuxen"), ("B-4", "Barn"), ("B-5", "Barn")]
    make_decisions([{"ref": ref, "enhet": unit, "handlaggare": "Åsa Öberg"} for ref, unit in rows])
    return House(app, tmp_path / "exports")
