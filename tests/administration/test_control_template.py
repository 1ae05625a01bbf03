"""The municipality's own Word template of the follow-up: tried on its own fields, kept with what was locked."""

import pytest

from tests.administration.test_templates import inside, send, shape, stored
from tests.control.making import make_control
from tests.decisions.running import run
from tests.factories import PASSWORD, make_user
from tests.printing.templates import texts, word
from tests.support.pages import PageClient
from tracker.reports.rendering.control import control_template
from tracker.reports.rendering.control_example import CONTROL_FIELDS, bare_control_paper, full_control_paper
from tracker.rules.permissions import Role

PAGE, EVA = "/admin/mallar", "eva@kommun.example"
OWN = word("Vårt år: {{ rubrik }}, {{ lage }}", "{%p for rad in moment %}", "{{ rad.moment }}", "{%p endfor %}")


@pytest.fixture
def administrator(app):
    make_control()
    visitor = PageClient(app)
    visitor.sign_in(make_user("adam@kommun.example", Role.ADMINISTRATOR).email, PASSWORD)
    return visitor


def follow_up(app, *options: object) -> list[str]:
    ran = run(app, "report", "control", 2021, "--format", "docx", *options)
    assert ran.code == 0, ran.err
    return texts(ran.raw)


def test_the_programs_template_is_given_and_can_be_taken_in_as_ones_own(administrator):
    page = administrator.get(PAGE)
    assert administrator.get(page.links["Hämta mallen för uppföljningen"]).data == control_template()
    page = send(administrator, control_template(), "internkontroll")
    assert "Mallen är provad och används nu för uppföljning av internkontroll." in page.text


def test_a_template_is_used_from_then_on_and_touches_no_other_report(app, administrator):
    send(administrator, OWN, "internkontroll")
    assert follow_up(app) == ["Vårt år: Uppföljning av internkontrollplan 2021, UTKAST", "Stickprov"]
    assert stored() == [("internkontroll", 1, True)]
    send(administrator, word("{{ mottagare }}"))
    assert follow_up(app)[0].startswith("Vårt år:")


def test_a_field_of_the_quarters_report_is_refused(administrator):
    page = send(administrator, word("{{ rubrik }}", "{{ mottagare }}"), "internkontroll", status=422)
    assert "mottagare" in page.text
    assert stored() == []


def test_what_is_locked_stays_in_the_template_of_then(app, administrator):
    make_user(EVA, "internkontroll")
    send(administrator, OWN, "internkontroll")
    before = follow_up(app, "--lock", "--by", EVA)
    assert before == ["Vårt år: Uppföljning av internkontrollplan 2021, Låst version 1", "Stickprov"]
    send(administrator, word("Annan mall"), "internkontroll")
    assert follow_up(app) == before
    make_user("bo@kommun.example", "chef", unit="Vuxen")
    assert follow_up(app, "--by", "bo@kommun.example") == before[:1]


def test_every_field_there_is_stands_in_the_pages_list():
    paper = full_control_paper()
    listed = {path: {name for name, _ in names} for _, path, names in CONTROL_FIELDS}
    nested = {name for name, value in paper.items() if shape(value) is not None}
    assert listed[""] == set(paper) - nested
    assert nested == set(listed) - {""}
    for path in nested:
        assert listed[path] == shape(inside(paper, path)), path


def test_the_example_holds_something_everywhere_and_the_bare_one_nothing():
    full, bare = full_control_paper(), bare_control_paper()
    assert all(full.values())
    assert set(bare) == set(full)
    assert (bare["risker"], bare["moment"], bare["delar"], bare["kommun"]) == ([], [], [], "")
