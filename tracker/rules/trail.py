"""What can the trail say was done, by whom, and why was something read?

10 § lagen (2001:454) om behandling av personuppgifter inom socialtjänsten asks that access is documented and can be
checked: every change is an entry, every reading of a record with personal data and every file taken out is a read.
"""

from enum import StrEnum


class Action(StrEnum):
    """What an entry of the trail says was done."""

    RECORD_CREATED = "record.created"
    RECORD_CHANGED = "record.changed"
    RECORD_CORRECTED = "record.corrected"
    RECORD_VOIDED = "record.voided"
    RECORD_ACCESS_CHANGED = "record.access_changed"
    RECORD_FORGOTTEN = "record.forgotten"
    RECORDS_IMPORTED = "records.imported"
    FILE_READ_IN = "import.file_read_in"
    MAPPING_SAVED = "import.mapping_saved"
    SIGNED_IN = "sign_in.done"
    SIGN_IN_REFUSED = "sign_in.refused"
    SIGNED_OUT = "sign_in.ended"
    CONFIRMED = "sign_in.confirmed"
    ACCESS_REFUSED = "access.refused"
    USER_CREATED = "user.created"
    USER_CHANGED = "user.changed"
    USER_DEACTIVATED = "user.deactivated"
    PASSWORD_CHANGED = "user.password_changed"  # noqa: S105 - the name of an act
    CODE_MADE = "user.code_made"
    ROLE_ASKED_FOR = "role.asked_for"
    ROLE_REFUSED = "role.refused"
    ROLE_GIVEN = "role.given"
    ROLE_ENDED = "role.ended"
    UNIT_CREATED = "unit.created"
    UNIT_RENAMED = "unit.renamed"
    UNIT_MOVED = "unit.moved"
    UNIT_CLOSED = "unit.closed"
    UNIT_REOPENED = "unit.reopened"
    CODE_ADDED = "code.added"
    CODE_CHANGED = "code.changed"
    CODES_MERGED = "code.merged"
    INSTALLATION_CHANGED = "installation.changed"
    WINDOW_CHANGED = "window.changed"
    ROUND_ASKED = "round.asked"
    ROUND_ASKED_AGAIN = "round.asked_again"
    ROUND_CONFIRMED = "round.confirmed"
    ROUND_CLOSED = "round.closed"
    TEMPLATE_ADDED = "template.added"
    TEMPLATE_CHOSEN = "template.chosen"
    LOG_CHECK_PLANNED = "log_check.planned"
    LOG_CHECK_DRAWN = "log_check.drawn"
    LOG_CHECK_NOTED = "log_check.noted"
    LOG_CHECK_SIGNED = "log_check.signed"
    PLAN_BEGUN = "plan.begun"
    PLAN_STEPPED = "plan.stepped"
    PLAN_TEXTS_CHANGED = "plan.texts_changed"
    STORY_TEXTS_CHANGED = "story.texts_changed"
    PLAN_SCALE_CHANGED = "plan.scale_changed"
    SAMPLE_LOCKED = "sample.locked"
    SAMPLE_DRAWN = "sample.drawn"
    SAMPLE_NOTED = "sample.noted"
    SAMPLE_PROPOSED = "sample.proposed"
    SAMPLE_ACCEPTED = "sample.accepted"
    SAMPLE_RETURNED = "sample.returned"
    FILE_ADDED = "file.added"
    FILE_REMOVED = "file.removed"
    RECORDS_REPORTED = "records.reported"
    DUTY_INFORMED = "duty.informed"
    REPORT_READY = "report.ready"
    REPORT_NOT_READY = "report.not_ready"
    REPORT_LOCKED = "report.locked"
    SECRECY_REVIEWED = "report.reviewed"
    IVO_REPORT_CHANGED = "ivo.report_changed"
    IVO_REPORT_SENT = "ivo.report_sent"
    IVO_REPORT_NOT_SENT = "ivo.report_not_sent"
    IVO_MATTER_NOTED = "ivo.matter_noted"
    GUARANTEE_CHANGED = "guarantee.changed"
    REMINDERS_MADE = "reminders.made"
    REMINDERS_CHOSEN = "reminders.chosen"
    CALENDAR_OPENED = "calendar.opened"
    CALENDAR_CLOSED = "calendar.closed"
    VIEW_SAVED = "view.saved"
    VIEW_CHANGED = "view.changed"
    VIEW_REMOVED = "view.removed"
    READS_SEALED = "reads.sealed"
    KEYS_ROTATED = "keys.rotated"
    BACKUP_CREATED = "backup.created"
    BACKUP_RESTORED = "backup.restored"


