"""Are the addresses of a case's steps and headings Swedish, whole and without doubles?"""

import re

from tracker.cases.addresses import HEADING_SLUGS, STEP_SLUGS, heading_of, step_of
from tracker.cases.texts import INVESTIGATION, Section
from tracker.rules.case_workflow import CaseStep


def test_every_step_has_an_address_of_its_own():
    assert set(STEP_SLUGS) == set(CaseStep)
    assert len(set(STEP_SLUGS.values())) == len(STEP_SLUGS)


def test_every_heading_of_an_investigation_has_an_address_of_its_own():
    assert set(HEADING_SLUGS) == set(INVESTIGATION)
    assert len(set(HEADING_SLUGS.values())) == len(HEADING_SLUGS)


def test_addresses_are_lower_case_letters_and_hyphens_and_no_stored_name():
    stored = {one.value for one in (*CaseStep, *Section)}
    for slug in (*STEP_SLUGS.values(), *HEADING_SLUGS.values()):
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", slug), slug
        assert slug not in stored


def test_an_address_is_read_back_and_a_stored_name_is_none():
    assert (step_of("ge-till-utredare"), heading_of("orsaker")) == (CaseStep.ASSIGN, Section.CAUSES)
    assert (step_of("assign"), heading_of("causes"), heading_of("nagot")) == (None, None, None)
