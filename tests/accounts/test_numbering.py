"""The tree is numbered anew when units are made: nobody reaches another unit by an interval read before."""

from dataclasses import replace

from tests.factories import LONG_AGO, PASSWORD, make_decisions, make_unit, make_user
from tests.support.pages import PageClient
from tracker import clock
from tracker.accounts.models import UnitTree
from tracker.accounts.queries import find_unit
from tracker.accounts.reader import Reach
from tracker.accounts.services import give_role
from tracker.database import db, writer
from tracker.kept import Kept
from tracker.rules.permissions import Role


def test_a_reader_sees_the_own_unit_after_others_have_been_made(app, monkeypatch):
    make_unit("Funktionsstöd")
    make_unit("Vuxen")
    make_user("chef@kommun.example", Role.MANAGER, unit="Funktionsstöd")
    make_decisions([{"ref": "F-1", "enhet": "Funktionsstöd"}, {"ref": "V-1", "enhet": "Vuxen"}])
    visitor = PageClient(app)
    visitor.sign_in("chef@kommun.example", PASSWORD)
    assert visitor.get("/beslut").table().column("Beslut") == ["F-1"]
    # As in another process: what this one remembers is not dropped when the tree is numbered anew.
    monkeypatch.setattr("tracker.accounts.services.forget_everything", lambda: None)
    make_decisions([{"ref": f"A-{n}", "enhet": f"Aa enhet {n}"} for n in range(3)])
    assert visitor.get("/beslut").table().column("Beslut") == ["F-1"]
    assert visitor.get("/beslut/export.csv").response.text.count("F-1") == 1
    assert "A-" not in visitor.get("/beslut/export.csv").response.text


def test_every_numbering_raises_the_trees_version(app):
    before = db.session.get_one(UnitTree, 1).version
    make_unit("Barn")
    make_unit("Vuxen")
    db.session.expire_all()
    assert db.session.get_one(UnitTree, 1).version > before + 1


def test_an_interval_of_another_tree_is_another_key(app):
    kept: Kept[str] = Kept(60, 10)
    reach = Reach(intervals=((2, 2),), only_unit_id=5, tree=1)
    assert kept.get((reach, reach.tree), lambda: "before") == "before"
    later = replace(reach, tree=2)
    assert kept.get((later, later.tree), lambda: "after") == "after"


def test_an_administrator_of_one_unit_sees_and_gives_nothing_beyond_it(app):
    make_unit("Barn")
    make_user("ada@kommun.example", Role.ADMINISTRATOR, unit="Barn")
    own = make_user("bo@kommun.example", Role.MANAGER, unit="Barn")
    top = make_user("eva@kommun.example", Role.CASE_OFFICER)
    visitor = PageClient(app)
    visitor.sign_in("ada@kommun.example", PASSWORD)
    page = visitor.get("/admin")
    assert "bo@kommun.example" in page.text
    assert "eva@kommun.example" not in page.text
    visitor.get(f"/admin/anvandare/{own.id}")
    assert visitor.get(f"/admin/anvandare/{top.id}", status=404).heading == "Sidan finns inte"
    visitor.get("/admin/anvandare/ny")
    visitor.post(f"/admin/anvandare/{top.id}/ny-kod", status=404)
    form = visitor.get("/admin/anvandare/ny")
    assert "Barn" in form.text
    assert "Socialförvaltningen" not in form.response.text.partition("<main")[2]


def test_the_identity_right_stays_with_its_unit_when_the_file_makes_another(app, tmp_path):
    reader = make_user("kim@kommun.example", Role.QUALITY_LEAD)
    make_unit("M enhet")
    make_unit("N enhet")
    with writer():
        give_role(reader, Role.CASE_OFFICER, find_unit("N enhet"), clock.now(), LONG_AGO)
        db.session.commit()
    file = tmp_path / "f.csv"
    file.write_text(
        "ref;insats;beslutsdatum;enhet;person\n"
        "R-1;Boendestöd;2021-01-07;M enhet;19800101-T123\n"
        "R-2;Boendestöd;2021-01-07;A ny enhet;\n"
    )
    db.session.remove()
    result = app.test_cli_runner().invoke(args=["import", "decisions", str(file), "--by", "kim@kommun.example"])
    assert result.exit_code == 1
    assert "rad 2, kolumn person" in result.output