# After these, everything that registers hold and hang on stands as it did before.
BESIDE_THE_REGISTERS = frozenset(
    {
        Action.SIGNED_IN,
        Action.SIGN_IN_REFUSED,
        Action.SIGNED_OUT,
        Action.CONFIRMED,
        Action.ACCESS_REFUSED,
        Action.PASSWORD_CHANGED,
        Action.CODE_MADE,
        Action.WINDOW_CHANGED,
        Action.ROUND_ASKED,
        Action.ROUND_ASKED_AGAIN,
        Action.ROUND_CONFIRMED,
        Action.ROUND_CLOSED,
        Action.TEMPLATE_ADDED,
        Action.TEMPLATE_CHOSEN,
        Action.LOG_CHECK_PLANNED,
        Action.LOG_CHECK_DRAWN,
        Action.LOG_CHECK_NOTED,
        Action.LOG_CHECK_SIGNED,
        Action.IVO_REPORT_CHANGED,
        Action.IVO_REPORT_SENT,
        Action.IVO_REPORT_NOT_SENT,
        Action.IVO_MATTER_NOTED,
        Action.REMINDERS_MADE,
        Action.REMINDERS_CHOSEN,
        Action.CALENDAR_OPENED,
        Action.CALENDAR_CLOSED,
        Action.VIEW_SAVED,
        Action.VIEW_CHANGED,
        Action.VIEW_REMOVED,
        Action.READS_SEALED,
        Action.DUTY_INFORMED,
        Action.FILE_READ_IN,
        Action.MAPPING_SAVED,
        Action.BACKUP_CREATED,
    }
)


class ActorKind(StrEnum):
    """Who did it: a person, the command line, a visitor who has not signed in, the program itself; of a reporting
    event, the reporter (kept sealed, shown by the reporter's rule) or nobody at all.
    """

    USER = "user"
    COMMAND = "command"
    VISITOR = "visitor"
    PROGRAM = "program"
    REPORTER = "reporter"
    ANONYMOUS = "anonymous"


class TargetKind(StrEnum):
    """What an entry is about when it is no record."""

    USER = "user"
    UNIT = "unit"
    ROLE = "role"
    CODE = "code"
    INSTALLATION = "installation"
    LOG_CHECK = "log_check"
    REPORT = "report"
    REPORT_CLOSING = "closing"
    REVIEW = "review"
    WINDOW = "window"
    ROUND = "round"
    IMPORT_MAPPING = "mapping"
    TEMPLATE = "template"
    PLAN = "plan"
    STORY = "story"
    GUARANTEE = "guarantee"
    SAVED_VIEW = "saved_view"


class ReadKind(StrEnum):
    """How something was read."""

    RECORD = "record"
    IDENTITY = "identity"
    EXPORT = "export"
    REPORT = "report"
    LOG = "log"


class Purpose(StrEnum):
    """What a file was taken out for."""

    OWN_WORK = "eget-arbete"
    FOLLOW_UP = "uppfoljning"
    SUPERVISION = "tillsyn"
    COMMITTEE = "namnd"
    AUDIT = "revision"
    COUNCIL = "fullmaktige"
    DISCLOSURE = "utlamnande"
    NOT_GIVEN = "ej-angivet"
