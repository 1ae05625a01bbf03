"""A quarter is closed by people who are late, hurried, or curious: what they have not seen is not done."""

import json
from datetime import date, time

import pytest

from tests.decisions.running import run
from tests.factories import make_decisions, make_user
from tests.frozen.locking import lock
from tests.reports.test_closing_pages import QUARTER, make_ready, newest, person, published, today
from tracker.frozen.queries import get_file, list_versions
from tracker.printing.faults import Fault, WordError
from tracker.printing.process import WorkFailed
from tracker.reports import locking, views
from tracker.reports.locking import key_of
from tracker.rules.quarters import Quarter

pytestmark = pytest.mark.usefixtures("quick_papers")
__all__ = ["published", "today"]  # the fixtures

Q4 = Quarter(2021, 4)


@pytest.fixture
def locked(published):
    return lock(make_user("las@kommun.example", "kvalitet").id, 2021, 4, date(2022, 1, 31), date(2021, 10, 31))


class TestWhatWasSeen:
    def test_what_was_marked_anew_since_the_page_was_opened_is_read_again_before_it_is_locked(self, published):
        eva, lead = person(published, "handlaggare"), person(published, "kvalitet")
        make_ready(eva)
        lead.get(f"{QUARTER}/las")
        make_decisions([{"ref": "B-13", "beslutsdatum": "2020-10-26", "verkstalld": "2022-01-15"}])
        make_ready(eva, "Något annat")
        page = lead.submit({}, form="digest", status=409)
        assert "Rapporten har ändrats sedan du öppnade sidan" in page.text
        assert list_versions(key_of(Q4)) == []
        lead.submit({}, form="digest")
        assert newest().local_title == "Något annat"

    def test_a_title_that_has_been_changed_since_is_seen_before_it_is_locked(self, published):
        eva, lead = person(published, "handlaggare"), person(published, "kvalitet")
        make_ready(eva)
        lead.get(f"{QUARTER}/las")
        make_ready(eva, "Något annat")
        lead.submit({}, form="digest", status=409)
        assert list_versions(key_of(Q4)) == []


class TestTitles:
    def test_a_correction_begins_with_the_title_of_what_it_corrects(self, published):
        eva, lead = person(published, "handlaggare"), person(published, "kvalitet")
        make_ready(eva, "Kvartal 1 2022")
        lead.get(f"{QUARTER}/las")
        lead.submit({}, form="digest")
        field = next(e for e in eva.get(f"{QUARTER}/klar").tree.iter("input") if e.get("name") == "rubrik")
        assert field.get("value") == "Kvartal 1 2022"

    def test_the_command_line_keeps_the_title_and_who_marked_ready_only_what_still_says_the_same(self, published):
        eva = person(published, "handlaggare")
        make_user("las@kommun.example", "kvalitet")
        make_ready(eva, "Kvartal 1 2022")
        make_decisions([{"ref": "B-13", "beslutsdatum": "2020-10-26", "verkstalld": "2022-01-15"}])
        ran = run(published, "report", "quarter", 2021, 4, "--lock", "--by", "las@kommun.example")
        assert ran.code == 0, ran.err
        assert json.loads(ran.out)["local_title"] == "Kvartal 1 2022"
        assert newest().ready_by is None


class TestDays:
    def test_a_draft_on_the_command_line_ends_with_the_quarter_whatever_days_are_prepared(self, published):
        make_ready(person(published, "handlaggare"))
        said = json.loads(run(published, "report", "quarter", 2021, 4).out)
        assert (said["cutoff"], said["previous_cutoff"], said["locked"]) == ("2021-12-31", "2021-09-30", False)
        said = json.loads(run(published, "report", "quarter", 2021, 4, "--previous", "2021-10-31").out)
        assert (said["cutoff"], said["previous_cutoff"]) == ("2021-12-31", "2021-10-31")


