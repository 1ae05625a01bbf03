"""Fixtures for the tests of actions."""

from datetime import date

import pytest

from tests.support.office import ImportOffice


@pytest.fixture
def office(app, tmp_path, frozen_day):
    """An office on 15 February 2022, with one record of each kind that an action can belong to."""
    frozen_day(date(2022, 2, 15))
    office = ImportOffice(app, tmp_path)
    office.imports("risks", "ar;ref;risk;sannolikhet;konsekvens\n2021;R1;Sen handläggning;3;4\n")
    office.imports("controls", "ar;ref;kontrollmoment\n2021;K1;Delegation\n")
    office.run_import("deviations", "ref;enhet;rapporterad\nA-1;Vuxen 2;2021-03-02\n")
    office.run_import("lex-sarah", "ref;enhet;mottagen\n1948;Vuxen 2;2021-03-02\n")
    office.run_import("complaints", "ref;enhet;mottagen\nS-1;Vuxen 3;2021-03-02\n")
    office.run_import("decisions", "ref;enhet;insats;beslutsdatum\nB-01;Vuxen 3;Kontaktperson;2021-03-02\n")
    return office
