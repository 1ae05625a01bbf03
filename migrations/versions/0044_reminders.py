"""Reminders: how often, what was told, what is to be mailed, and the addresses of calendars."""

import sqlalchemy as sa
from alembic import op

revision = "0044_reminders"
down_revision = "0043_mas"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "reminder_run",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_reminder_run_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_run")),
    )
    op.create_table(
        "reminder_choice",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("often", sa.String(length=10), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_reminder_choice_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_reminder_choice")),
    )
    op.create_table(
        "calendar_address",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_calendar_address_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_calendar_address")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_address_token_hash")),
    )
    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("message_id", sa.String(length=60), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=True),
        sa.Column("claimed_until", MOMENT, nullable=True),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("last_error", sa.String(length=40), nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("refused_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(next_try_at IS NULL) = (sent_at IS NOT NULL OR refused_at IS NOT NULL)",
            name=op.f("ck_outbox_mail_ended"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_outbox_mail_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_mail_message_id")),
    )
    op.create_index(op.f("ix_outbox_mail_user_id_made_on"), "outbox_mail", ["user_id", "made_on"])
    op.create_index(op.f("ix_outbox_mail_next_try_at_id"), "outbox_mail", ["next_try_at", "id"])
    op.create_table(
        "reminder_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("path", sa.String(length=100), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("to_mail", sa.Boolean(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["mail_id"], ["outbox_mail.id"], name=op.f("fk_reminder_notice_mail_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_reminder_notice_record_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_reminder_notice_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_notice")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_reminder_notice_user_id_key")),
    )
    op.create_index(op.f("ix_reminder_notice_record_id"), "reminder_notice", ["record_id"])
    op.create_index(op.f("ix_reminder_notice_mail_id"), "reminder_notice", ["mail_id"])
    op.create_index(op.f("ix_reminder_notice_day_user_id"), "reminder_notice", ["day", "user_id"])
    op.create_index(op.f("ix_reminder_notice_to_mail_user_id"), "reminder_notice", ["to_mail", "user_id"])


def downgrade():
    for table in ("reminder_notice", "outbox_mail", "calendar_address", "reminder_choice", "reminder_run"):
        op.drop_table(table)
