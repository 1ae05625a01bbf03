"""Do the documents that are made from the code say what the code says?"""

from scripts import case_workflow_page
from scripts.permissions_page import PAGE, page


def test_the_permissions_page_is_the_table_in_the_code():
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_permissions_page_names_every_role_once():
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    assert len(rows) == 12
    assert sum("`handlaggare`" in row and "personnummer" in row for row in rows) == 1
    assert not any("personnummer" in row for row in rows if "`handlaggare`" not in row)


def test_the_page_of_what_may_be_done_with_a_case_is_the_table_in_the_code():
    assert case_workflow_page.PAGE.read_text(encoding="utf-8") == case_workflow_page.page()