class TestEmptied:
    def test_who_opens_an_emptied_report_finds_the_other_readers_the_draft_and_the_versions(self, published, locked):
        lead = person(published, "kvalitet")
        make_decisions([{"ref": "B-13", "beslutsdatum": "2020-10-26", "verkstalld": "2022-01-15"}])
        ran = run(published, "decisions", "forget", "B-13", "--reason", "gallring")
        assert ran.code == 0, ran.err
        page = lead.get(QUARTER)
        assert "har glömts" in page.text
        assert page.table("Låsta versioner").column("Version") == ["Version 1"]
        assert "Gör sekretessprövningen" in lead.click("Nämnden").links
        lead.get(QUARTER)
        assert lead.click("Visa utkastet med vad registret säger nu").heading.startswith("Ej verkställda beslut")


class TestAddresses:
    @pytest.mark.parametrize(
        ("parameters", "status"),
        [("version=999999999999", 404), ("version=2", 404), ("avstamning=x", 400), ("avstamning=2021-01-01", 400)],
    )
    def test_odd_ones_are_refused(self, published, locked, parameters, status):
        lead = person(published, "kvalitet")
        for page in (f"sekretess?mottagare=namnd&{parameters}", f"export.json?{parameters}"):
            assert lead.get(f"{QUARTER}/{page}", status=status).is_html

    def test_the_file_of_a_locked_quarter_is_the_locked_one_unless_the_draft_is_asked_for(self, published, locked):
        lead, bytes_locked = person(published, "kvalitet"), get_file(locked.id, "intern", "json")
        make_decisions([{"ref": "B-13", "beslutsdatum": "2020-10-26", "verkstalld": "2022-01-15"}])
        assert lead.get(f"{QUARTER}/export.json").data == bytes_locked
        assert lead.get(f"{QUARTER}/export.json?version=1").data == bytes_locked
        draft = json.loads(lead.get(f"{QUARTER}/export.json?utkast=1").data)
        assert (draft["locked"], draft["counts"]["executed"]) == (False, 11)
        assert "finns inte kvar" not in lead.get(f"{QUARTER}?utkast=1").text
        exported = lead.submit({}, form="Exportera till Excel")
        assert "version" not in exported.response.headers["Content-Disposition"]


class TestNothingTypedIsLost:
    @pytest.mark.parametrize(
        ("page", "field", "words"), [("klar", "rubrik", "Kvartal 1 2022"), ("sekretess", "note", "En rad pekar ut.")]
    )
    def test_words_come_back_when_the_sign_in_has_ended(self, published, frozen_day, page, field, words):
        eva = person(published, "handlaggare")
        eva.get(f"{QUARTER}/{page}")
        frozen_day(date(2022, 2, 16), time(11, 0))
        asked = eva.submit({field: words}, form=field)
        assert asked.path.startswith("/logga-in")
        assert "sparat" in asked.text


class TestPapersThatCannotBeMade:
    @pytest.mark.parametrize(
        ("error", "said"),
        [
            (WordError([Fault("Fältet {{ x }} finns inte.")]), "Fältet {{ x }} finns inte."),
            (WorkFailed("tid"), "för lång"),
        ],
    )
    def test_it_is_told_and_nothing_is_locked(self, published, monkeypatch, error, said):
        eva, lead = person(published, "handlaggare"), person(published, "kvalitet")
        make_ready(eva)
        lead.get(f"{QUARTER}/las")
        monkeypatch.setattr(locking, "every_file", failing(error))
        assert said in lead.submit({}, form="digest", status=422).text
        assert list_versions(key_of(Q4)) == []

    def test_a_draft_that_takes_too_long_is_told_on_the_page(self, published, monkeypatch):
        lead = person(published, "kvalitet")
        monkeypatch.setattr(views, "report_file", failing(WorkFailed("tid")))
        assert "Välj Excel eller CSV" in lead.get(f"{QUARTER}/export.pdf").text


def failing(error):
    def fail(*_arguments, **_named):
        raise error

    return fail
