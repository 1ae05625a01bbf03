"""Who may do what? The one table from which the program decides, shows and documents it.

A role is held for a unit and everything below it, from a day to a day. Source of the need-to-know principle:
10 § lagen (2001:454) om behandling av personuppgifter inom socialtjänsten.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The roles, by the names that commands and files use."""

    EMPLOYEE = "medarbetare"
    MANAGER = "chef"
    INVESTIGATOR = "utredare"
    LEX_SARAH_OFFICER = "ansvarig"
    CASE_OFFICER = "handlaggare"
    CONTROL_COORDINATOR = "internkontroll"
    QUALITY_LEAD = "kvalitet"
    SECRETARY = "sekreterare"
    COMMITTEE_MEMBER = "namnd"
    AUDITOR = "revisor"
    LOG_REVIEWER = "loggranskare"
    ADMINISTRATOR = "admin"


class Permission(StrEnum):
    """What can be allowed. Every view and every command that needs a role names one of these."""

    READ_DECISIONS = "decisions.read"
    IMPORT_DECISIONS = "decisions.import"
    IMPORT_IDENTITIES = "decisions.import_identities"
    CORRECT_DECISIONS = "decisions.correct"
    READ_IDENTITIES = "decisions.read_identities"
    READ_VOIDED = "decisions.read_voided"
    MANAGE_RECORD_ACCESS = "records.manage_access"
    FORGET_PERSONS = "records.forget"
    READ_QUARTER_DRAFT = "quarter.read_draft"
    PREPARE_QUARTER = "quarter.prepare"
    LOCK_REPORTS = "reports.lock"
    READ_LOCKED_REPORTS = "reports.read_locked"
    READ_CONTROL = "control.read"
    MANAGE_CONTROL = "control.manage"
    CARRY_OUT_CONTROL = "control.carry_out"
    DECIDE_PLAN = "control.decide"
    REPORT_CASES = "cases.report"
    IMPORT_CASES = "cases.import"
    MANAGE_CASE_ACCESS = "cases.manage_access"
    READ_DEVIATIONS = "deviations.read"
    HANDLE_DEVIATIONS = "deviations.handle"
    SEE_LEX_SARAH = "lex_sarah.see"
    INFORM_STAFF = "lex_sarah.inform"
    READ_LEX_SARAH = "lex_sarah.read"
    INVESTIGATE_LEX_SARAH = "lex_sarah.investigate"
    DECIDE_LEX_SARAH = "lex_sarah.decide"
    READ_REPORTERS = "cases.read_reporters"
    READ_COMPLAINTS = "complaints.read"
    HANDLE_COMPLAINTS = "complaints.handle"
    READ_GUARANTEES = "guarantees.read"
    HANDLE_GUARANTEES = "guarantees.handle"
    MANAGE_GUARANTEES = "guarantees.manage"
    READ_QUALITY = "quality.read"
    WRITE_QUALITY = "quality.write"
    LIST_REPORT_NUMBERS = "lex_sarah.list_numbers"
    READ_ACTIONS = "actions.read"
    MANAGE_ACTIONS = "actions.manage"
    CARRY_OUT_ACTIONS = "actions.carry_out"
    READ_ADMINISTRATION = "administration.read"
    MANAGE_USERS = "users.manage"
    MANAGE_UNITS = "units.manage"
    MANAGE_CODES = "codes.manage"
    MANAGE_INSTALLATION = "installation.manage"
    READ_LOG = "log.read"
    CHECK_LOG = "log.check"


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One row of the table: what the role is called and what it may."""

    label: str
    is_for: str
    may: frozenset[Permission]


_P = Permission
TABLE: dict[Role, RoleRow] = {
    Role.EMPLOYEE: RoleRow(
        "Medarbetare",
        "Anställd i förvaltningen: rapporterar, följer det egna och gör sina åtgärder",
        frozenset({_P.REPORT_CASES, _P.CARRY_OUT_ACTIONS}),
    ),
    Role.MANAGER: RoleRow(
        "Chef",
        "Enhetschef eller verksamhetschef: enhetens avvikelser och synpunkter, dess beslut utan identiteter",
        frozenset(
            {
                _P.READ_DECISIONS,
                _P.READ_QUARTER_DRAFT,
                _P.READ_CONTROL,
                _P.CARRY_OUT_CONTROL,
                _P.REPORT_CASES,
                _P.READ_DEVIATIONS,
                _P.HANDLE_DEVIATIONS,
                _P.SEE_LEX_SARAH,
                _P.INFORM_STAFF,
                _P.READ_REPORTERS,
                _P.READ_COMPLAINTS,
                _P.HANDLE_COMPLAINTS,
                _P.READ_GUARANTEES,
                _P.HANDLE_GUARANTEES,
                _P.READ_ACTIONS,
                _P.MANAGE_ACTIONS,
                _P.CARRY_OUT_ACTIONS,
            }
        ),
    ),
    Role.INVESTIGATOR: RoleRow(
        "Utredare",
        "Utreder de lex Sarah-rapporter som den har fått",
        frozenset({_P.REPORT_CASES, _P.INVESTIGATE_LEX_SARAH, _P.READ_REPORTERS, _P.CARRY_OUT_ACTIONS}),
    ),
    Role.LEX_SARAH_OFFICER: RoleRow(
        "Lex Sarah-ansvarig",
        "Fördelar, beslutar och anmäler till IVO",
        frozenset(
            {
                _P.REPORT_CASES,
                _P.IMPORT_CASES,
                _P.READ_DEVIATIONS,
                _P.SEE_LEX_SARAH,
                _P.INFORM_STAFF,
                _P.READ_LEX_SARAH,
                _P.INVESTIGATE_LEX_SARAH,
                _P.DECIDE_LEX_SARAH,
                _P.READ_REPORTERS,
                _P.READ_QUALITY,
                _P.LIST_REPORT_NUMBERS,
                _P.MANAGE_CASE_ACCESS,
                _P.READ_ACTIONS,
                _P.MANAGE_ACTIONS,
                _P.CARRY_OUT_ACTIONS,
            }
        ),
    ),
    Role.CASE_OFFICER: RoleRow(
        "Handläggare",
        "Håller registret över ej verkställda beslut, med identiteter",
        frozenset(
            {
                _P.READ_DECISIONS,
                _P.IMPORT_DECISIONS,
                _P.IMPORT_IDENTITIES,
                _P.CORRECT_DECISIONS,
                _P.READ_IDENTITIES,
                _P.MANAGE_RECORD_ACCESS,
                _P.READ_QUARTER_DRAFT,
                _P.PREPARE_QUARTER,
                _P.READ_GUARANTEES,
                _P.HANDLE_GUARANTEES,
                _P.REPORT_CASES,
                _P.CARRY_OUT_ACTIONS,
            }
        ),
    ),
    Role.CONTROL_COORDINATOR: RoleRow(
        "Internkontrollsamordnare",
        "Risker, plan, kontrollmoment, stickprov",
        frozenset(
            {
                _P.READ_CONTROL,
                _P.MANAGE_CONTROL,
                _P.CARRY_OUT_CONTROL,
                _P.REPORT_CASES,
                _P.READ_ACTIONS,
                _P.MANAGE_ACTIONS,
                _P.CARRY_OUT_ACTIONS,
            }
        ),
    ),
    Role.QUALITY_LEAD: RoleRow(
        "Kvalitetsledare",
        "Läser och arbetar i alla register utom identiteter",
        frozenset(
            {
                _P.READ_DECISIONS,
                _P.IMPORT_DECISIONS,
                _P.CORRECT_DECISIONS,
                _P.READ_VOIDED,
                _P.FORGET_PERSONS,
                _P.MANAGE_RECORD_ACCESS,
                _P.READ_QUARTER_DRAFT,
                _P.PREPARE_QUARTER,
                _P.LOCK_REPORTS,
                _P.READ_LOCKED_REPORTS,
                _P.READ_CONTROL,
                _P.MANAGE_CONTROL,
                _P.CARRY_OUT_CONTROL,
                _P.REPORT_CASES,
                _P.IMPORT_CASES,
                _P.MANAGE_CASE_ACCESS,
                _P.READ_DEVIATIONS,
                _P.HANDLE_DEVIATIONS,
                _P.SEE_LEX_SARAH,
                _P.INFORM_STAFF,
                _P.READ_LEX_SARAH,
                _P.READ_COMPLAINTS,
                _P.HANDLE_COMPLAINTS,
                _P.READ_GUARANTEES,
                _P.HANDLE_GUARANTEES,
                _P.MANAGE_GUARANTEES,
                _P.READ_QUALITY,
                _P.WRITE_QUALITY,
                _P.LIST_REPORT_NUMBERS,
                _P.READ_ACTIONS,
                _P.MANAGE_ACTIONS,
                _P.CARRY_OUT_ACTIONS,
            }
        ),
    ),
    Role.SECRETARY: RoleRow(
        "Nämndsekreterare",
        "Nämndens beslut och låsta rapporter",
        frozenset({_P.READ_LOCKED_REPORTS, _P.DECIDE_PLAN, _P.LIST_REPORT_NUMBERS}),
    ),
    Role.COMMITTEE_MEMBER: RoleRow("Förtroendevald", "Nämndens låsta rapporter", frozenset({_P.READ_LOCKED_REPORTS})),
    Role.AUDITOR: RoleRow(
        "Revisor",
        "Revisorernas låsta rapporter, internkontrollplan och uppföljning",
        frozenset({_P.READ_LOCKED_REPORTS, _P.READ_CONTROL}),
    ),
    Role.LOG_REVIEWER: RoleRow(
        "Loggranskare", "Granskar loggen, aldrig värden", frozenset({_P.READ_LOG, _P.CHECK_LOG})
    ),
    Role.ADMINISTRATOR: RoleRow(
        "Systemadministratör",
        "Användare, enheter och inställningar, inget innehåll i ärenden",
        frozenset(
            {
                _P.READ_ADMINISTRATION,
                _P.MANAGE_USERS,
                _P.MANAGE_UNITS,
                _P.MANAGE_CODES,
                _P.MANAGE_INSTALLATION,
            }
        ),
    ),
}


def allows(roles: Iterable[Role], permission: Permission) -> bool:
    """Whether any of the roles may do this."""
    return any(permission in TABLE[role].may for role in roles)


def roles_allowed(permission: Permission) -> frozenset[Role]:
    """The roles that may do this."""
    return frozenset(role for role, row in TABLE.items() if permission in row.may)
