"""Who may do what, written by hand from the roles as they are promised."""

import pytest

from tracker.rules.permissions import TABLE, Permission, Role, allows, roles_allowed

BY_HAND = {
    "medarbetare": {"cases.report", "actions.carry_out"},
    "chef": {
        "decisions.read", "quarter.read_draft", "control.read", "control.carry_out", "cases.report",
        "cases.read_reporters", "deviations.read", "deviations.handle", "lex_sarah.see", "lex_sarah.inform",
        "complaints.read", "complaints.handle", "guarantees.read", "guarantees.handle",
        "actions.read", "actions.manage", "actions.carry_out",
    },
    "utredare": {"cases.report", "cases.read_reporters", "lex_sarah.investigate", "actions.carry_out"},
    "ansvarig": {
        "cases.report", "cases.import", "cases.manage_access", "cases.read_reporters", "deviations.read",
        "lex_sarah.see", "lex_sarah.inform", "lex_sarah.read", "lex_sarah.investigate", "lex_sarah.decide",
        "quality.read", "actions.read", "actions.manage", "actions.carry_out", "lex_sarah.list_numbers",
    },
    "handlaggare": {
        "decisions.read", "decisions.import", "decisions.import_identities", "decisions.correct",
        "decisions.read_identities", "records.manage_access", "quarter.read_draft", "quarter.prepare",
        "cases.report", "guarantees.read", "guarantees.handle", "actions.carry_out",
    },
    "internkontroll": {
        "control.read", "control.manage", "control.carry_out", "cases.report", "actions.read", "actions.manage",
        "actions.carry_out",
    },
    "kvalitet": {
        "decisions.read", "decisions.import", "decisions.correct", "decisions.read_voided", "records.manage_access",
        "records.forget",
        "quarter.read_draft", "quarter.prepare", "reports.lock", "reports.read_locked",
        "control.read", "control.manage", "control.carry_out",
        "cases.report", "cases.import", "cases.manage_access", "deviations.read", "deviations.handle",
        "lex_sarah.see", "lex_sarah.inform", "lex_sarah.read", "complaints.read", "complaints.handle",
        "quality.read", "actions.read", "actions.manage", "actions.carry_out", "quality.write",
        "lex_sarah.list_numbers", "guarantees.read", "guarantees.handle", "guarantees.manage",
    },
    "sekreterare": {"reports.read_locked", "control.decide", "lex_sarah.list_numbers"},
    "namnd": {"reports.read_locked"},
    "revisor": {"reports.read_locked", "control.read"},
    "loggranskare": {"log.read", "log.check"},
    "admin": {"administration.read", "users.manage", "units.manage", "codes.manage", "installation.manage"},
}  # fmt: skip


def test_the_roles_are_those_promised_and_no_others():
    assert {role.value for role in Role} == set(BY_HAND)
    assert set(TABLE) == set(Role)


def test_every_permission_is_in_the_table_by_hand():
    assert {permission.value for permission in Permission} == set().union(*BY_HAND.values())


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_a_role_may_exactly_what_the_table_by_hand_says(role, permission):
    promised = permission.value in BY_HAND[role.value]
    assert allows([role], permission) is promised
    assert (role in roles_allowed(permission)) is promised


@pytest.mark.parametrize("permission", Permission)
def test_nobody_without_a_role_may_anything(permission):
    assert not allows([], permission)


def test_two_roles_together_may_what_either_may():
    both = [Role.SECRETARY, Role.CASE_OFFICER]
    assert allows(both, Permission.READ_LOCKED_REPORTS)
    assert allows(both, Permission.IMPORT_IDENTITIES)
    assert not allows(both, Permission.MANAGE_USERS)


def test_only_those_who_keep_the_register_may_bring_in_identities():
    assert roles_allowed(Permission.IMPORT_IDENTITIES) == {Role.CASE_OFFICER}


def test_only_those_who_keep_the_register_may_see_identities():
    assert roles_allowed(Permission.READ_IDENTITIES) == {Role.CASE_OFFICER}


def test_the_log_is_read_by_its_reviewers_alone():
    assert roles_allowed(Permission.READ_LOG) == roles_allowed(Permission.CHECK_LOG) == {Role.LOG_REVIEWER}


def test_the_administrator_sees_no_content_of_cases():
    content = (
        "decisions.",
        "quarter.",
        "reports.",
        "cases.",
        "deviations.",
        "lex_sarah.",
        "complaints.",
        "quality.",
        "actions.",
    )
    assert not any(permission.value.startswith(content) for permission in TABLE[Role.ADMINISTRATOR].may)


def test_the_quality_lead_sees_no_reporter_and_decides_no_lex_sarah_case():
    for permission in (Permission.READ_REPORTERS, Permission.DECIDE_LEX_SARAH, Permission.INVESTIGATE_LEX_SARAH):
        assert Role.QUALITY_LEAD not in roles_allowed(permission)


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_swedish_name_and_says_whom_it_is_for(role):
    assert TABLE[role].label
    assert TABLE[role].is_for
